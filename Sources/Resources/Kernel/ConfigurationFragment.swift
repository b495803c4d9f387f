import Diagnostics
import Host

/// Reads a fragment of a kernel's configuration, as `.config` files are written; blanks around a line do not count.
enum ConfigurationFragment {
  /// The lines that set something; others are reported.
  /// - Parameters:
  ///   - file: how a person in the current folder would name it.
  ///   - place: how the manifest names it.
  static func lines(
    _ bytes: [UInt8], file: String, place: String, _ faults: inout Diagnostics
  ) -> [KernelConfiguration.Line] {
    let text = SourceText(name: file, bytes: bytes)
    var lines: [KernelConfiguration.Line] = []
    var number = 1
    while let line = text.line(number) {
      switch read(line) {
      case .nothing: break
      case .setting(let symbol, "m"):
        faults.error(
          "\(symbol)=m asks for a module, and kernels of meros have none", at: location(of: line, number, in: text),
          remedy: "build it in: \(symbol)=y")
      case .setting(let symbol, let value):
        lines.append(KernelConfiguration.Line(symbol: symbol, value: value, place: "\(place):\(number)"))
      case .fault:
        faults.error(
          "this is no line of a kernel's configuration", at: location(of: line, number, in: text),
          remedy: "write CONFIG_NAME=y, CONFIG_NAME=n, or # CONFIG_NAME is not set")
      }
      number += 1
    }
    return lines
  }

  private enum Reading {
    case nothing, fault
    case setting(String, String)
  }

  private static func read(_ line: String) -> Reading {
    let words = line.split(omittingEmptySubsequences: true, whereSeparator: isBlank)
    guard let first = words.first, let last = words.last else { return .nothing }
    let line = line[first.startIndex..<last.endIndex]
    if line.hasPrefix("#") {
      guard words.count == 5, words[0] == "#", words[2...].elementsEqual(["is", "not", "set"]), isSymbol(words[1])
      else {
        return .nothing
      }
      return .setting(String(words[1]), "n")
    }
    guard let equals = line.firstIndex(of: "="), isSymbol(line[..<equals]) else { return .fault }
    let value = line[line.index(after: equals)...]
    let isText = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
    guard isText || !value.isEmpty && !value.contains(where: { isBlank($0) || $0 == "\"" }) else {
      return .fault
    }
    return .setting(String(line[..<equals]), String(value))
  }

  private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

  private static func isSymbol(_ text: some StringProtocol) -> Bool {
    text.hasPrefix("CONFIG_") && text.utf8.count > 7
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  private static func location(of line: String, _ number: Int, in text: SourceText) -> SourceLocation {
    SourceLocation(in: text, line: number, column: 1, width: line.unicodeScalars.count)
  }
}
