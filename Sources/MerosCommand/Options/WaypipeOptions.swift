import ArgumentParser

/// What waypipe is told on both sides of a connection.
struct WaypipeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "none, lz4 or zstd, the last two perhaps with a level: zstd=7.", valueName: "method"),
    completion: .list(["none", "lz4", "zstd"]))
  var compress = "lz4"

  @Option(
    help: ArgumentHelp(
      "Send what a GPU draws as video: what waypipe's --video takes, for example sw,h264.", valueName: "how"))
  var video: String?

  @Flag(name: .customLong("no-gpu"), help: "Let the application use no GPU; so it is where this host has none.")
  var noGPU = false

  @Option(
    name: .customLong("drm-node"), help: ArgumentHelp("The GPU of this host to use.", valueName: "path"),
    completion: .file())
  var node: String?

  @Option(name: .customLong("remote-node"), help: ArgumentHelp("The GPU of the VM to use.", valueName: "path"))
  var remoteNode: String?

  /// The two ends of a connection.
  enum Side {
    case host, machine
  }

  func validate() throws {
    let parts = compress.split(separator: "=", omittingEmptySubsequences: false)
    let isLevel = parts.count == 1 || parts.count == 2 && parts[0] != "none" && Int(parts[1]) != nil
    guard ["none", "lz4", "zstd"].contains(parts[0]), isLevel else {
      throw ValidationError("--compress takes none, lz4 or zstd, the last two perhaps with a level: zstd=7")
    }
  }

  /// The words before `server` or `client`.
  func words(for side: Side) -> [String] {
    let node = side == .host ? node : remoteNode
    return ["--compress", compress] + (noGPU ? ["--no-gpu"] : []) + (video.map { ["--video=\($0)"] } ?? [])
      + (node.map { ["--drm-node", $0] } ?? [])
  }

  /// What waypipe must have been built with, in the words of its `--version`.
  var features: [String] {
    let method = String(compress.prefix { $0 != "=" })
    return (method == "none" ? [] : [method]) + (video == nil ? [] : ["video"])
  }
}
