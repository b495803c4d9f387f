import Diagnostics

extension VirtualMachineSpec {
  /// The words of `qemu_args`, as QEMU gets them.
  package var qemuWords: [String] { qemuArguments.flatMap { $0.value.shellWords ?? [] } }
}

extension Form where Value == String {
  /// Words as a shell would split them.
  static let qemuArguments = Form.read("options of QEMU in one line", like: "\"-cdrom installer.iso\"") { text in
    guard let words = text.shellWords, !words.isEmpty, !text.utf8.contains(where: { $0 < 0x20 }) else { return nil }
    return text
  }
}

extension String {
  /// The words between white space; quotes and backslashes as in a shell, nothing else expanded. nil where a quote is not
  /// closed or a backslash ends the text.
  var shellWords: [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in self {
      if isEscaped {
        if quote == "\"", character != "\"", character != "\\" { word = (word ?? "") + "\\" }
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character.isWhitespace {
        if let finished = word { words.append(finished) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else { return nil }
    if let word { words.append(word) }
    return words
  }
}
