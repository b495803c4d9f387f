import Host
import LinuxHost
import SystemPackage

extension WindowSession {
  /// The last line of what either end says before it waits.
  static let sign = "meros: ready"
  /// In front of what the VM says of itself.
  static let prefix = "meros: "

  func edition() async throws(HostError) -> WaypipeEdition? {
    let asked = try await Program("waypipe", ["--version"], capturesOutput: true).run("ask waypipe for its version")
    return WaypipeEdition(String(decoding: asked.output, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  /// waypipe on this side.
  var waypipe: Program { Program("waypipe", options.words(for: .host) + ["--socket", socket.string, "client"]) }

  /// The same in a folder for its socket.
  var desktopEnd: Program {
    Program("sh", ["-c", Self.desktopScript, folder.string, Self.sign, waypipe.name] + waypipe.arguments)
  }

  /// The connection to the VM, and the folder there.
  var machineEnd: Program {
    let words = ["sh", "-c", Self.machineScript, remoteFolder.string, Self.sign, Self.prefix, application[0]]
    let connection = ["-M", "-S", control.string]
    return Program("ssh", connection + ConnectCommand.arguments(login, words, hasTerminal: false)).inside(namespace)
  }

  /// The application, by that connection.
  var show: Program {
    let sockets = ["--socket", remoteSocket.string, "--display", remoteFolder.appending("display").string]
    let server = ["waypipe"] + options.words(for: .machine) + sockets + ["server", "--"]
    let application = ["sh", "-c", isX11 ? Self.x11Script : Self.plainScript, remoteFolder.string] + application
    let words = ["sh", "-c", Self.environmentScript, remoteFolder.string] + server + application
    let forward = ["-S", control.string, "-o", "ExitOnForwardFailure=yes", "-R", "\(remoteSocket):\(socket)"]
    return Program("ssh", forward + ConnectCommand.arguments(login, words, hasTerminal: hasTerminal))
  }

  /// FOLDER SIGN PROGRAM…: runs the program until it ends, or stdin does. Then everything that it has begun ends with it:
  /// waypipe has a process for each connection, which would go on. The group is this shell's own.
  private static let desktopScript = """
    umask 077
    mkdir -- "$0" || exit
    sign=$1
    shift
    exec 3<&0
    trap : TERM
    "$@" </dev/null 3<&- &
    program=$!
    { read -r line <&3; kill -TERM 0; } &
    while kill -0 $program 2>/dev/null && ! [ -S "$0/client" ]; do sleep 0.05; done
    if [ -S "$0/client" ]; then echo "$sign"; fi
    wait $program 2>/dev/null
    code=$?
    kill -TERM 0
    rm -rf -- "$0"
    exit $code
    """

  /// FOLDER SIGN PREFIX APPLICATION: says what there is, and waits for the end of stdin.
  private static let machineScript = """
    umask 077
    mkdir -- "$0" || exit
    trap 'rm -rf -- "$0"' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    command -v -- "$3" >/dev/null && echo "$2application"
    command -v Xwayland >/dev/null && echo "$2xwayland"
    command -v waypipe >/dev/null && waypipe --version 2>&1 | sed "s/^/$2/"
    echo "$1"
    read -r line
    """

  /// FOLDER PROGRAM…: with what programs of a desktop look for. Interrupted at the terminal, waypipe ends well.
  private static let environmentScript = """
    : "${XDG_RUNTIME_DIR:=$0}" "${LANG:=${LC_ALL:-C.UTF-8}}"
    export XDG_RUNTIME_DIR LANG
    trap 'exit 130' INT
    "$@"
    exit $?
    """

  /// FOLDER PROGRAM…: waypipe takes a program that a signal ended for one that ended well.
  private static let plainScript = """
    "$@"
    exit $?
    """

  /// FOLDER PROGRAM…: on an X server that is one window. The GPU, and the libraries that it takes, are left out.
  private static let x11Script = """
    mkfifo -m 600 "$0/x11" || exit
    Xwayland -shm -displayfd 5 5>"$0/x11" &
    server=$!
    read -r number <"$0/x11" || { wait $server; exit 1; }
    DISPLAY=:$number "$@"
    code=$?
    kill $server 2>/dev/null
    wait $server
    exit $code
    """
}
