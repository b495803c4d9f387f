import Glibc
package import SystemPackage

/// A mirror of Alpine on loopback: the real minirootfs out of `../shared/alpine`, and small signed packages, among them
/// stand-ins for openrc, an ssh server (this machine's own, with its libraries) and a kernel, which are not to be had there.
package struct AlpineMirror: Sendable {
  /// Absolute; laid out as a mirror is. Tests may change what lies in it.
  package let folder: FilePath
  private let server: FileServer

  /// What goes into `mirror`.
  package var url: String { server.url }

  /// From now on nobody answers.
  package func stop() { server.stop() }

  /// The public key that packages are signed with.
  package var key: FilePath { folder.pushing("keys/tests@meros.rsa.pub") }
  package var minirootfs: FilePath {
    folder.pushing("v3.20/releases/x86_64/alpine-minirootfs-3.20.3-x86_64.tar.gz")
  }
  package func package(_ name: String) -> FilePath { folder.pushing("v3.20/main/x86_64").appending("\(name).apk") }

  private static let shared = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().removingLastComponent().pushing("shared/alpine")

  /// The minirootfs is here.
  package static var isAvailable: Bool {
    unsafe geteuid() == 0 && shared.appending("mkmirror.py").withPlatformString { unsafe access($0, R_OK) } == 0
  }

  /// From now on this is the only version that there is of the package; it holds `/usr/share/NAME.version`.
  package func hold(_ name: String, _ version: String, depends: [String] = [], in component: String = "main") throws {
    try run("hold(*sys.argv[4:])", [component, name, version] + depends)
  }

  /// From now on there is no such package.
  package func drop(_ name: String) throws { try run("drop(sys.argv[4]); index()", ["main", name]) }

  private func run(_ deed: String, _ arguments: [String]) throws {
    try TestProgram.run(["python3", "-c", Self.tool + deed, Self.shared.string, folder.string] + arguments)
  }

  /// Makes a mirror in the folder, serves it, and calls `body`.
  package static func with<R>(
    in folder: FilePath, _ body: (AlpineMirror) async throws -> R
  ) async throws -> R {
    try TestProgram.run(["python3", "-c", tool + maker, shared.string, folder.string, "main"])
    return try await FileServer.with(folder) { try await body(AlpineMirror(folder: folder, server: $0)) }
  }

  /// Arguments: where the minirootfs and the maker of packages are, the folder of the mirror, and the component. `index`
  /// lists what lies in that.
  private static let tool = #"""
    import glob, os, re, shutil, subprocess, sys
    shared, folder = sys.argv[1:3]
    sys.path.insert(0, shared)
    sys.dont_write_bytecode = True
    import mkmirror
    compress = mkmirror.gzip.compress
    # Most of the time would go into that.
    mkmirror.gzip.compress = lambda data, level, mtime: compress(data, 1, mtime=mtime)
    releases, keys = folder + "/v3.20/releases/x86_64", folder + "/keys"
    packages = f"{folder}/v3.20/{sys.argv[3]}/x86_64"
    key, name = folder + "/private.rsa", "tests@meros.rsa.pub"

    def package(title, version, files, depends=(), scripts={}):
        entries, seen = [], set()
        for path in sorted(files):
            parts = path.split("/")
            for depth in range(1, len(parts)):
                place = "/".join(parts[:depth])
                if place not in seen:
                    seen.add(place)
                    entries.append((place, "d", None, 0o755))
            data, mode = files[path]
            entries.append((path, "f", data, mode))
        mkmirror.mkapk(f"{packages}/{title}-{version}.apk", title, version, "x86_64", entries, key, name, depends, scripts)

    def index():
        tree = folder + "/tree"
        os.makedirs(tree)
        subprocess.run(["tar", "-xzf", glob.glob(releases + "/*.tar.gz")[0], "-C", tree], check=True)
        subprocess.run([tree + "/lib/ld-musl-x86_64.so.1", "--library-path", f"{tree}/lib:{tree}/usr/lib", tree + "/sbin/apk",
                        "index", "--quiet", "--keys-dir", keys, "--output", packages + "/index"]
                       + sorted(glob.glob(packages + "/*.apk")), check=True)
        with open(packages + "/index", "rb") as file: index = file.read()
        with open(packages + "/APKINDEX.tar.gz", "wb") as file: file.write(mkmirror.sign(index, key, name))
        os.remove(packages + "/index")
        shutil.rmtree(tree)

    def drop(title):
        for path in glob.glob(f"{packages}/{title}-[0-9]*.apk"): os.remove(path)

    def hold(title, version, *depends):
        os.makedirs(packages, exist_ok=True)
        drop(title)
        package(title, version, {f"usr/share/{title}.version": (version.encode(), 0o644)}, depends)
        index()

    """#

  private static let maker = #"""
    for place in (packages, keys): os.makedirs(place)
    shutil.copytree(shared + "/v3.20/releases/x86_64", releases)
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", keys + "/" + name], check=True,
                   stderr=subprocess.DEVNULL)

    openrc = b'''#!/bin/sh
    if [ "$1" = sysinit ]; then
      mount -t proc proc /proc
      mount -t sysfs sysfs /sys
      mount -t tmpfs run /run
      mkdir -p /dev/pts
      mount -t devpts devpts /dev/pts
    fi
    for service in /etc/runlevels/"$1"/*; do
      if [ -x "$service" ]; then "$service" start; fi
    done
    '''
    package("openrc", "0.54-r1", {"sbin/openrc": (openrc, 0o755)})

    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:/usr/bin")
    files = {
        "usr/sbin/sshd": (open(sshd, "rb").read(), 0o755),
        "etc/init.d/sshd": (b"#!/bin/sh\n[ \"$1\" = start ] || exit 0\nmkdir -p /run/sshd\nexec /usr/sbin/sshd\n", 0o755),
        "etc/ssh/sshd_config": (b"HostKey /etc/ssh/ssh_host_ed25519_key\nUsePAM no\n", 0o644),
    }
    told = subprocess.run(["ldd", sshd], check=True, stdout=subprocess.PIPE, text=True).stdout
    for library in re.findall(r"(/\S+) \(0x", told):
        files[library.lstrip("/")] = (open(library, "rb").read(), 0o755)
    package("openssh-server", "9.7-r4", files)

    package("hello", "1.0-r0", {"usr/bin/hello": (b"#!/bin/sh\ncat /usr/share/hello\n", 0o755)}, ["libhello"])
    package("libhello", "2.1-r3", {"usr/share/hello": (b"hello\n", 0o644)},
            scripts={".post-install": "#!/bin/sh\n[ -c /dev/null ] && [ -e /proc/1/stat ] && echo made >/etc/libhello\n"})

    virtio = ["virtio_pci", "virtio_mmio", "virtio_blk", "virtio_net", "virtio_console", "virtio_rng", "qemu_fw_cfg", "ext4"]
    place = "lib/modules/6.6-0-virt/modules"
    package("linux-virt", "6.6-r0", {
        "boot/vmlinuz-virt": (b"a kernel\n", 0o644), f"{place}.order": (b"", 0o644),
        f"{place}.builtin": ("".join(f"kernel/{module}.ko\n" for module in virtio).encode(), 0o644)},
            scripts={".post-install": "#!/bin/sh\nexit 1\n"})
    with open(shutil.which("busybox"), "rb") as file: busybox = file.read()
    package("busybox-static", "1.36.1-r29", {"bin/busybox.static": (busybox, 0o755)})
    index()
    """#
}
