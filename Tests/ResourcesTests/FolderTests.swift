import Diagnostics
import Host
import HostTesting
import LinuxHost
import Manifest
import Reconcile
import SystemPackage
import Testing

@testable import Resources

/// What lies in a constellation's folder and is not taken as it seems to be meant.
struct FolderTests {
  private static let manifest = """
    virtual_machines:
      web: {}
      patched: {use: base.qcow2}
      disk: {boot: bios, disks: [{label: root.qcow2, fs_type: qcow2, size_gb: 1}]}

    """

  /// Severity, summary and remedy of each.
  private func found(_ files: [String], trees: [String: [String]] = [:]) async throws -> [String] {
    var known = ["/lab/base.qcow2": "1"]
    for file in files { known["/lab/\(file)"] = "1" }
    let contents = [String: [String: String]](
      uniqueKeysWithValues: trees.map { tree in
        ("/lab/\(tree.key)", [String: String](uniqueKeysWithValues: tree.value.map { ($0, "1") }))
      })
    let memory = MemoryHost(inputs: MemoryInputFiles(trees: contents, files: known))
    let notes: Diagnostics
    do {
      notes = try await Laboratory(memory.host).desired(Self.manifest).notes
    } catch let faults as Diagnostics {
      notes = faults
    }
    return notes.all.filter { $0.severity != .note }
      .map { "\($0.severity): \($0.summary); \($0.remedy ?? "-")" }
  }

  @Test func whatIsAsItMustBeIsNoMatter() async throws {
    #expect(
      try await found(
        [
          "web/hooks/0100-a.chroot", "web/hooks/README", "web/hooks/README.md", "web/hooks/notes.md",
          "web/hooks/.hidden", "web/hooks/0100-a.chroot~", "web/notes.txt", "web/README.md", "docs/hosts",
          ".git/hooks/a",
        ], trees: ["common/includes.chroot": ["etc/motd"], "web/includes.choot": ["etc/issue"]]) == [])
  }

  @Test(
    arguments: [
      ("0100-a.sh", "0100-a.chroot"), ("0100-a.chroot.sh", "0100-a.chroot"), ("0100-a", "0100-a.chroot"),
      ("0100-a.hook.chroot.bak", "0100-a.chroot"), ("1.2-a.py", "1.2-a.chroot"),
    ])
  func aHookIsOneByItsName(_ name: String, _ better: String) async throws {
    #expect(
      try await found(["common/hooks/\(name)"]) == [
        "warning: common/hooks/\(name) is not run: names of hooks end in .chroot; "
          + "name it \(better), or move it out of the folder"
      ])
  }

  @Test func hooksInAFolderOfTheirsAreNotRun() async throws {
    #expect(
      try await found(["web/hooks/normal/0100-a.chroot"]) == [
        "warning: nothing in the folder web/hooks/normal is run; "
          + "move its hooks up into web/hooks, or move it elsewhere"
      ])
  }

  @Test func aFolderOfNobodyIsTold() async throws {
    #expect(
      try await found(["wep/hooks/0100-a.chroot", "disk/hooks/a.chroot"], trees: ["others/includes.chroot": ["a"]]) == [
        "warning: disk/hooks goes into no image: disk boots what is on a disk of its own; move the folder elsewhere",
        "warning: others/includes.chroot goes into no image: no virtual machine is called others; rename the folder"
          + " or move it elsewhere: common is for all VMs, each other folder for the VM of its name",
        "warning: wep/hooks goes into no image: no virtual machine is called wep; did you mean web? common is for all"
          + " VMs, each other folder for the VM of its name",
      ])
  }

  @Test func foldersOfOtherManifestsAreTheirs() async throws {
    let found = try await found(["a.yml", "b.yml", "wep/hooks/0100-a.chroot", "others/hooks/0100-a.chroot"])
    #expect(found.count == 1 && found.first?.hasPrefix("warning: wep/hooks goes") == true)
  }

  @Test(
    arguments: [
      ("include.chroot/etc/motd", "includes.chroot"), ("includes/etc/motd", "includes.chroot"),
      ("hook/0100-a.chroot", "hooks"), ("Hooks/0100-a.chroot", "hooks"), ("includes-chroot/a", "includes.chroot"),
    ])
  func aNameThatIsNearIsTold(_ path: String, _ meant: String) async throws {
    let name = path.prefix { $0 != "/" }
    #expect(
      try await found(["web/\(path)"]) == [
        "warning: web/\(name) goes into no image; did you mean \(meant)? or else move it elsewhere"
      ])
  }

  @Test(arguments: ["web/hooks", "web/includes.chroot", "common/includes.chroot", "common", "web"])
  func whatMustBeAFolderIsOne(_ path: String) async throws {
    #expect(
      try await found([path]) == [
        "error: \(path) is no folder; make it one, mend the link where it is one, or move it elsewhere"
      ])
  }

  @Test func filesThatTheBuildClearsAreTold() async throws {
    let trees = [
      "common/includes.chroot": ["tmp/b", "tmp/", "run/a", "etc/motd", "var/log/x/", "var/log/x/.gitkeep"],
      "web/includes.chroot": ["var/log/a", "etc/machine-id"],
      "patched/includes.chroot": ["tmp/a", "var/log/a", "etc/ssh/ssh_host_rsa_key"],
    ]
    let atBoot = "have it written when the machine boots, by a line in etc/tmpfiles.d or by a unit"
    #expect(
      try await found([], trees: trees) == [
        "warning: common/includes.chroot/run/a and 1 more are not in the image: its build clears up there at the end; "
          + atBoot,
        "warning: patched/includes.chroot/etc/ssh/ssh_host_rsa_key is not in the image: each machine has its own; "
          + "leave it out, or write it in a unit at boot",
        "warning: web/includes.chroot/var/log/a is empty in the image: its build empties logs at the end; \(atBoot)",
        "warning: web/includes.chroot/etc/machine-id is not in the image: each machine has its own; "
          + "leave it out, or write it in a unit at boot",
      ])
  }
}

