import Host
import SystemPackage

extension Builder {
  /// `emulated COMMAND...` runs a command that may run programs of the tree. Where these are of another architecture and
  /// `REGISTRATION` says what runs them, the command is in a user namespace that has all users of this one, and that
  /// alone knows of the emulator: nobody else on this machine gets to see it.
  static let emulationScript = #"""
    emulated() {
      if [ -z "$REGISTRATION" ]; then
        "$@"
        return
      fi
      if [ ! -d /proc/sys/fs/binfmt_misc ]; then modprobe -q binfmt_misc || fail "this kernel has no binfmt_misc"; fi
      meeting="$WORK/meeting"
      rm -f "$meeting"
      mkfifo -m 600 "$meeting" || return
      # Who belongs to a namespace cannot say who its users are.
      (
        read -r pid <"$meeting"
        for map in uid_map gid_map; do
          awk '{ print $1, $1, $3 }' "/proc/self/$map" >"$WORK/$map"
          cat "$WORK/$map" >"/proc/$pid/$map"
        done
        echo >"$meeting"
      ) &
      unshare --user sh -eu -c "$as_emulated" meros-emulated "$meeting" "$REGISTRATION" "$@"
    }
    # The second program is the first that is root in there.
    as_emulated='
      meeting=$1
      echo $$ >"$meeting"
      read -r _ <"$meeting"
      shift
      exec unshare --mount --propagation private sh -eu -c "
        mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
        printf %s \"\$1\" >/proc/sys/fs/binfmt_misc/register
        shift
        exec \"\$@\"
      " meros-emulated "$@"
    '

    """#

  /// What `emulationScript` asks for: programs of the architecture are to run.
  func emulation(of arch: String) throws(HostError) -> [String: String] {
    guard case .registered(let emulator, let arch) = try Interpreter.find(for: arch, attempted),
      let format = ProgramFormat(arch: arch)
    else { return ["REGISTRATION": ""] }
    return ["REGISTRATION": format.registration(of: emulator.string)]
  }
}
