import Diagnostics
import LinuxHost
import SystemPackage

/// The Wayland desktop of whoever runs meros.
struct Desktop: Equatable, Sendable {
  /// The socket that its programs connect to.
  let socket: FilePath
  /// Where sockets of one's own may lie.
  let folder: FilePath

  /// - Parameter variable: looks a variable of the environment up; nil for one that is not set.
  init(_ variable: (String) -> String?) throws(Diagnostics) {
    let runtime = variable("XDG_RUNTIME_DIR").map { FilePath($0) }
    guard let display = variable("WAYLAND_DISPLAY") else { throw Self.fault("WAYLAND_DISPLAY is not set", variable) }
    if display.hasPrefix("/") {
      socket = FilePath(display)
    } else if let runtime {
      socket = runtime.appending(display)
    } else {
      throw Self.fault("XDG_RUNTIME_DIR is not set", variable)
    }
    folder = runtime ?? "/tmp"
    guard socket.exists else { throw Self.fault("there is no \(socket)", variable) }
  }

  private static func fault(_ reason: String, _ variable: (String) -> String?) -> Diagnostics {
    let remedy =
      if variable("SUDO_UID") != nil {
        "sudo drops what tells of the desktop: sudo --preserve-env=WAYLAND_DISPLAY,XDG_RUNTIME_DIR meros run …"
      } else {
        "run it from a terminal of a Wayland desktop; elsewhere set WAYLAND_DISPLAY and XDG_RUNTIME_DIR as they are"
          + " there"
      }
    return Diagnostics(Diagnostic(.error, "there is no Wayland desktop to show anything on: \(reason)", remedy: remedy))
  }
}
