import Host
import Manifest
import Network
import QMP
import Reconcile
import Resources
import Testing

@testable import MerosCommand

/// Two VMs that boot what is on their disks, on a bridge, and a port that leads to one.
private let pair = """
  bridges:
    lan: {subnet: 10.0.0.1/24, policy_type: nat, dns: false}
  flows: [{from: world, to: web, ports: [443]}]
  forwards: [{host: 8080, to: web, port: 80}]
  virtual_machines:
    web:
      networks: [{bridge: lan, ip_addr: 10.0.0.2, label: t-web}]
      disks: [{label: web.qcow2, fs_type: qcow2, size_gb: 1}]
    db:
      networks: [{bridge: lan, ip_addr: 10.0.0.3, label: t-db}]
      disks: [{label: db.qcow2, fs_type: qcow2, size_gb: 1}]
  """

private func graph(_ manifest: String) throws -> ResourceGraph {
  let manifest = try Manifest.load(Array(manifest.utf8), file: "m", directoryName: "lab").manifest
  return try Desired(manifest, Inputs(directory: "/lab"), scope: .test).graph
}

/// Names that nobody may have, should one have them.
private let odd = Diagram(
  constellation: "lab", subject: .network, showsPlan: true, groups: [.init(id: "g", label: "a \"g\" <b>")],
  nodes: [
    .init(
      id: "vm.\"1\"", label: "</script><script>alert(\"1\")</script>", category: .vm, facts: ["a\\b", "x|y; %%"],
      group: "g", machine: "1", fate: .change(.replace, .rebuild)),
    .init(id: "host", label: "ho\u{1b}st\nhost", category: .host),
  ],
  edges: [.init(from: "host", to: "vm.\"1\"", kind: .reach, label: "<&\"#`>")])

