#!/bin/sh
# dist-conf.sh: installs what building, running and testing meros needs, and only what is missing of it.
# SPDX-License-Identifier: GPL-3.0-or-later
set -eu

# Administrators' programs are looked for too, whoever asks.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

swift_major=6
swift_minor=3

usage() {
  cat <<'END'
usage: ./dist-conf.sh [--check] [build] [run] [test] [kernel] [desktop] [bench] [aarch64]
                      [riscv64]

Installs what meros needs and this machine lacks, with the system's own package manager.
Without a group, the first three are looked at; what is missing of the others is told:
  build    to compile meros
  run      to build images and run virtual machines
  test     what the tests use besides
  kernel   to compile kernels from git (kernels: {NAME: {source: git}})
  desktop  to show windows and screens of virtual machines on the desktop here (meros run, connect --display)
  bench    what meros-bench compares with and counts by
  aarch64, riscv64
           to build and run machines of that architecture under emulation (arch: aarch64)

  --check     say what is missing and change nothing
  -h, --help  show this text

Exit codes: 0 everything is here, 1 something is missing, 64 wrong usage.
END
}

# One need per line: group | how to see that it is there | package on Debian and Ubuntu | on Alpine | on Fedora | what for
# How to see it: cmd:PROGRAM, pkg:NAME for pkg-config, file:PATTERN[,PATTERN] (any one), static:PROGRAM for a program
# without shared libraries, swiftlib:LIBRARY for a library that the installed Swift loads. "-": not packaged there.
needs() {
  cat <<'END'
build|file:/usr/include/stdio.h|libc6-dev|musl-dev|glibc-devel|headers of the C library
build|file:/usr/include/c++/*/cstddef|g++|g++|gcc-c++|headers of the C++ library, for cryptography
build|cmd:ld|binutils|binutils|binutils|linking
build|cmd:pkg-config|pkg-config|pkgconf|pkgconf-pkg-config|finding C libraries
build|pkg:yaml-0.1|libyaml-dev|yaml-dev|libyaml-devel|reading manifests
build|pkg:libmnl|libmnl-dev|libmnl-dev|libmnl-devel|bridges and taps
build|pkg:libnftnl|libnftnl-dev|libnftnl-dev|libnftnl-devel|the packet filter
build|cmd:git|git|git|git|fetching Swift packages
build|file:/etc/ssl/certs/ca-certificates.crt,/etc/pki/tls/certs/ca-bundle.crt|ca-certificates|ca-certificates|ca-certificates|fetching Swift packages
build|swiftlib:libcurl.so|libcurl4-openssl-dev|curl-dev|libcurl-devel|the Swift package manager
build|swiftlib:libsqlite3.so|libsqlite3-dev|sqlite-dev|sqlite-devel|the Swift package manager
build|swiftlib:libncurses.so|libncurses-dev|ncurses-dev|ncurses-devel|the Swift package manager
build|swiftlib:libxml2.so|libxml2-dev|libxml2-dev|libxml2-devel|the Swift package manager
run|cmd:qemu-system-x86_64|qemu-system-x86|qemu-system-x86_64|qemu-system-x86-core|running virtual machines
run|cmd:qemu-img|qemu-utils|qemu-img|qemu-img|disks
run|cmd:qemu-storage-daemon|qemu-system-common|qemu-storage-daemon|qemu-storage-daemon|working on disk images
run|file:/usr/share/OVMF/OVMF_CODE*.fd,/usr/share/edk2/ovmf/OVMF_CODE.fd|ovmf|ovmf|edk2-ovmf|machines that boot by EFI
run|cmd:mcopy|mtools|mtools|mtools|images with a loader
run|cmd:mkfs.vfat|dosfstools|dosfstools|dosfstools|images with a loader
run|cmd:syslinux|syslinux|syslinux|syslinux|building machines that boot by BIOS
run|file:/usr/lib/syslinux/mbr/mbr.bin,/usr/share/syslinux/mbr.bin|syslinux-common|syslinux|syslinux|building machines that boot by BIOS
run|file:/usr/lib/systemd/boot/efi/systemd-bootx64.efi|systemd-boot-efi|systemd-boot|systemd-boot-unsigned|building machines that boot by EFI
run|cmd:mmdebstrap|mmdebstrap|mmdebstrap|mmdebstrap|Debian root file systems
run|cmd:apt-get|apt|apt|apt|Debian packages
run|cmd:apt-ftparchive|apt-utils|apt|apt-utils|Debian packages
run|cmd:dpkg-deb|dpkg|dpkg|dpkg|Debian packages
run|cmd:gpg|gpg|gnupg|gnupg2|checking signatures of distributions
run|cmd:curl|curl|curl|curl|releases of Alpine
run|file:/usr/share/keyrings/debian-archive-keyring.*|debian-archive-keyring|debian-archive-keyring|debian-keyring|checking Debian's signatures
run|cmd:mke2fs|e2fsprogs|e2fsprogs|e2fsprogs|file systems of images
run|cmd:debugfs|e2fsprogs|e2fsprogs-extra|e2fsprogs|images that come out the same each time
run|cmd:e2fsck|e2fsprogs|e2fsprogs|e2fsprogs|working on disk images
run|cmd:resize2fs|e2fsprogs|e2fsprogs-extra|e2fsprogs|working on disk images
run|cmd:sfdisk|fdisk|sfdisk|util-linux-core|working on disk images
run|cmd:partx|util-linux|partx|util-linux-core|working on disk images
run|cmd:blkid|util-linux|blkid|util-linux-core|working on disk images
run|cmd:lvm|lvm2|lvm2|lvm2|disk images whose root is in LVM
run|cmd:mkfs.xfs|xfsprogs|xfsprogs|xfsprogs|data disks with fs_type: xfs
run|cmd:mkfs.btrfs|btrfs-progs|btrfs-progs|btrfs-progs|data disks with fs_type: btrfs
run|cmd:dnsmasq|dnsmasq-base|dnsmasq|dnsmasq|name servers of bridges
run|cmd:ssh|openssh-client|openssh-client-default|openssh-clients|reaching virtual machines
run|cmd:rsync|rsync|rsync|rsync|copying to and from virtual machines
run|cmd:ssh-keygen|openssh-client|openssh-keygen|openssh|making keys
run|static:busybox|busybox-static|busybox-static|busybox|the first program in a booting virtual machine
run|cmd:capsh|libcap2-bin|libcap-utils|libcap|containing hooks, and apk that looks packages up
run|cmd:depmod|kmod|kmod|kmod|kernel modules
run|cmd:cpio|cpio|cpio|cpio|the initramfs
run|cmd:zstd|zstd|zstd|zstd|unpacking packages and modules
run|cmd:xz|xz-utils|xz|xz|unpacking modules
run|cmd:awk|mawk|busybox|gawk|building images
run|cmd:mount|mount|mount|util-linux-core|builds in mounts of their own
run|cmd:unshare|util-linux|util-linux-misc|util-linux|builds in mounts of their own
run|cmd:nsenter|util-linux|util-linux-misc|util-linux|machines in another network namespace
run|cmd:setpriv|util-linux|setpriv|util-linux|hooks without rights over the machine
run|cmd:timeout|coreutils|coreutils|coreutils|hooks that never end
run|cmd:dot|graphviz|graphviz|graphviz|pictures of constellations as svg
test|cmd:ip|iproute2|iproute2|iproute|network namespaces for tests
test|cmd:nft|nftables|nftables|nftables|comparing rules with another reader
test|cmd:openssl|openssl|openssl|openssl|signing packages for tests
test|cmd:python3|python3|python3|python3|small servers for tests
test|file:/usr/lib/python3/dist-packages/jsonschema,/usr/lib/python3*/site-packages/jsonschema|python3-jsonschema|py3-jsonschema|python3-jsonschema|checking examples against the schema
test|file:/usr/lib/python3/dist-packages/yaml,/usr/lib*/python3*/site-packages/yaml|python3-yaml|py3-yaml|python3-pyyaml|checking examples against the schema
test|cmd:sshd|openssh-server|openssh-server|openssh-server|something to log in to
test|cmd:syslinux|syslinux|syslinux|syslinux|images that boot by themselves
test|file:/usr/lib/syslinux/mbr/mbr.bin,/usr/share/syslinux/mbr.bin|syslinux-common|syslinux|syslinux|images that boot by themselves
test|cmd:ping|iputils-ping|iputils-ping|iputils|packets for tests
test|cmd:make|make|make|make|a stand-in for kernel sources
test|cmd:waypipe|waypipe|waypipe|waypipe|windows of virtual machines
test|cmd:sway|sway|sway|sway|a desktop for windows
test|cmd:grim|grim|grim|grim|looking at windows
test|cmd:qemu-system-aarch64|qemu-system-arm|qemu-system-aarch64|qemu-system-aarch64-core|machines of aarch64
test|static:qemu-aarch64|qemu-user-static|qemu-aarch64|qemu-user-static-aarch64|root file systems of aarch64
test|cmd:mandoc|mandoc|mandoc|mandoc|checking the manual page
kernel|cmd:git|git|git|git|fetching kernel sources
kernel|cmd:make|make|make|make|compiling kernels
kernel|cmd:gcc|gcc|gcc|gcc|compiling kernels
kernel|cmd:ld|binutils|binutils|binutils|compiling kernels
kernel|file:/usr/include/stdio.h|libc6-dev|musl-dev|glibc-devel|compiling kernels
kernel|cmd:flex|flex|flex|flex|the kernel's configuration
kernel|cmd:bison|bison|bison|bison|the kernel's configuration
kernel|cmd:bc|bc|bc|bc|compiling kernels
kernel|cmd:perl|perl|perl|perl-interpreter|compiling kernels
kernel|file:/usr/include/gelf.h|libelf-dev|elfutils-dev|elfutils-libelf-devel|checking compiled kernels
kernel|file:/usr/include/openssl/ssl.h|libssl-dev|openssl-dev|openssl-devel|signatures of kernels
desktop|cmd:waypipe|waypipe|waypipe|waypipe|showing windows of virtual machines
desktop|cmd:vncviewer|tigervnc-viewer|tigervnc-client|tigervnc|showing screens of virtual machines
bench|cmd:strace|strace|strace|strace|counting processes
bench|cmd:virt-customize|libguestfs-tools|guestfs-tools|guestfs-tools|a peer that works on disk images
bench|file:/boot/vmlinuz*|linux-image-cloud-amd64|linux-virt|kernel-core|the kernel of that peer
aarch64|cmd:qemu-system-aarch64|qemu-system-arm|qemu-system-aarch64|qemu-system-aarch64-core|machines of aarch64
aarch64|static:qemu-aarch64|qemu-user-static|qemu-aarch64|qemu-user-static-aarch64|root file systems of aarch64
riscv64|cmd:qemu-system-riscv64|qemu-system-misc|qemu-system-riscv64|qemu-system-riscv-core|machines of riscv64
riscv64|static:qemu-riscv64|qemu-user-static|qemu-riscv64|qemu-user-static-riscv|root file systems of riscv64
END
}

