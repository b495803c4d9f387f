// swift-tools-version: 6.3
// meros: a declarative reconciler for constellations of virtual machines.
// SPDX-License-Identifier: GPL-3.0-or-later

import PackageDescription

let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

// In the order of dependence: a target uses only what stands above it.
let package = Package(
  name: "meros",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
    .systemLibrary(name: "CNftnl", pkgConfig: "libnftnl", providers: [.apt(["libnftnl-dev"])]),
    .target(name: "CLinux"),
    .target(name: "Diagnostics"),
    .target(name: "YAML", dependencies: ["CYAML", "Diagnostics"]),
    .target(name: "Network"),
    .target(name: "Netlink", dependencies: ["CMnl", "CLinux", "Network"]),
    .target(name: "NFTables", dependencies: ["CNftnl", "CMnl", "CLinux", "Netlink", "Network"]),
    .target(name: "QMP", dependencies: ["CLinux"]),
    .target(name: "Host", dependencies: ["Network", system]),
    .target(name: "Reachability", dependencies: ["Network"]),
    .target(name: "Manifest", dependencies: ["YAML", "Diagnostics", "Network"]),
    .target(name: "Reconcile", dependencies: ["Host", "Network"]),
    .target(
      name: "Resources",
      dependencies: ["Reconcile", "Manifest", "Reachability", "Host", "Network", "Diagnostics", crypto]),
    .target(
      name: "LinuxHost",
      dependencies: [
        "Host", "Network", "Netlink", "NFTables", "QMP", "YAML", "Diagnostics", "CLinux", crypto, subprocess, system,
      ]),
    .target(
      name: "MerosCommand",
      dependencies: [
        "LinuxHost", "Resources", "Reconcile", "Manifest", "Host", "Netlink", "QMP", "Network", "Diagnostics",
        argumentParser, crypto, system,
      ]),
    .executableTarget(name: "meros", dependencies: ["MerosCommand"]),
    .executableTarget(
      name: "meros-bench",
      dependencies: [
        "MerosCommand", "LinuxHost", "Resources", "Reachability", "Reconcile", "Manifest", "NFTables", "Netlink", "QMP",
        "Network", "Host", argumentParser, system,
      ]),

    .target(
      name: "HostTesting", dependencies: ["Host", "Network", subprocess, system], path: "Tests/HostTesting"),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "YAMLTests", dependencies: ["YAML", "Diagnostics"]),
    .testTarget(name: "NetworkTests", dependencies: ["Network"]),
    .testTarget(name: "NetlinkTests", dependencies: ["Netlink", "Network", "CLinux", "HostTesting"]),
    .testTarget(name: "NFTablesTests", dependencies: ["NFTables", "Netlink", "Network", "CLinux", "HostTesting"]),
    .testTarget(name: "QMPTests", dependencies: ["QMP"]),
    .testTarget(name: "ReachabilityTests", dependencies: ["Reachability", "Network"]),
    .testTarget(name: "ManifestTests", dependencies: ["Manifest", "YAML", "Diagnostics", "Network"]),
    .testTarget(name: "ReconcileTests", dependencies: ["Reconcile", "Host", "Network", "HostTesting"]),
    .testTarget(
      name: "ResourcesTests",
      dependencies: [
        "Resources", "Reconcile", "Manifest", "Reachability", "Host", "LinuxHost", "NFTables", "Netlink", "Network",
        "HostTesting", system,
      ]),
    .testTarget(
      name: "LinuxHostTests",
      dependencies: ["LinuxHost", "Netlink", "Host", "Network", "CLinux", "HostTesting", subprocess, system]),
    .testTarget(
      name: "MerosCommandTests",
      dependencies: [
        "MerosCommand", "LinuxHost", "Resources", "Reconcile", "Manifest", "Host", "Netlink", "QMP", "Network", "YAML",
        "Diagnostics", "HostTesting", argumentParser, system,
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "MerosCommand", "LinuxHost", "Resources", "Reconcile", "NFTables", "Netlink", "QMP", "Network", "Host",
        "HostTesting", system,
      ]),
  ],
  cLanguageStandard: .gnu17
)

for target in package.targets where target.type != .system && target.name != "CLinux" {
  target.swiftSettings = [
    .enableUpcomingFeature("ApproachableConcurrency"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .strictMemorySafety(),
  ]
}