@Suite struct DiagramTests {
  @Test func resourcesStandOnEachOther() throws {
    let dot = DotView(Diagram(resourcesOf: try graph(pair), of: "lab")).text
    let edges = dot.split(separator: "\n").filter { $0.contains(" -> ") }
    #expect(
      edges.joined(separator: "\n") == """
          "bridge.lan" -> "firewall.lab"
          "forwarding.lab" -> "firewall.lab"
          "tap.t-db" -> "bridge.lan"
          "tap.t-web" -> "bridge.lan"
          "vm.db" -> "disk.db"
          "vm.db" -> "key.client"
          "vm.db" -> "key.host-db"
          "vm.db" -> "tap.t-db"
          "vm.web" -> "disk.web"
          "vm.web" -> "key.client"
          "vm.web" -> "key.host-web"
          "vm.web" -> "tap.t-web"
        """)
    #expect(dot.contains(#""disk.web" [label="web\ndisk\nroot disk of its own, 1G", shape=cylinder"#))
  }

  @Test func theNetworkIsWhatTheRulesLetPass() throws {
    #expect(
      MermaidView(Diagram(networkOf: try graph(pair), of: "lab")).text == """
        flowchart TB
          subgraph g0 ["lan"]
            n2[["lan<br/>10.0.0.1/24<br/>nat"]]
            n3["db<br/>10.0.0.3"]
            n4["web<br/>10.0.0.2"]
          end
          n0(["world<br/>every address outside"])
          n1(["host<br/>this machine"])
          n0 --- n1
          n1 --- n2
          n2 --- n3
          n2 --- n4
          n1 ==>|"port 8080 -#62; tcp/80"| n4
          n2 -.->|"everything"| n2
          n2 -.->|"icmp"| n1
          n2 -.->|"everything"| n0
          n1 -.->|"everything"| n2
          n0 -.->|"tcp/80,443"| n4

        """)
  }

  @Test func dotIsTextForGraphviz() throws {
    #expect(
      DotView(odd).text == #"""
        digraph "lab" {
          graph [rankdir=TB, bgcolor="#ffffff", fontname="Helvetica,Arial,sans-serif", newrank=true, nodesep=0.35, ranksep=0.7]
          node [shape=box, style="rounded,filled", fillcolor="#f6f8fa", color="#8c959f", fontname="Helvetica,Arial,sans-serif", fontsize=11]
          edge [color="#6e7781", fontcolor="#424a53", fontname="Helvetica,Arial,sans-serif", fontsize=9]
          label="-/+ destroy and create anew"
          subgraph "cluster_0" {
            graph [label="a \"g\" <b>", style="rounded,filled", fillcolor="#fbfcfd", color="#d0d7de"]
            "vm.\"1\"" [label="-/+ </script><script>alert(\"1\")</script>\na\\b\nx|y; %%", fillcolor="#ffcecb", color="#cf222e", penwidth=2]
          }
          "host" [label="ho�st\nhost", shape=house, fillcolor="#eaeef2"]
          "host" -> "vm.\"1\"" [label="<&\"#`>", constraint=false, color="#0969da"]
        }

        """#)
  }

  @Test func mermaidIsGivenNothingToObey() {
    #expect(
      MermaidView(odd).text == """
        flowchart TB
          %% -/+ destroy and create anew
          subgraph g0 ["a #34;g#34; #60;b#62;"]
            n0["-/+ #60;/script#62;#60;script#62;alert(#34;1#34;)#60;/script#62;<br/>a#92;b<br/>x#124;y#59; #37;#37;"]
          end
          n1(["ho�st<br/>host"])
          n1 -.->|"#60;#38;#34;#35;#96;#62;"| n0
          classDef plan-replace fill:#ffcecb,stroke:#cf222e,stroke-width:2px,color:#1f2328
          class n0 plan-replace

        """)
  }

  @Test func aPageHoldsItsDataAndAsksNobody() throws {
    let page = DiagramPage(odd).text
    #expect(page.components(of: "<script").count == 3 && page.components(of: "</script>").count == 3)
    #expect(!page.contains("alert(\"1\")") && page.contains("default-src 'none'"))
    // The name of SVG's elements is nothing to ask for.
    let rest = page.components(of: "http://www.w3.org/2000/svg").joined()
    for word in ["http:", "https:", "//cdn", "src=", "href", "url(h", "import(", "fetch(", "innerHTML"] {
      #expect(!rest.contains(word), "\(word)")
    }
    let begin = try #require(page.components(of: "id=\"diagram\">").last)
    let data = try #require(begin.components(of: "</script>").first)
    #expect(JSON(parsing: data) == DiagramJSON(odd).value)
  }

  @Test func whatIsAlikeIsDrawnOnce() throws {
    let machines = (10..<30).map { number in
      "  m\(number): {networks: [{bridge: lan, ip_addr: 10.0.0.\(number), label: t\(number)}],"
        + " disks: [{label: a.qcow2, fs_type: qcow2, size_gb: 1}]}\n"
    }
    let text =
      "bridges: {lan: {subnet: 10.0.0.1/24, policy_type: isolated}}\nflows: [{from: m29, to: world, ports: [53]}]\n"
      + "virtual_machines:\n\(machines.joined())"
    let graph = try graph(text)
    let network = Diagram(networkOf: graph, of: "lab")
    let folded = network.folded()
    let shown = folded.nodes.filter { $0.category == .vm }
    #expect(shown.map(\.label) == ["19 VMs", "m29"] && shown.first?.facts == ["m10 … m28"])
    #expect(network.folded(beyond: 19) == network)
    let resources = Diagram(resourcesOf: graph, of: "lab").folded()
    #expect(resources.nodes.filter { $0.machine != nil }.count == 4)
    #expect(resources.edges.contains { $0.from == "vm.m10" && $0.to == "tap.t10" })
  }

  @Test func aPlanIsToldBySymbol() throws {
    let before = [Toy(name: "bear", attributes: ["color": "red"]), Toy(name: "old"), Toy(name: "doll")]
    let proposal = try Proposal.toys(
      from: before, to: [Toy(name: "bear", attributes: ["color": "blue"]), Toy(name: "doll"), Toy(name: "new")])
    let diagram = Diagram(proposal, isNetwork: false, showsPlan: true)
    #expect(diagram.nodes.map(\.markedLabel) == ["~ bear", "doll", "+ new", "- old"])
    #expect(diagram.nodes.first?.plan == ["to change in place: nothing notices", "color: red -> blue"])
    #expect(diagram.fates.map(\.symbol) == ["+", "~", "-"])
    #expect(Diagram(proposal, isNetwork: false, showsPlan: false).nodes.allSatisfy { $0.fate == nil })
  }

  @Test func itIsTheSameEveryTime() throws {
    let graph = try graph(pair)
    let network = Diagram(networkOf: graph, of: "lab")
    for _ in 0..<8 { #expect(Diagram(networkOf: try self.again(), of: "lab") == network) }
  }

  private func again() throws -> ResourceGraph { try graph(pair) }
}

extension String {
  fileprivate func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