# What the installed Swift package manager loads, and what of it is not found; empty without Swift.
swift_libraries() {
  program=$(command -v swift) || return 0
  program=$(dirname "$(readlink -f "$program")")/swift-build
  if [ -x "$program" ]; then ldd "$program" 2>/dev/null || true; fi
}

# $1: a way to see something, as in the list above.
is_present() {
  what=${1#*:}
  case $1 in
    cmd:*) command -v "$what" >/dev/null ;;
    pkg:*) command -v pkg-config >/dev/null && pkg-config --exists "$what" ;;
    static:*)
      for program in "$what" "$what.static" "$what-static"; do
        found=$(command -v "$program") || continue
        # The words of glibc's ldd and of musl's.
        if LC_ALL=C ldd "$found" 2>&1 | grep -qi -e 'not a dynamic' -e 'statically' -e 'not a valid dynamic'; then
          return 0
        fi
      done
      return 1
      ;;
    swiftlib:*)
      # Without Swift nobody can tell; the next run will.
      if printf '%s\n' "$libraries" | grep -F "$what" | grep -q 'not found'; then return 1; fi
      return 0
      ;;
    file:*)
      old_ifs=$IFS
      IFS=,
      # Patterns are split and expanded on purpose.
      # shellcheck disable=SC2086
      set -- $what
      IFS=$old_ifs
      for path in "$@"; do
        if [ -e "$path" ]; then return 0; fi
      done
      return 1
      ;;
  esac
}