/// The same on a real file system.
struct RealFolderTests {
  /// What is told of a folder that the script makes.
  private func found(_ script: String) async throws -> [String] {
    let folder = FilePath("/tmp/meros-test-\(UInt64.random(in: 0 ... .max))")
    try folder.makeFolders(mode: 0o755)
    defer { #expect(throws: Never.self) { try folder.removeTree() } }
    try await Program("sh", ["-euc", script], in: folder).run("make")
    var host = MemoryHost().host
    host.inputs = LinuxInputFiles(cache: DigestCache(try DataDirectory.open(folder.appending("data"), create: false)))
    let (manifest, _) = try Manifest.load(
      Array("virtual_machines: {web: {}}\n".utf8), file: "lab/constellation.yml", directoryName: "lab")
    let inputs = try await Inputs(for: manifest, in: folder.string, on: host)
    let scope = try Laboratory(host).scope
    do throws(Diagnostics) {
      return try Desired(manifest, inputs, scope: scope).notes.all.filter { $0.severity == .warning }
        .map(\.summary)
    } catch {
      return error.all.filter { $0.severity == .error }.map(\.summary)
    }
  }

  @Test(arguments: ["mkdir web; ln -s nowhere web/hooks", "mkdir web; touch web/hooks", "mkdir web; mkfifo web/hooks"])
  func whatIsNoFolderIsAnError(_ script: String) async throws {
    #expect(try await found(script) == ["lab/web/hooks is no folder"])
  }

  @Test func aLinkToAFolderIsAsGood() async throws {
    #expect(try await found("mkdir -p web other; ln -s ../other web/hooks; ln -s ../other web/includes.chroot") == [])
  }

  @Test func aSecretOfAWorkTreeIsNoneInTheGuest() async throws {
    let found = try await found(
      """
      umask 022; mkdir -p .git web/includes.chroot/etc; cd web/includes.chroot/etc
      touch motd secret token; chmod 600 secret token
      """)
    #expect(
      found == [
        "lab/web/includes.chroot/etc/secret and 1 more will be for everybody in the guest to read: of a file in a git"
          + " work tree meros takes only whether it is executable"
      ])
  }
}
