import Host
import SystemPackage

/// A folder of its own for questions and answers, which goes away with it.
struct InquiryFolder: ~Copyable {
  let path: FilePath

  static func make() throws(HostError) -> InquiryFolder {
    let folder = InquiryFolder()
    try folder.path.makeFolders(mode: 0o755)
    return folder
  }

  private init() {
    path = FilePath("/tmp/meros-inquiry-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
  }

  // The system clears away what stays.
  deinit { try? path.removeTree() }

  func has(_ name: String) -> Bool { path.appending(name).exists }

  func write(_ text: String, _ name: String) throws(HostError) {
    try path.appending(name).replaceContents(Array(text.utf8))
  }

  func write(lines: [String], _ name: String) throws(HostError) {
    try write(lines.map { "\($0)\n" }.joined(), name)
  }

  /// Empty where there is no such file.
  func text(_ name: String) throws(HostError) -> String {
    String(decoding: try path.appending(name).contentsIfPresent(limit: 64 << 20) ?? [], as: UTF8.self)
  }

  func lines(_ name: String) throws(HostError) -> [String] {
    try text(name).split(separator: "\n").map(String.init)
  }
}
