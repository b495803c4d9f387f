package import Network

/// How a store entry is made: everything that goes into it, and nothing else.
package struct Recipe: Hashable, Sendable {
  /// The folder's name in the store.
  package var name: String
  package var fingerprint: Fingerprint
  /// The inputs that the fingerprint is made of, by what a person would call them.
  package var inputs: [String: String]
  package var source: Source

  package init(name: String, fingerprint: Fingerprint, inputs: [String: String], source: Source) {
    self.name = name
    self.fingerprint = fingerprint
    self.inputs = inputs
    self.source = source
  }

  package enum Source: Hashable, Sendable {
    case kernel(KernelSource)
    case rootfs(RootfsSource)
    case image(ImageSource)
    case patch(PatchSource)
  }

  package var kind: StoreKind {
    switch source {
    case .kernel: .kernel
    case .rootfs: .rootfs
    case .image, .patch: .image
    }
  }
}

extension Recipe {
  /// The entries that it is made of.
  package var standsOn: Set<StoreAddress> {
    switch source {
    case .kernel, .patch: []
    case .rootfs(let source): source.base.map { [StoreAddress(.rootfs, $0)] } ?? []
    case .image(let source):
      Set([StoreAddress(.rootfs, source.rootfs)] + (source.loaded.map { [StoreAddress(.kernel, $0.kernel)] } ?? []))
    }
  }
}

/// An entry with `kernel` (what QEMU loads), `initrd` (meros's own initramfs) and, for a kernel with modules,
/// `modules.img` (an ext4 file system with the tree of /lib/modules).
package enum KernelSource: Hashable, Sendable {
  /// The packaged kernel of a distribution, taken out of its package; of these packages, as `RootfsSource.locked`.
  case distribution(PackageSource, [LockedPackage]?)
  /// A kernel image given as a file, absolute path; what it runs on: x86_64 | aarch64 | riscv64.
  case file(String, arch: String)
  /// One that is compiled here; without modules.
  case git(GitKernelSource)
}

/// Where packages of a distribution come from.
package struct PackageSource: Hashable, Sendable {
  /// debian | ubuntu | alpine
  package var distribution: String
  package var release: String
  /// x86_64 | aarch64 | riscv64
  package var arch: String
  /// nil: what mmdebstrap itself takes.
  package var mirror: String?
  /// Components ("main"); empty: the tool's default.
  package var components: [String]
  /// Full `deb …` lines, or repositories of apk, besides the mirror.
  package var sources: [String]
  /// Keys that packages may be signed with besides the distribution's own.
  package var keys: [MirrorKey]
  /// What Alpine begins with, version and digest, "3.20.3 sha512:…"; nil: what the mirror says when it is asked.
  package var minirootfs: String?

  package init(
    distribution: String, release: String, arch: String, mirror: String? = nil, components: [String] = [],
    sources: [String] = [], keys: [MirrorKey] = [], minirootfs: String? = nil
  ) {
    self.distribution = distribution
    self.release = release
    self.arch = arch
    self.mirror = mirror
    self.components = components
    self.sources = sources
    self.keys = keys
    self.minirootfs = minirootfs
  }
}

/// A public key of whoever signs a mirror.
package struct MirrorKey: Hashable, Sendable {
  /// Absolute. apk knows keys by the names of their files.
  package var path: String
  /// Of its content.
  package var digest: String

  package init(path: String, digest: String) {
    self.path = path
    self.digest = digest
  }

  package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// One that apk reads; others are OpenPGP keys.
  package var isOfAPK: Bool { name.hasSuffix(Self.apkEnding) }

  package static let apkEnding = ".rsa.pub"
}

/// An entry with `rootfs.tar`: the tree of an installed distribution, no keys, no machine id.
package struct RootfsSource: Hashable, Sendable {
  package var from: PackageSource
  /// The entry that packages are added to; nil: what every root file system of meros has, and nothing else.
  package var base: String?
  /// What is added to the base, sorted.
  package var packages: [String]
  /// All that this comes to, besides what is in the base, or in the minirootfs. nil: it was not looked up, and nothing can
  /// be built.
  package var locked: [LockedPackage]?

  package init(
    from: PackageSource, base: String? = nil, packages: [String] = [], locked: [LockedPackage]? = nil
  ) {
    self.from = from
    self.base = base
    self.packages = packages
    self.locked = locked
  }
}

/// An entry with `image.qcow2`, one ext4 file system with the label `root`, and a list of the packages in it. The file
/// system is all of it, or, where EFI boots it, stands behind a partition with what EFI loads.
package struct ImageSource: Hashable, Sendable {
  /// The name of the rootfs entry that it starts from.
  package var rootfs: String
  /// What its programs, and so hooks, run on: x86_64 | aarch64 | riscv64
  package var arch: String
  /// `includes.chroot` folders, absolute paths, the later over the earlier.
  package var includes: [String]
  /// Hooks in the order in which they run, absolute paths.
  package var hooks: [String]
  package var hooksReachNetwork: Bool
  package var room: Room
  /// What its loader boots; nil: QEMU loads a kernel.
  package var loaded: Loaded?

  package struct Loaded: Hashable, Sendable {
    /// What starts the loader.
    package var firmware: Firmware
    /// The kernel's entry in the store; its modules come into the root file system.
    package var kernel: String
    /// What is appended to the kernel's command line.
    package var commandLine: String

    package init(by firmware: Firmware, kernel: String, commandLine: String) {
      self.firmware = firmware
      self.kernel = kernel
      self.commandLine = commandLine
    }
  }

  package enum Room: Hashable, Sendable {
    /// So much beyond the tree's size.
    case free(ByteCount)
    /// The whole disk.
    case total(ByteCount)
  }

  package init(
    rootfs: String, arch: String, includes: [String], hooks: [String], hooksReachNetwork: Bool, room: Room,
    loaded: Loaded? = nil
  ) {
    self.rootfs = rootfs
    self.arch = arch
    self.includes = includes
    self.hooks = hooks
    self.hooksReachNetwork = hooksReachNetwork
    self.room = room
    self.loaded = loaded
  }
}

extension Recipe {
  /// The name among the inputs of a file that is laid over the root file system, by its path in `TreeDigest`.
  package static func input(file path: String) -> String { "file \(path)" }

  /// The name among the inputs of the disk image that an image is made of, by its digest.
  package static let baseInput = "use"

  /// The name among the inputs of a package, whose value is the version.
  package static func input(package name: String) -> String { "package \(name)" }

  /// The name among the inputs of a hook, by its file's name.
  package static func input(hook name: String) -> String { "hook \(name)" }

  /// What an input is one of many of, "files", "hooks", "config" or "package versions"; nil for one of a kind.
  package static func group(ofInput name: String) -> String? {
    if name.hasPrefix("file ") { return "files" }
    if name.hasPrefix("hook ") { return "hooks" }
    if name.hasPrefix("CONFIG_") { return "config" }
    if name.hasPrefix("package ") { return "package versions" }
    return nil
  }
}
