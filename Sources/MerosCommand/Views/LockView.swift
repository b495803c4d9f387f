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
    return "\(update.name.printable):\n" + moves.map { "  \(line($0, paint))\n" }.joined()
  }

  private func line(_ move: LockFile.Move, _ paint: Paint) -> String {
    let name = "\(move.key.section.rawValue): \(move.key.name.printable)"
    return switch (move.before, move.after) {
    case (let before?, let after?): "\(paint("~", .careful)) \(name) = \(before.printable) -> \(after.printable)"
    case (let before?, nil): "\(paint("-", .bad)) \(name) = \(before.printable)"
    case (nil, let after): "\(paint("+", .good)) \(name) = \((after ?? "").printable)"
    }
  }

  /// For programs: one object for each name that moves.
  var values: [[String: JSON]] {
    update.moves.map { move in
      [
        "file": .string(update.path), "section": .string(move.key.section.rawValue),
        "name": .string(move.key.name), "before": move.before.map(JSON.string) ?? .null,
        "after": move.after.map(JSON.string) ?? .null,
      ]
    }
  }
}
