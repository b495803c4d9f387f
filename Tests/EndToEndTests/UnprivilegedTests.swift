import Glibc
import HostTesting
import SystemPackage
import Testing

/// What a user without any privilege can do: links and packet filter in a user namespace of their own.
@Suite(.enabled(if: Ground.isAvailable, "needs root, network namespaces and QEMU"))
struct UnprivilegedTests {
  private static let manifest = """
    bridges:
      lan: {subnet: 10.41.0.1/24, subnet6: "fd41::1/64", dns: false, allowed_ports: [22, 8000-8010]}
      quiet: {subnet: 10.41.1.1/24, dns: false, policy_type: isolated, peers: isolated, allowed_ips: [192.0.2.0/24]}
    flows: [{from: web, to: safe, ports: [80]}, {from: world, to: web, ports: [80-90/udp]}]
    forwards: [{host: 8080, to: web, port: 80}]
    virtual_machines:
      web: {networks: [{bridge: lan, ip_addr: [10.41.0.10, "fd41::10"]}]}
      safe: {networks: [{bridge: quiet, ip_addr: 10.41.1.10}]}
    """

  /// By this user, root of a user and a network namespace, with the node that every user may open as it is elsewhere.
  private static let script = """
    cd "$1"; mkdir dev; mount -t tmpfs none dev; mknod dev/tun c 10 200; chmod 666 dev/tun; mount --bind dev/tun /dev/net/tun
    chown -R 65534:65534 lab meros run
    mkdir data; chown 65534:65534 data
    exec setpriv --reuid=65534 --regid=65534 --clear-groups unshare -Urn sh -ec "$2"
    """

  private static let work = """
    export MEROS_DATA=$PWD/data XDG_RUNTIME_DIR=$PWD/run NO_COLOR=1; unset MEROS_NETNS
    only="--target tap.lab-web-0 --target tap.lab-safe-0 --target forwarding.lab"
    grep -q '^ *0 *65534 *1$' /proc/self/uid_map
    ./meros apply lab -y $only
    ./meros plan lab --detailed-exitcode $only
    nft list table inet meros_lab | grep -q 'chain vm_forward'
    nft list set bridge meros_lab taps | grep -q lab-web-0
    ip -d link show lab-safe-0 | grep -q 'isolated on'
    ip -o addr show lab-lan | grep -q fd41::1/64
    nft delete element bridge meros_lab taps '{ "lab-web-0" }'
    code=0; ./meros plan lab --detailed-exitcode $only || code=$?; test $code = 2
    ./meros apply lab -y $only
    ./meros destroy lab -y
    test -z "$(nft list tables)"; test -z "$(ip -o link show type bridge)"
    echo all of it
    """

  @Test func linksAndPacketFilterNeedNoPrivilegeInAUserNamespace() async throws {
    try await Ground.with { ground in
      let program = try MerosProgram(ground)
      try ground.write(Self.manifest, to: "lab/constellation.yml")
      try ground.write("", to: "run/here")
      let folder = ground.folder.string
      try ground.namespace.run("sh", "-ec", "cp '\(program.path)' '\(folder)/meros'; chmod 755 '\(folder)'")
      let output = try ground.namespace.run(
        "unshare", "-m", "--propagation", "private", "sh", "-ec", Self.script, "sh", folder, Self.work)
      #expect(output.hasSuffix("all of it\n"), "\(output)")
    }
  }
}
