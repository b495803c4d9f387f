import QMP

/// Lines of logs, each with whose it is where there are several.
struct LogView {
  /// The longest of the names; nil: there is but one, which need not be told.
  private let width: Int?
  private let isJSON: Bool

  init(names: [String], isJSON: Bool) {
    width = Set(names).count > 1 ? names.map(\.count).max() : nil
    self.isJSON = isJSON
  }

  func text(_ line: String, of name: String, by speaker: LogSource.Speaker) -> String {
    if isJSON {
      let value: JSON = ["name": .string(name), "source": .string(speaker.rawValue), "line": .string(line)]
      return "\(value)\n"
    }
    let prefix = width.map { "\(name)\(String(repeating: " ", count: max(0, $0 - name.count))) | " } ?? ""
    return "\(prefix)\(speaker == .qemu ? "qemu: " : "")\(line)\n"
  }
}
