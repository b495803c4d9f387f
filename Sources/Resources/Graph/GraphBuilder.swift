import Diagnostics
import Host
import Manifest
import Network
import Reconcile

/// Turns a manifest into resources, section by section.
struct GraphBuilder {
  let manifest: Manifest
  let inputs: Inputs
  let naming: Naming
  var builds = SharedBuilds()
  var diagnostics = Diagnostics()

  var scope: Scope { naming.scope }

  /// All resources; what is wrong is in `diagnostics`.
  mutating func resources() -> [any Resource] {
    checkOrigins()
    checkFolders()
    var all: [any Resource] = networkResources()
    all.append(Key(.client, of: scope))
    let hosts = GuestIdentity.HostLine.all(of: manifest)
    all.append(contentsOf: nameservers(hosts).map { $0 as any Resource })
    // VMs that are built alike share their kernel, root file system and image.
    var built: [ResourceAddress: any Resource] = [:]
    for machine in manifest.virtualMachines {
      all.append(Key(.host(vm: machine.name.value), of: scope))
      let boot = bootChain(of: machine)
      for resource in boot.shared { built[resource.address] = resource }
      let disks = diskResources(of: machine, image: boot.image)
      all.append(contentsOf: disks.map { $0 as any Resource })
      if let limit = limit(of: machine) { all.append(limit) }
      all.append(virtualMachine(machine, boot: boot, disks: disks, hosts: hosts))
    }
    return all + built.values
  }

  /// A path relative to the constellation's directory, as a person would name it who named the manifest as it was named.
  func beside(_ path: String) -> String {
    let folder = manifest.name.location.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return path.hasPrefix("/") ? path : (folder + [path[...]]).joined(separator: "/")
  }

  /// What was looked up is there.
  mutating func checkOrigins() {
    for kernel in manifest.kernels {
      guard case .git(let url, let ref, _) = kernel.source, let name = kernel.source.movingName,
        inputs.unknown.contains(name)
      else { continue }
      diagnostics.error(
        "\(url?.value ?? KernelSpec.usualRepository) has no branch or tag \(ref.value)", at: ref.location,
        remedy: "git ls-remote shows those that there are; a commit is written in full, with its 40 digits")
    }
  }
}
