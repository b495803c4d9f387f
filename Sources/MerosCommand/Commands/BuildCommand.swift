import ArgumentParser
import Host
import LinuxHost

struct BuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Make the root disks of VMs, and the kernels that they boot, and start nothing.",
    discussion: """
      It is the part of the plan of apply that makes disks: one qcow2 image for each VM below disks/ of the data \
      directory. A disk that exists is made anew only where apply would do so, with the same questions; what was written \
      on it is lost.

      Examples:
        meros build lab
        meros build lab web db
        meros build --rootfs-only lab
        meros build --use debian-12-generic.qcow2 lab web
      """)

  @Argument(help: "A directory, a manifest or a name.", completion: .constellations)
  var constellation: String
  @Argument(help: "Only these VMs.", completion: .machines)
  var machines: [String] = []
  @Flag(name: .customLong("rootfs-only"), help: "Root disks alone, no kernels.")
  var isRootOnly = false
  @Option(
    name: .customLong("use"),
    help: ArgumentHelp(
      "Make the disks of this disk image instead of what the manifest says, as its key use does.", valueName: "image"))
  var image: String?
  @OptionGroup var common: CommonOptions
  @OptionGroup var options: ApplyOptions

  func validate() throws {
    if image?.isEmpty ?? false { throw ValidationError("--use takes a disk image") }
    if isRootOnly && image != nil {
      throw ValidationError(
        "--rootfs-only builds what the manifest says, --use takes an image instead: give one of them")
    }
  }

  func run() async throws {
    let invocation = Invocation(common, isStream: true)
    try await invocation.leave { () async throws(CommandFailure) in
      try invocation.require([.root, .networkAdministration, .systemAdministration], for: "build")
      let choice = try image.map { name throws(CommandFailure) in
        ImageChoice(image: try invocation.existing(name, as: "disk image", of: "--use"), machines: Set(machines))
      }
      let applier = Applier(invocation, options, isDestruction: false)
      return try await applier.build(
        BuildSelection(constellation: constellation, machines: machines, isRootOnly: isRootOnly, image: choice))
    }
  }
}
