import Diagnostics
import Host
import LinuxHost
import Netlink
import Network
import Reconcile
import SystemPackage
import Testing

@testable import MerosCommand
@testable import Resources

private let plain = Paint(isOn: false)

@Test(
  arguments: [
    (["ls", "-l", "/a/b:c=1"], "ls -l /a/b:c=1"), (["echo", "a b"], "echo 'a b'"), (["echo", ""], "echo ''"),
    (["echo", "it's"], #"echo 'it'\''s'"#), (["echo", "$HOME;`id`"], "echo '$HOME;`id`'"), (["é"], "'é'"),
  ])
func aCommandCanBePasted(_ words: [String], _ text: String) {
  #expect(ShellCommand(words).text == text)
}

@Test(arguments: [(0, "0s"), (59, "59s"), (60, "1m00s"), (3599, "59m59s"), (3600, "1h00m"), (7380, "2h03m")])
func timeIsCountedAsPeopleDo(_ seconds: Int, _ text: String) {
  #expect(Duration.seconds(seconds).elapsed == text)
}

@Test func theMomentIsWrittenAsRFC3339() {
  #expect(timestamp().wholeMatch(of: /20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-6]\d\.\d{6}Z/) != nil)
}

@Test func eachMachineHasACommandToLogIn() throws {
  var goal = Goal("lab", .empty)
  goal.logins = [Desired.Login(machine: "web", address: try #require(IPAddress("10.44.1.11")))]
  #expect(
    LoginView(goal, dataDirectory: "/srv/my data", networkNamespace: nil).text == """
      To log in:
        ssh -i '/srv/my data/keys/lab/client' -o 'UserKnownHostsFile=/srv/my data/keys/lab/known_hosts' \
      -o HostKeyAlias=web root@10.44.1.11

      """)
  #expect(
    LoginView(goal, dataDirectory: "/srv/data", networkNamespace: "blue").text == """
      To log in:
        ip netns exec blue ssh -i /srv/data/keys/lab/client -o UserKnownHostsFile=/srv/data/keys/lab/known_hosts \
      -o HostKeyAlias=web root@10.44.1.11

      """)
  #expect(LoginView(Goal("lab", .empty), dataDirectory: "/srv", networkNamespace: nil).text.isEmpty)
}

@Test func aMisspeltCommandGetsTheNearest() {
  let known = ["plan", "apply", "destroy"]
  #expect(
    UnknownCommandView("aply", known: known)?.text(plain)
      == "error: there is no command aply\n  do: did you mean meros apply?\n")
  #expect(
    UnknownCommandView("bicycle", known: known)?.text(plain)
      == "error: there is no command bicycle\n  do: there is plan, apply and destroy; meros help shows more\n")
  #expect(UnknownCommandView("plan", known: known) == nil)
  #expect(UnknownCommandView("--help", known: known) == nil)
}

@Test(
  arguments: [
    (["doctr"], "there is no command doctr\n  do: did you mean meros doctor?\n"),
    (["snapshot", "sav", "lab"], "there is no command snapshot sav\n  do: did you mean meros snapshot save?\n"),
    (["snapshot", "save", "sav"], nil), (["snapshot", "--help"], nil), (["snapshot"], nil), (["help", "sav"], nil),
    ([], nil),
  ] as [([String], String?)])
func aCommandBelowAnotherIsKnownToo(_ arguments: [String], _ text: String?) {
  #expect(Meros.unknownCommand(in: arguments)?.text(Paint(isOn: false)) == text.map { "error: \($0)" })
}

@Test func aMisspeltAddressGetsTheNearest() throws {
  let proposal = try Proposal.toys(to: [Toy(name: "bear")], options: PlanOptions(targets: [toy("baer")]))
  #expect(
    PlanView([proposal]).text(plain).hasSuffix(
      "error: toy.baer is neither in the constellation nor on the host\n  do: did you mean toy.bear?\n"))
}

@Test(
  arguments: [
    (
      CommandFailure.lock(.held(constellation: "lab", pid: 4711)),
      "error: another meros is at work on lab: process 4711\n"
        + "  do: wait for it, for example with --lock-timeout 60\n"
    ),
    (
      .lock(.held(constellation: "lab", pid: nil)),
      "error: another meros is at work on lab\n  do: wait for it, for example with --lock-timeout 60\n"
    ),
    (
      .privileges([.networkAdministration, .root], verb: "apply"),
      "error: apply needs CAP_NET_ADMIN and root, which this user lacks\n"
        + "  do: run it as root, with sudo; meros plan --offline shows a plan without any privilege\n"
    ),
    (
      .networkNamespace("blue", .missing("blue")),
      "error: cannot enter network namespace blue: there is none of this name\n"
        + "  do: ip netns list shows those that there are; ip netns add blue makes it\n"
    ),
    (
      .unreadablePlan(file: "my plan", .malformed),
      "error: my plan is a saved plan that is broken\n  do: make one with meros plan --out 'my plan'\n"
    ),
  ])
func aFailureSaysWhatIsWrongAndWhatToDo(_ failure: CommandFailure, _ text: String) throws {
  #expect(FailureView(failure).text(plain) == text)
  let found = try #require(FailureView(failure).diagnostics.all.first)
  #expect(text.hasPrefix("error: \(found.summary)\n"))
  #expect(found.severity == .error)
}

@Test func validationEndsWithACount() {
  let warning = Diagnostic(.warning, "odd")
  let error = Diagnostic(.error, "wrong")
  #expect(
    ValidationView(Diagnostics(), of: ["lab"]).text(plain) == "Success! The constellation is valid.\n")
  #expect(
    ValidationView(Diagnostics(warning), of: ["lab", "shop"]).text(plain)
      == "\nSuccess! The constellations are valid, with 1 warning.\n")
  #expect(
    ValidationView(Diagnostics([warning, error]), of: ["lab"]).text(plain) == "\n1 error and 1 warning\n")
  #expect(
    ValidationView(Diagnostics(), of: ["lab"]).json
      == #"{"diagnostics":[],"error_count":0,"format_version":"1.0","valid":true,"warning_count":0}"# + "\n")
}