# The Swift that is installed, "6.3"; empty without one.
swift_version() {
  command -v swift >/dev/null || return 0
  swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1
}

is_swift_present() {
  version=$(swift_version)
  [ -n "$version" ] || return 1
  major=${version%%.*}
  minor=${version#*.}
  [ "$major" -gt "$swift_major" ] || { [ "$major" -eq "$swift_major" ] && [ "$minor" -ge "$swift_minor" ]; }
}

# Which package manager's names apply: debian, alpine or fedora; empty for a system that is not known.
system_family() {
  for id in $system_id $system_like; do
    case $id in
      debian | ubuntu) echo debian && return ;;
      alpine) echo alpine && return ;;
      fedora) echo fedora && return ;;
    esac
  done
}

# Sets `missing` (what for, one per line) and `packages` (sorted, each once) from the chosen groups.
look() {
  missing=
  packages=
  libraries=$(swift_libraries)
  while IFS='|' read -r group probe debian alpine fedora purpose; do
    case " $groups " in *" $group "*) ;; *) continue ;; esac
    if is_present "$probe"; then continue; fi
    case $family in
      alpine) package=$alpine ;;
      fedora) package=$fedora ;;
      # A system that is not known is told Debian's names: they are the best known.
      *) package=$debian ;;
    esac
    missing="$missing  ${probe#*:} ($purpose): package $package
