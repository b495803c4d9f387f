package import Diagnostics
package import Network

/// A virtual machine, `defaults` applied.
package struct VirtualMachineSpec: Equatable, Sendable {
  /// Also its host name: at most 63 of `a-z`, `0-9` and `-`.
  package var name: Located<String>
  package var root: RootDisk
  package var arch: Located<Architecture>
  /// To install besides what every VM has.
  package var packages: [Located<String>]
  /// Hooks may reach the network while an image is built.
  package var hooksReachNetwork: Bool
  /// How it boots; nil: as the image of `use` does by itself.
  package var boot: Located<Boot>?
  /// nil: the distribution's own kernel, where it boots one.
  package var kernel: Located<KernelChoice>?
  /// Appended to the kernel's command line.
  package var commandLine: Located<String>?
  package var memory: Located<ByteCount>
  package var cpus: Located<Int>
  package var acceleration: Located<Acceleration>
  package var display: Located<Display>
  /// Room beyond the tree's size; `diskSize` goes before it.
  package var buildFree: Located<ByteCount>
  /// The size of the whole root disk; also what the old form's `size_gb` says of a root disk that is built or cloned.
  package var diskSize: Located<ByteCount>?
  package var user: UserSpec?
  package var networks: [NetworkSpec]
  /// Data disks, without the root disk.
  package var disks: [DiskSpec]
  package var limits: LimitsSpec?
  package var readiness: ReadinessSpec
  /// Names of VMs that are ready before it is started; they exist, without a cycle.
  package var dependsOn: [Located<String>]
  package var onImageChange: Located<ImageChange>
  /// Never deleted or rebuilt.
  package var isProtected: Located<Bool>
  /// As they were written, in their order.
  package var qemuArguments: [Located<String>]

  package enum Architecture: String, CaseIterable, Sendable {
    case x86 = "x86_64"
    case aarch64, riscv64

    /// What Debian calls those that it calls otherwise.
    package static let otherNames = ["amd64": x86, "arm64": aarch64]

    /// nil for a word that is neither's.
    package init?(written word: String) {
      guard let found = Self(rawValue: word) ?? Self.otherNames[word] else { return nil }
      self = found
    }
  }

  package enum Boot: String, CaseIterable, Sendable {
    /// With a kernel that QEMU loads.
    case kernel
    case bios, efi
  }

  /// What the key `kvm` says.
  package enum Acceleration: String, CaseIterable, Sendable {
    /// KVM where it is proven, else TCG.
    case auto
    /// The same, but TCG is worth a warning: `kvm: true`.
    case wanted
    /// TCG: `kvm: false`.
    case unwanted
  }

  package enum Display: String, CaseIterable, Sendable {
    case none, window, vnc
  }

  package enum ImageChange: String, CaseIterable, Sendable {
    case rebuild, keep
  }
}
