/// What the key `release` means with Alpine: a branch of the mirror, and of it a certain version or the latest.
struct AlpineBranch: Equatable {
  /// The folder's name on the mirror: "v3.20", "edge".
  var name: String
  /// "3.20.3"; nil: the latest of the branch.
  var version: String?

  /// - Parameter release: "3.20", "v3.20", "3.20.3", or a branch by its name.
  init(_ release: String) {
    let number = release.hasPrefix("v") ? release.dropFirst() : release[...]
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    let isNumber = parts.count >= 2 && parts.prefix(2).allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
    guard isNumber else {
      name = release
      return
    }
    name = "v\(parts[0]).\(parts[1])"
    version = parts.count > 2 ? String(number) : nil
  }
}