"
    packages="$packages $package"
  done <<END
$(needs)
END
  # shellcheck disable=SC2086
  packages=$(printf '%s\n' $packages | sort -u | tr '\n' ' ')
  packages=${packages% }
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# The command that installs what follows it.
installer() {
  case $family in
    # What QEMU needs to start is among its dependencies; the desktop parts that it recommends are not needed.
    debian) echo "apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends" ;;
    alpine) echo "apk add" ;;
    fedora) echo "dnf install --assumeyes --setopt=install_weak_deps=False" ;;
  esac
}

refresh_lists() {
  as_root apt-get -o DPkg::Lock::Timeout=120 update || echo "dist-conf.sh: could not refresh the package lists" >&2
  lists_are_fresh=true
}

install_packages() {
  if [ "$family" = debian ]; then
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    # Lists that are empty or know nothing of a package are fetched first; others are taken as they are.
    if ! apt-cache show "$@" >/dev/null 2>&1; then
      refresh_lists
    fi
  fi
  # The installer's words are several on purpose.
  # shellcheck disable=SC2046
  as_root $(installer) "$@" && return
  if [ "$family" = debian ] && [ "$lists_are_fresh" = false ]; then
    # Old lists name versions that the mirror has dropped.
    refresh_lists
    # shellcheck disable=SC2046
    as_root $(installer) "$@" && return
  fi
  # One that cannot be had should not keep the others away.
  for package in "$@"; do
    # shellcheck disable=SC2046
    as_root $(installer) "$package" || echo "dist-conf.sh: could not install $package" >&2
  done
}

explain_swift() {
  version=$(swift_version)
  if [ -z "$version" ] && command -v swift >/dev/null; then
    echo "Swift is here but does not start: $(command -v swift)" >&2
    return
  fi
  echo "Building meros needs Swift $swift_major.$swift_minor or later; here is ${version:-none}." >&2
  if [ "$family" = alpine ]; then
    echo "There is no Swift toolchain for Alpine: build meros on a system with glibc." >&2
  else
    cat >&2 <<END
Install it with swiftly, the installer that the "Install" page of swift.org describes, or unpack the toolchain for your
system from the same page and put its usr/bin into PATH. Then run ./dist-conf.sh again.
END
  fi
}

is_checking=false
groups=
while [ $# -gt 0 ]; do
  case $1 in
    --check) is_checking=true ;;
    -h | --help) usage && exit 0 ;;
    build | run | test | kernel | desktop | bench | aarch64 | riscv64) groups="$groups $1" ;;
    *)
      echo "dist-conf.sh: unknown argument: $1" >&2
      usage >&2
      exit 64
      ;;
  esac
  shift
done
usual="build run test"
groups=${groups:-$usual}

system_id=
system_like=
system_name="this system"
if [ -r /etc/os-release ]; then
  # shellcheck disable=SC1091
  system_id=$(. /etc/os-release && echo "${ID:-}")
  # shellcheck disable=SC1091
  system_like=$(. /etc/os-release && echo "${ID_LIKE:-}")
  # shellcheck disable=SC1091
  system_name=$(. /etc/os-release && echo "${PRETTY_NAME:-${ID:-this system}}")
fi
family=$(system_family)
lists_are_fresh=false

look
if [ -n "$missing" ]; then
  printf 'Missing:\n%s' "$missing"
  if [ -z "$family" ]; then
    echo "dist-conf.sh does not know how to install on $system_name; the packages above are called so on Debian." >&2
    echo "Install what gives the programs, libraries and files above, then run ./dist-conf.sh --check." >&2
    exit 1
  fi
  command="$(installer) $packages"
  if [ "$is_checking" = true ]; then
    echo "To install: $command"
  elif [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "dist-conf.sh: root is needed to install, and there is no sudo. Run as root: $command" >&2
    exit 1
  else
    echo "Installing: $packages"
    # shellcheck disable=SC2086
    install_packages $packages
    look
    if [ -n "$missing" ]; then
      printf 'dist-conf.sh: still missing on %s:\n%s' "$system_name" "$missing" >&2
      exit 1
    fi
  fi
fi

case " $groups " in
  *" build "*)
    if ! is_swift_present; then
      explain_swift
      exit 1
    fi
    ;;
esac
if [ -n "$missing" ]; then exit 1; fi
if [ "$groups" = "$usual" ]; then
  for groups in kernel desktop bench aarch64 riscv64; do
    look
    if [ -n "$missing" ]; then
      printf 'Not needed by everybody, and installed by ./dist-conf.sh %s:\n%s' "$groups" "$missing"
    fi
  done
fi
echo "Everything that meros needs is here."
