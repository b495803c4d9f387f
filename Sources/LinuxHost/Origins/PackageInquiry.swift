import Host

/// Questions about packages, in a folder of their own. No privilege is needed.
protocol PackageInquiry: ~Copyable {
  /// `answer` tells of it by the index.
  func place(_ wish: PackageWish, _ index: Int) throws(HostError)
  /// `found` tells which of them there are.
  func placeSought(_ packages: [LockedPackage]) throws(HostError)
  /// - Parameter isStrict: throws where the mirror does not answer, instead of going by what it said last.
  func ask(strictly isStrict: Bool) async throws(HostError)
  /// Throws what was said of a wish that cannot be fulfilled.
  func answer(_ index: Int) throws(HostError) -> PackageAnswer
  func found() throws(HostError) -> Set<LockedPackage>
}

extension LockedPackage {
  /// As scripts read it: name, version and identity.
  var line: String { "\(name) \(version) \(identity.text)" }

  /// nil for another line than that.
  init?(line: String, _ identity: (String) -> Identity) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    self.init(name: words[0], version: words[1], identity: identity(words[2]))
  }
}
