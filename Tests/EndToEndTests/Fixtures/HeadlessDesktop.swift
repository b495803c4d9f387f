import Glibc
import Host
import HostTesting
import LinuxHost
import QMP
import SystemPackage

/// A Wayland desktop that draws into memory: sway, as a user without any right, since it refuses to run as root.
struct HeadlessDesktop: Sendable {
  /// That of the user's sockets.
  let folder: FilePath
  private let ground: Ground
  private let pid: pid_t

  private static let user: UInt32 = 65_534

  /// Starts it in the ground's namespace, with which it ends at the latest.
  init(_ ground: Ground) async throws {
    self.ground = ground
    folder = ground.folder.appending("desktop")
    try ground.write("", to: "sway.conf")
    try folder.makeFolders()
    _ = unsafe ground.folder.withPlatformString { unsafe chmod($0, 0o711) }
    _ = unsafe folder.withPlatformString { unsafe chown($0, Self.user, Self.user) }
    pid = try ground.start(
      """
      exec env -i PATH="$PATH" HOME=/nonexistent XDG_RUNTIME_DIR=\(folder) SWAYSOCK=\(folder)/sway \
      WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 \
      setpriv --reuid=\(Self.user) --regid=\(Self.user) --clear-groups sway -c \(ground.folder)/sway.conf
      """)
    try await eventually { try await command("-t", "get_version").termination == .exited(0) }
    try await eventually { folder.appending("wayland-1").exists }
  }

  func end() async throws {
    kill(pid, SIGKILL)
    try await eventually { try !ground.processes().contains(pid) }
  }

  /// How programs find it.
  var variables: [String: String] { ["XDG_RUNTIME_DIR": folder.string, "WAYLAND_DISPLAY": "wayland-1"] }

  /// The names in the user's folder that meros gives to those of its own.
  var sessions: [FilePath] {
    get throws {
      try folder.folderEntries().filter { $0.string.hasPrefix("meros-") }.map { folder.appending($0) }
    }
  }

  /// The app ids of the windows that are shown.
  func windows() async throws -> Set<String> {
    let tree = JSON(parsing: String(decoding: try await command("-t", "get_tree").output, as: UTF8.self))
    return Set(tree.map(Self.names) ?? [])
  }

  private static func names(in node: JSON) -> [String] {
    var names = node["app_id"]?.string.map { [$0] } ?? []
    if case .array(let nodes) = node["nodes"] { names += nodes.flatMap(Self.names) }
    return names
  }

  /// What the screen shows: how many colours there are.
  func colors() async throws -> Int {
    let grim = Program("grim", ["-t", "ppm", "-"], environment: variables, capturesOutput: true)
    let picture = try await grim.run("look at the screen").output
    // P6, width and height, the greatest value; then three bytes for each point.
    let head = picture.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
    guard head.count == 4 else { return 0 }
    var colors: Set<UInt32> = []
    var color: UInt32 = 0
    for (index, byte) in head[3].enumerated() {
      color = color << 8 & 0xff_ffff | UInt32(byte)
      if index % 3 == 2 { colors.insert(color) }
    }
    return colors.count
  }

  private func command(_ words: String...) async throws -> ProgramResult {
    try await Program(
      "swaymsg", ["-r"] + words, environment: ["SWAYSOCK": "\(folder)/sway"], capturesOutput: true
    ).result("ask the desktop")
  }
}
