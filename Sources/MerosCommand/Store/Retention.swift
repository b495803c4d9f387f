package import Host
package import Network

/// What of the store is kept: what somebody needs, what that was made of, and what a person asks for besides.
package struct Retention: Sendable {
  /// In the order of their addresses.
  package let items: [StoreItem]
  /// The addresses that go.
  package let removed: [StoreAddress]
  /// Who needs an entry, by its address, over everything that stands on it.
  package let users: [StoreAddress: Set<StoreItem.User>]

  /// What is kept although nobody needs it.
  package enum Keep: Hashable, Sendable {
    /// The newest of each kind, so many.
    case newest(Int)
    /// What is not older.
    case age(Duration)
  }

  /// - Parameter now: in seconds since 1970.
  package init(_ items: [StoreItem], keep: Keep? = nil, now: Int64) {
    let items = items.sorted { $0.address < $1.address }
    let known = [StoreAddress: StoreItem](items.map { ($0.address, $0) }) { first, _ in first }
    var users: [StoreAddress: Set<StoreItem.User>] = [:]
    var kept: Set<StoreAddress> = []
    func hold(_ address: StoreAddress, for more: Set<StoreItem.User>) {
      guard let item = known[address] else { return }
      let isNew = kept.insert(address).inserted
      guard isNew || !more.isSubset(of: users[address, default: []]) else { return }
      users[address, default: []].formUnion(more)
      for below in item.entry.standsOn { hold(below, for: more) }
      // Machines of an image boot the kernel that comes from the same packages.
      guard item.entry.kind == .image else { return }
      for kernel in items where kernel.entry.isKernel(of: item.entry) { hold(kernel.address, for: more) }
    }
    for item in items where !item.users.isEmpty { hold(item.address, for: item.users) }
    let unused = items.filter { !kept.contains($0.address) }
    switch keep {
    case .newest(let count):
      for kind in StoreKind.allCases {
        let newest = unused.filter { $0.entry.kind == kind }.sorted { $0.builtAt > $1.builtAt }.prefix(count)
        for item in newest { hold(item.address, for: []) }
      }
    case .age(let age):
      for item in unused where now - item.builtAt <= age.components.seconds { hold(item.address, for: []) }
    case nil: break
    }
    self.items = items
    self.users = users
    removed = items.map(\.address).filter { !kept.contains($0) }
  }

  /// What is freed.
  package var freed: ByteCount {
    let gone = Set(removed)
    return ByteCount(bytes: items.filter { gone.contains($0.address) }.reduce(0) { $0 + $1.size.bytes })
  }
}

extension StoreEntry {
  /// It is the packaged kernel of the distribution that the image was made from.
  fileprivate func isKernel(of image: StoreEntry) -> Bool {
    guard kind == .kernel, inputs["distribution"] != nil else { return false }
    return inputs.allSatisfy { name, value in name == "builder" || image.inputs[name] == value }
  }
}
