import Diagnostics
import Host
import Manifest
import Testing
import YAML

@testable import MerosCommand

@Test(
  arguments: [
    (
      HostError.Cause.system(errno: 28, call: "write"), "write: No space left on device",
      "make room on the disk, then apply again"
    ),
    (
      .system(errno: 1, call: "setns"), "setns: Operation not permitted",
      "run it as root, with sudo; in a container it needs the capability too"
    ),
    (
      .system(errno: 13, call: "open"), "open: Permission denied",
      "run it as root, with sudo, or let this user have it; a container needs the capability too"
    ),
    (
      .system(errno: 2, call: "open"), "open: No such file or directory",
      "look at the path, and whether somebody else removed it, then try again"
    ),
    (.system(errno: 21, call: "read"), "read: Is a directory", "give a file: this is a folder"),
    (
      .system(errno: 20, call: "open"), "open: Not a directory",
      "look at the path: what stands before a slash in it must be a folder"
    ),
    (
      .system(errno: 40, call: "open"), "open: Too many levels of symbolic links",
      "look where the link leads (readlink -f): it must end at something that exists"
    ),
    (
      .system(errno: 36, call: "open"), "open: File name too long",
      "choose a shorter name or path, for meros's own files with --data-dir"
    ),
    (
      .system(errno: 30, call: "open"), "open: Read-only file system",
      "mount it writable, or choose another data directory with --data-dir"
    ),
    (
      .missingProgram("mmdebstrap"), "mmdebstrap is not installed",
      "run ./dist-conf.sh, which installs what meros needs, or install mmdebstrap"
    ),
    (
      .timeout(.seconds(75)), "it did not come to pass within 1m15s",
      "look at what it waits for; apply again goes on from here"
    ),
    (
      .notOurs("bridge lan"), "bridge lan is in the way and is not ours",
      "remove bridge lan, or choose another name in the manifest"
    ),
    (
      .malformed("data/x", "no qcow2"), "data/x is not as it must be: no qcow2",
      "look at data/x; when it is of no use, remove it and apply again"
    ),
    (.missing("image a"), "image a is not there", "apply again to make image a, or put it where it belongs"),
    (
      .unreachable("http://m"), "http://m does not answer",
      "look at the network and at what the manifest says of the mirror, then apply again"
    ),
    (
      .untrusted("http://m/x", "its sha256 is 1"), "what http://m/x serves cannot be trusted: its sha256 is 1",
      "tell whoever runs it, and choose another mirror in the manifest"
    ),
    (.cancelled, "it was interrupted", "apply again: it goes on from here"),
    (
      .privilege("CAP_NET_ADMIN"), "this user lacks CAP_NET_ADMIN",
      "run it as root, with sudo; meros plan --offline needs no privileges"
    ),
    (
      .unsupported("no nested KVM"), "this machine cannot do it: no nested KVM",
      "write something else in the manifest, or use another machine"
    ),
  ] as [(HostError.Cause, String, String)])
func everyCauseHasWordsAndARemedy(_ cause: HostError.Cause, _ words: String, _ remedy: String) {
  #expect(
    HostErrorView(HostError("make a thing", cause)).text(Paint(isOn: false))
      == "error: cannot make a thing: \(words)\n  do: \(remedy)\n")
}

@Test func aFailedProgramCanBePastedAndSaysWhatItSaid() {
  let failure = ProgramFailure(
    command: ["mmdebstrap", "--include=a b", "it's", ""], termination: .exited(25),
    lastLines: ["E: no mirror", "done"], log: "data/logs/rootfs.log")
  #expect(
    HostErrorView(HostError("build rootfs debian", .program(failure))).text(Paint(isOn: false)) == """
      error: cannot build rootfs debian: mmdebstrap ended with exit code 25
        command: mmdebstrap '--include=a b' 'it'\\''s' ''
        | E: no mirror
        | done
        all that it said: data/logs/rootfs.log
        do: run the command by hand to see more; once it works, apply again

      """)
}

@Test func passwordsOfURLsAreNotShown() {
  let url = "https://me:secret@host/linux"
  let failure = ProgramFailure(
    command: ["git", "ls-remote", "--", url], termination: .exited(128),
    lastLines: ["fatal: unable to access '\(url)/': no"])
  #expect(
    HostErrorView(HostError("look up main in \(url)", .program(failure))).text(Paint(isOn: false)) == """
      error: cannot look up main in https://me:***@host/linux: git ended with exit code 128
        command: git ls-remote -- https://me:***@host/linux
        | fatal: unable to access 'https://me:***@host/linux/': no
        do: run the command by hand to see more; once it works, apply again

      """)
}

@Test func refusedObjectsAreNamed() {
  let refusals = [
    HostError.Refusal(object: "set guard4 of table bridge meros_lab", errno: 17),
    HostError.Refusal(object: "chain in", errno: 2),
  ]
  #expect(
    HostErrorView(HostError("commit tables", .refused(refusals))).text(Paint(isOn: false)) == """
      error: cannot commit tables: the kernel refused 2 objects
        set guard4 of table bridge meros_lab: File exists
        chain in: No such file or directory
        do: look at who uses it; when it is free, apply again

      """)
}

@Test func whatTheManifestAskedForIsShownWhereItDoes() throws {
  let text = """
    bridges:
      lan:
        subnet: 10.9.0.1/24
        allowed_ports: [22]
    """
  let places = ManifestPlaces(try YAMLNode.parse(Array(text.utf8), file: "lab/constellation.yml"))
  let refusals = ["bridges.lan.allowed_ports", "bridges.lan.policy_type", "flows[1]", nil].map {
    HostError.Refusal(object: "element 1 of set s", errno: 17, origin: $0)
  }
  let view = HostErrorView(HostError("commit tables", .refused(refusals)), places: places)
  #expect(view.location?.line == 4)
  #expect(
    view.text(Paint(isOn: false)) == """
      error: cannot commit tables: the kernel refused 4 objects
        element 1 of set s: File exists
        element 1 of set s: File exists
        element 1 of set s: File exists
        element 1 of set s: File exists
        asked for by bridges.lan.allowed_ports:
        lab/constellation.yml:4:5
          4 |     allowed_ports: [22]
            |     ^^^^^^^^^^^^^
        asked for by bridges.lan.policy_type:
        lab/constellation.yml:2:3
          2 |   lan:
            |   ^^^
        do: look at who uses it; when it is free, apply again

      """)
}

@Test func aGuestThatDoesNotComeUpShowsItsConsole() {
  let failure = GuestFailure(
    reason: .notReady(after: .seconds(120), said: ["Connection refused"]), lastLines: ["login:"],
    log: "data/run/lab/web/serial.log")
  #expect(
    HostErrorView(HostError("wait for web", .guest(failure))).text(Paint(isOn: false)) == """
      error: cannot wait for web: it was not ready after 2m00s
        > Connection refused
        | login:
        all of its console: data/run/lab/web/serial.log
        do: read its console; give it more time with ready: {timeout: 300s}, or try again with meros restart

      """)
}
