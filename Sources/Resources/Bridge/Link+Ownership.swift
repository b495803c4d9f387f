import Host
import Network
import Reconcile

extension Link {
  /// It carries the scope's group, and no mark of another. A link without a mark is one whose making was interrupted,
  /// or whose alias somebody changed.
  func belongs(to scope: Scope) -> Bool {
    guard group == scope.linkGroup else { return false }
    switch kind {
    case .bridge, .tap: break
    // A tap that lives only as long as somebody holds it: one that a machine got back and that was not finished.
    case .other("tun"): break
    case .other: return false
    }
    return mark.map { $0.scope == scope } ?? true
  }

  /// The name that its mark gives it; without one what its own name suggests.
  func resourceName(_ kind: String, in scope: Scope) -> String {
    if let mark, mark.scope == scope, let address = ResourceAddress(mark.address), address.kind == kind {
      return address.name
    }
    let prefix = "\(scope.constellation)-"
    return name.text.hasPrefix(prefix) ? String(name.text.dropFirst(prefix.count)) : name.text
  }

  /// As a person would name it: "bridge docker0", "link eth0".
  var title: String {
    switch kind {
    case .bridge: "bridge \(name)"
    case .tap: "tap \(name)"
    case .other: "link \(name)"
    }
  }

  private var mark: Mark? { alias.flatMap { Mark($0) } }
}

extension [Link] {
  /// By the name of the resource, in the order of the kernel's indices. Where two have one name the second goes by that
  /// of its link.
  func named(_ kind: String, in scope: Scope) -> [String: Link] {
    var result: [String: Link] = [:]
    for link in sorted(by: { $0.index < $1.index }) {
      let name = link.resourceName(kind, in: scope)
      result[result[name] == nil ? name : link.name.text] = link
    }
    return result
  }

  /// The names that links of others hold.
  func foreignNames(_ scope: Scope) -> [ForeignClaim] {
    filter { !$0.belongs(to: scope) }.flatMap { link in
      ([link.name] + link.alternativeNames.compactMap(LinkName.init)).map {
        ForeignClaim(.link($0), holder: link.title)
      }
    }
  }
}
