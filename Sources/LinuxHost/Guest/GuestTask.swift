import Host
import Network

/// What a running guest does to take what came to it, as a script for its shell. It does what is to be done, again and
/// again, until all is there; what is still missing when its patience ends it prints, a line for each, and fails.
struct GuestTask {
  private let design: MachineDesign
  private let state: LiveState

  init(_ design: MachineDesign, _ state: LiveState) {
    self.design = design
    self.state = state
  }

  var script: String {
    let late = Set(state.networks.filter(\.isLate).compactMap(\.network?.tap))
    let lateDisks = Set(state.disks.filter(\.isLate).compactMap(\.disk?.name))
    var checks = ["processors \(design.cpus)"]
    if state.memory > state.baseMemory { checks.append("memory \(design.memory.bytes)") }
    for disk in design.disks where disk.size != nil {
      checks.append(
        [
          "disk", Self.quoted(disk.serial), "\((disk.size?.bytes ?? 0) / 512)", Self.quoted(disk.mountPoint ?? ""),
          disk.fileSystem ?? "auto", lateDisks.contains(disk.name) ? "late" : "early",
        ].joined(separator: " "))
    }
    for network in design.networks where late.contains(network.tap.text) {
      let settings = network.addresses.map { "address \($0)" } + network.gateways.map { "gateway \($0)" }
      checks.append("network \(network.mac) \(network.mtu) \(Self.quoted(settings.joined(separator: "\n")))")
    }
    return Self.functions + "all() {\n" + checks.map { "  \($0)\n" }.joined() + "}\n" + Self.loop
  }

  /// Lets go of the disks with these serials.
  static func unmount(_ serials: [String]) -> String {
    functions + serials.map { "unmount \(quoted($0))\n" }.joined()
  }

  /// As one word for a shell.
  private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }

  private static let functions = #"""
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    lack() { echo "$*"; }
    put() { [ "$(cat "$2" 2>/dev/null)" = "$1" ] || echo "$1" >"$2" 2>/dev/null; }
    device() {
      for file in /sys/block/*/serial; do
        if [ "$(cat "$file" 2>/dev/null)" = "$1" ]; then name=${file%/serial}; echo "${name##*/}"; return 0; fi
      done
      return 1
    }
    processors() {
      for file in /sys/devices/system/cpu/cpu[0-9]*/online; do [ -e "$file" ] && put 1 "$file"; done
      has=$(grep -c '^processor' /proc/cpuinfo)
      [ "$has" -ge "$1" ] || lack "$1 processors, only $has"
    }
    memory() {
      size=$((0x$(cat /sys/devices/system/memory/block_size_bytes 2>/dev/null || echo 0)))
      blocks=0
      for file in /sys/devices/system/memory/memory[0-9]*/state; do
        [ -e "$file" ] || continue
        put online "$file"
        [ "$(cat "$file")" = online ] && blocks=$((blocks + 1))
      done
      [ $((blocks * size)) -ge "$1" ] || lack "$(($1 >> 20)) MiB of memory, only $((blocks * size >> 20))"
    }
    # disk SERIAL SECTORS PLACE TYPE late|early
    disk() {
      node=$(device "$1") || { lack "the disk $1"; return; }
      has=$(cat "/sys/block/$node/size")
      [ "$has" -ge "$2" ] || { lack "$(($2 >> 11)) MiB on the disk $1, only $((has >> 11))"; return; }
      [ -n "$3" ] || return 0
      if ! grep -q "^/dev/$node " /proc/mounts && [ "$5" = late ]; then
        why=$(mkdir -p "$3" && mount -t "$4" "/dev/$node" "$3" 2>&1) || { lack "the disk $1 on $3 ($why)"; return; }
      fi
      grep -q "^/dev/$node " /proc/mounts || return 0
      case $4 in
        ext[234]) why=$(resize2fs "/dev/$node" 2>&1) ;;
        xfs) why=$(xfs_growfs "$3" 2>&1) ;;
        btrfs) why=$(btrfs filesystem resize max "$3" 2>&1) ;;
      esac
      case $? in 0 | 127) ;; *) lack "the room on $3 ($why)" ;; esac
    }
    network() {
      for path in /sys/class/net/*; do
        [ "$(cat "$path/address" 2>/dev/null)" = "$1" ] || continue
        link=${path##*/}
        put "$2" "$path/mtu"
        put 0 "/proc/sys/net/ipv6/conf/$link/accept_dad"
        [ -n "$3" ] && echo "$3" | while read -r word value; do
          case $value in *:*) family=-6 ;; *) family=-4 ;; esac
          [ "$word" = gateway ] && ip link set dev "$link" up
          ip "$family" addr show dev "$link" | grep -qF " $value " && continue
          case $word in
            address) ip "$family" addr add "$value" dev "$link" ;;
            gateway) ip "$family" route show default | grep -qF " $value " ||
              ip "$family" route add default via "$value" dev "$link" ;;
          esac
        done 2>/dev/null
        ip link set dev "$link" up && return 0
      done
      lack "the interface with the address $1"
    }
    unmount() {
      node=$(device "$1") || return 0
      grep "^/dev/$node " /proc/mounts | while read -r _ place _; do
        why=$(umount "$place" 2>&1) || { echo "the disk $1 to give away ($why)"; exit 1; }
      done || exit 1
    }

    """#

  private static let loop = #"""
    tries=0
    while :; do
      lacks=$(all 2>/dev/null)
      [ -n "$lacks" ] || exit 0
      tries=$((tries + 1))
      if [ $tries -ge 120 ]; then echo "$lacks"; exit 1; fi
      sleep 0.5
    done
    """#
}
