import Manifest
import QMP

/// What a lock file is to hold from now on, and no longer.
struct LockView {
  private let update: LockUpdate

  init(_ update: LockUpdate) { self.update = update }

  /// Empty when it stays as it is.
  func text(_ paint: Paint) -> String {
    let moves = update.moves
    guard !moves.isEmpty else { return "" }
    let names = [LockFile.Key: [LockFile.Move]](grouping: moves, by: \.key).sorted { $0.key < $1.key }
    let lines = names.flatMap { key, moves in
      whole(key, paint).map { [$0] } ?? moves.map { line($0, paint) }
    }
    return "\(update.name.printable):\n" + lines.map { "  \($0)\n" }.joined()
  }

  /// Packages that come or go together; nil for what moves on its own.
  private func whole(_ key: LockFile.Key, _ paint: Paint) -> String? {
    let (before, after) = (update.before?[packages: key], update.after[packages: key])
    let name = "\(key.section.rawValue): \(key.name.printable)"
    return switch (before, after) {
    case (nil, let after?): "\(paint("+", .good)) \(name) = \(counted(after.count, "package"))"
    case (let before?, nil): "\(paint("-", .bad)) \(name) = \(counted(before.count, "package"))"
    default: nil
    }
  }

  private func line(_ move: LockFile.Move, _ paint: Paint) -> String {
    if let package = move.package { return line(package, of: move, paint) }
    let name = "\(move.key.section.rawValue): \(move.key.name.printable)"
    return switch (move.before, move.after) {
    case (let before?, let after?): "\(paint("~", .careful)) \(name) = \(before.printable) -> \(after.printable)"
    case (let before?, nil): "\(paint("-", .bad)) \(name) = \(before.printable)"
    case (nil, let after): "\(paint("+", .good)) \(name) = \((after ?? "").printable)"
    }
  }

  /// Versions say it; of digests only where nothing else differs.
  private func line(_ package: String, of move: LockFile.Move, _ paint: Paint) -> String {
    func version(_ locked: String?) -> String { (locked?.split(separator: " ").first).map(String.init) ?? "" }
    let name = "\(move.key.section.rawValue): \(move.key.name.printable): \(package.printable)"
    let (before, after) = (version(move.before), version(move.after))
    return switch (move.before, move.after) {
    case (nil, _): "\(paint("+", .good)) \(name) = \(after.printable)"
    case (_, nil): "\(paint("-", .bad)) \(name) = \(before.printable)"
    case (let old?, let new?) where before == after:
      "\(paint("~", .careful)) \(name) = \(old.printable) -> \(new.printable)"
    default: "\(paint("~", .careful)) \(name) = \(before.printable) -> \(after.printable)"
    }
  }

  /// For programs: one object for each name that moves.
  var values: [[String: JSON]] {
    update.moves.map { move in
      var value: [String: JSON] = [
        "file": .string(update.path), "section": .string(move.key.section.rawValue),
        "name": .string(move.key.name), "before": move.before.map(JSON.string) ?? .null,
        "after": move.after.map(JSON.string) ?? .null,
      ]
      if let package = move.package { value["package"] = .string(package) }
      return value
    }
  }
}
