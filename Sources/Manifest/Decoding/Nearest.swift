/// Finds what somebody meant who wrote something else.
package enum Nearest {
  /// The candidate with the fewest changed, missing, added or swapped letters, compared without case and without `-` and `_`;
  /// nil when none is near. The first of equals; of very many candidates only the first are tried.
  package static func name(to text: String, among candidates: some Sequence<String>) -> String? {
    guard text.utf8.count <= 64 else { return nil }
    let wanted = plain(text)
    var best: (name: String, distance: Int)?
    for candidate in candidates.prefix(10_000) where candidate.utf8.count <= 64 {
      let other = plain(candidate)
      let longer = max(wanted.count, other.count)
      let limit = longer < 3 ? 0 : longer < 6 ? 1 : longer / 3
      guard abs(wanted.count - other.count) <= limit else { continue }
      let found = distance(wanted, other)
      if found <= limit, found < best?.distance ?? .max { best = (candidate, found) }
    }
    return best?.name
  }

  private static func plain(_ text: String) -> [UInt8] {
    text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
  }

  /// The number of letters to change, add, drop or swap with a neighbour (optimal string alignment).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var twoBack: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, twoBack[j - 1] + 1) }
        row.append(best)
      }
      twoBack = last
      last = row
    }
    return last[b.count]
  }
}
