import Glibc
package import SystemPackage

/// Serves a folder over HTTP, on loopback.
package struct FileServer: Sendable {
  /// "http://127.0.0.1:PORT"
  package let url: String
  private let pid: pid_t

  /// From now on nobody answers.
  package func stop() {
    _ = kill(pid, SIGKILL)
  }

  /// Calls `body` while the folder is served.
  package static func with<R>(_ folder: FilePath, _ body: (FileServer) async throws -> R) async throws -> R {
    let server = try await start(folder)
    defer { server.stop() }
    return try await body(server)
  }

  private static func start(_ folder: FilePath) async throws -> FileServer {
    let port = folder.appending("port")
    let command = "python3 -c \"$1\" \"$2\" >/dev/null 2>&1 </dev/null & echo $!"
    let text = try TestProgram.run(["sh", "-c", command, "sh", listener, folder.string])
    // Never a number that means every process.
    guard let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }), pid > 1 else {
      throw TestProgram.Failure(command: ["python3"], status: -1, output: text)
    }
    while true {
      let found = try? TestProgram.run(["cat", port.string])
      if let number = found.flatMap({ Int($0) }) { return FileServer(url: "http://127.0.0.1:\(number)", pid: pid) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Arguments: the folder. The port that it listens at gets its name when it is written.
  private static let listener = """
    import functools, http.server, os, sys
    folder = sys.argv[1]
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with open(folder + "/port.new", "w") as file: file.write(str(server.server_address[1]))
    os.rename(folder + "/port.new", folder + "/port")
    server.serve_forever()
    """
}
