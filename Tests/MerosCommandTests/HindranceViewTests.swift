import Network
import QMP
import Resources
import Testing

@testable import MerosCommand

private func hindrance(
  _ family: TableFamily, _ table: String, _ chain: String, _ hook: Chain.Hook, _ owner: ForeignHindrance.Owner
) throws -> ForeignHindrance {
  ForeignHindrance(
    table: TableIdentity(family, table), chain: chain, hook: hook, owner: owner,
    links: [try #require(LinkName("lab-lan"))], ends: [.init(from: "lan", to: hook == .input ? "host" : "world")])
}

@Test func whatAnotherFirewallDropsIsToldWithWhatHelps() throws {
  let docker = try hindrance(.ip, "filter", "FORWARD", .forward, .docker)
  #expect(
    HindranceView(docker).text(Paint(isOn: false)) == """
      warning: chain FORWARD of table ip filter, which is not ours, drops what is admitted here: lan -> world
        do: iptables -I DOCKER-USER -i lab-lan -j ACCEPT; iptables -I DOCKER-USER -o lab-lan -j ACCEPT

      """)
  #expect(
    "\(HindranceView(docker).value["ways"] ?? .null) \(HindranceView(docker).value["owner"] ?? .null)"
      == #"[{"from":"lan","to":"world"}] "docker""#)
}

@Test(arguments: [
  (
    TableFamily.ip6, "filter", "FORWARD", Chain.Hook.forward, ForeignHindrance.Owner.docker,
    "ip6tables -I DOCKER-USER -i lab-lan -j ACCEPT; ip6tables -I DOCKER-USER -o lab-lan -j ACCEPT"
  ),
  (.ip, "filter", "FORWARD", .forward, .ufw, "ufw route allow in on lab-lan; ufw route allow out on lab-lan"),
  (.ip, "filter", "INPUT", .input, .ufw, "ufw allow in on lab-lan"),
  (.ip, "filter", "OUTPUT", .output, .ufw, "ufw allow out on lab-lan"),
  (
    .inet, "firewalld", "filter_INPUT", .input, .firewalld,
    "firewall-cmd --permanent --zone=trusted --add-interface=lab-lan; firewall-cmd --reload"
  ),
  (.inet, "filter", "input", .input, .unknown, "nft insert rule inet filter input iifname lab-lan accept"),
  (.inet, "filter", "output", .output, .unknown, "nft insert rule inet filter output oifname lab-lan accept"),
])
func eachFirewallIsOpenedInItsOwnWay(
  family: TableFamily, table: String, chain: String, hook: Chain.Hook, owner: ForeignHindrance.Owner, remedy: String
) throws {
  #expect(HindranceView(try hindrance(family, table, chain, hook, owner)).remedy == remedy)
}
