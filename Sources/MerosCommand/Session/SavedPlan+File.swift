import LinuxHost
import SystemPackage

extension SavedPlan {
  /// The plan in the file that is the only argument; nil when the arguments name constellations.
  static func named(by arguments: [String]) throws(CommandFailure) -> SavedPlan? {
    guard let name = arguments.first, arguments.count == 1, FileKind(FilePath(name)) == .file else { return nil }
    let bytes: [UInt8]
    do { bytes = try FilePath(name).contents() } catch { throw .host(error) }
    // A manifest is YAML, and nobody writes that as one JSON object which calls itself a saved plan.
    guard bytes.first(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) == UInt8(ascii: "{") else { return nil }
    do {
      return try SavedPlan(parsing: bytes)
    } catch .notSavedPlan {
      return nil
    } catch {
      throw .unreadablePlan(file: name, error)
    }
  }
}
