package import Host
import QMP

/// The packages of an image.
package struct PackagesView {
  private let packages: [InstalledPackage]

  package init(_ packages: [InstalledPackage]) { self.packages = packages }

  package func text(_ paint: Paint) -> String {
    Table(rows: [["PACKAGE", "VERSION", "ARCHITECTURE"]] + packages.map { [$0.name, $0.version, $0.architecture] })
      .text(paint)
  }

  package var json: String {
    let value: JSON = [
      "format_version": .string(PlanJSON.formatVersion),
      "packages": .array(
        packages.map { package in
          [
            "name": .string(package.name), "version": .string(package.version),
            "architecture": .string(package.architecture), "source": .string(package.source),
            "license": package.license.map(JSON.string) ?? .null,
          ]
        }),
    ]
    return "\(value)\n"
  }
}
