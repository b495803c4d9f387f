import HostTesting
import Testing

/// What a network namespace has, as the system's own tools print it, part by part.
struct Snapshot: Equatable {
  private let parts: [String: String]

  private static let commands = [
    // Whether a link has a carrier, and so whether a port forwards, shows late, and a bridge's timers run.
    "links": "ip -o -d link"
      + " | sed -E 's/,?(NO-CARRIER|LOWER_UP),?//g; s/ state [A-Za-z]+//g; s/ [a-z_]*timer *[0-9.]*//g'",
    // What the kernel gives itself comes late, too.
    "addresses": "ip -o addr | sed '/ fe80:/d'",
    "routes": "ip route show table all | sed 's/ linkdown//; /fe80:/d; /ff00:/d; /anycast/d'",
    // Foreign tables may count packets.
    "ruleset": "nft -s list ruleset",
    // What connections are there says nothing about settings, nor does the key that the kernel makes up when a server
    // first offers fast open; some files can only be written.
    "settings": "grep -rs . /proc/sys/net | grep -v -e nf_conntrack_count -e tcp_fastopen_key | sort",
  ]

  init(of ground: Ground) throws {
    var parts: [String: String] = [:]
    for (part, command) in Self.commands { parts[part] = try ground.namespace.run("sh", "-c", command) }
    parts["processes"] = try ground.processes().sorted().map { "\($0)\n" }.joined()
    self.parts = parts
  }

  /// The lines that are not in both, "links - …" for one that only this has.
  func differences(to other: Snapshot) -> [String] {
    Set(parts.keys).sorted().flatMap { part in
      let (before, after) = (lines(part), other.lines(part))
      return after.difference(from: before).map { change in
        switch change {
        case .insert(_, let line, _): "\(part) + \(line)"
        case .remove(_, let line, _): "\(part) - \(line)"
        }
      }
    }
  }

  private func lines(_ part: String) -> [Substring] {
    (parts[part] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
  }
}

extension Ground {
  /// Expects all to be as it was, but for lines that hold one of these texts.
  func expectNothingNew(
    since before: Snapshot, besides texts: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let lines = before.differences(to: try Snapshot(of: self)).filter { line in !texts.contains { line.contains($0) } }
    #expect(lines == [], sourceLocation: sourceLocation)
  }
}
