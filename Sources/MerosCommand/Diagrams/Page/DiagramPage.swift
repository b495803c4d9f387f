/// A diagram as one page of HTML: it asks nobody for anything, and lays itself out, since only a reader knows what is to
/// be open and what is to be folded.
struct DiagramPage {
  private let diagram: Diagram

  init(_ diagram: Diagram) { self.diagram = diagram }

  var text: String {
    let subject = diagram.subject == .network ? "network" : "resources"
    let title = Self.escaped("\(diagram.constellation): \(subject)")
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" \
      content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
      <title>\(title)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(title)</h1>
      <label class="search"><input id="search" type="search" placeholder="Search: name, address, kind" \
      aria-label="Search" autocomplete="off" spellcheck="false"><output id="found"></output></label>
      <nav id="options"></nav>
      <nav>
      <button id="out" title="smaller (-)">−</button>
      <button id="in" title="larger (+)">+</button>
      <button id="fit" title="all of it (0)">fit</button>
      <button id="theme" title="light or dark">◐</button>
      </nav>
      </header>
      <main>
      <svg id="picture" role="img" aria-label="\(title)"><g id="world"></g></svg>
      <aside id="panel" hidden></aside>
      <footer id="legend"></footer>
      </main>
      <noscript>This page draws itself with JavaScript, which is off. meros graph --format svg draws without.</noscript>
      <script type="application/json" id="diagram">\(Self.data(diagram))</script>
      <script>
      "use strict";
      \(Self.modelScript)
      \(Self.layoutScript)
      \(Self.drawingScript)
      \(Self.readingScript)
      </script>
      </body>
      </html>

      """
  }

  /// Nothing in it ends the element that it stands in, whatever things are called.
  private static func data(_ diagram: Diagram) -> String {
    var text = ""
    for scalar in "\(DiagramJSON(diagram).value)".unicodeScalars {
      switch scalar {
      case "<": text += "\\u003c"
      case ">": text += "\\u003e"
      case "&": text += "\\u0026"
      case "\u{2028}": text += "\\u2028"
      case "\u{2029}": text += "\\u2029"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar.printable)
      }
    }
    return escaped
  }
}
