import Glibc
package import Host

/// Lays graphs out with `dot` of graphviz.
package enum Graphviz {
  /// A graph in the language of graphviz as SVG. Throws `missingProgram` where graphviz is not installed.
  package static func svg(of graph: String) async throws(HostError) -> String {
    // The graph is kept in memory and read there by its descriptor: no file is left behind, whatever happens.
    let descriptor = try LinuxMachines.privateMemory("graph", Array(graph.utf8), owner: geteuid())
    defer { _ = close(descriptor) }
    let result = try await Program("dot", ["-Tsvg", "/proc/\(getpid())/fd/\(descriptor)"], capturesOutput: true)
      .run("lay the graph out")
    return String(decoding: result.output, as: UTF8.self)
  }
}
