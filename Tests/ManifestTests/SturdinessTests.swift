import Diagnostics
import Manifest
import Testing

/// Whatever the bytes are, they are read or refused.
@Suite struct SturdinessTests {
  /// Reads the bytes; true when they are a manifest. Every error has a place in the text.
  private func isManifest(_ bytes: [UInt8]) -> Bool {
    do throws(Diagnostics) {
      let manifest = try Manifest.load(bytes, file: "f.yml", directoryName: "lab").manifest
      _ = manifest.notYetBuilt()
      return true
    } catch {
      #expect(error.hasErrors)
      for diagnostic in error.all {
        #expect(diagnostic.location.map { $0.line > 0 && $0.column > 0 } ?? false, "\(diagnostic)")
        _ = diagnostic.location?.lineText
      }
      return false
    }
  }

  @Test func everyBeginningOfAManifestIsReadOrRefused() {
    let bytes = Array(everyKey.utf8)
    let read = (0...bytes.count).count { isManifest(Array(bytes.prefix($0))) }
    #expect(read > 10)
    #expect(read < bytes.count)
  }

  @Test(arguments: 0..<8)
  func mutationsOfAManifestAreReadOrRefused(seed: UInt64) {
    var random = SplitMix(state: seed)
    let bytes = Array(everyKey.utf8)
    let pieces = [
      "*a", "&a ", "<<: ", "[", "]", "{", "}", ": ", "- ", "\n", "\t", "'", "\"", "|", ">", "!", "!!str ", "%", "? ",
      "#",
      "---\n", "\0", "\u{85}", "\u{feff}", "999999999999999999999", "-1", "~", "0x10", "1e9", "é", "\r\n",
    ].map { Array($0.utf8) }
    for _ in 0..<250 {
      var mutated = bytes
      for _ in 0...Int.random(in: 0..<6, using: &random) {
        let place = Int.random(in: 0..<mutated.count, using: &random)
        let length = min(Int.random(in: 0..<12, using: &random), mutated.count - place)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: mutated[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: mutated.removeSubrange(place..<place + length)
        case 2: mutated.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
        default:
          let other = Int.random(in: 0..<mutated.count - length, using: &random)
          mutated.replaceSubrange(place..<place + length, with: mutated[other..<other + length])
        }
      }
      _ = isManifest(mutated)
    }
  }

  @Test func aThousandMachinesAreRead() throws {
    let manifest = try read(manyMachines(1000))
    #expect(manifest.bridges.count == 10)
    #expect(manifest.virtualMachines.count == 1000)
    #expect(Set(manifest.virtualMachines.flatMap { $0.networks.flatMap(\.addresses) }).count == 1000)
  }

  /// Ten bridges, and ten lines for each machine.
  private func manyMachines(_ count: Int) -> String {
    let bridges = (0..<10).map { "  lan\($0): {subnet: 10.\($0).0.1/16}\n" }.joined()
    let machines = (0..<count).map { number in
      """
        vm\(number):
          release: bookworm
          packages: [nginx, curl]
          memory: 256M
          cpus: 2
          networks:
            - label: tap\(number)
              bridge: lan\(number % 10)
              ip_addr: 10.\(number % 10).\(1 + number / 2000).\(2 + number / 10 % 200)
              mac: 52:54:00:00:\(hex(number / 256)):\(hex(number % 256))

      """
    }
    return "bridges:\n\(bridges)virtual_machines:\n\(machines.joined())"
  }

  private func hex(_ number: Int) -> String { String(number + 0x100, radix: 16).suffix(2).description }
}

/// A generator of numbers that begins where it is told to (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators").
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
