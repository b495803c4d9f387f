import ArgumentParser
import Diagnostics
import Host
import LinuxHost

struct ImagesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "images",
    abstract: "List what was built: kernels, root file systems and images, and who uses them.",
    discussion: """
      Examples:
        meros images
        meros images --json
        meros images --packages debian-bookworm-1a2b3c4d5e6f
        meros images --sbom debian-bookworm-1a2b3c4d5e6f > web.spdx.json
      """)

  @Option(help: ArgumentHelp("Print what is installed in this image, as an SPDX document in JSON.", valueName: "image"))
  var sbom: String?
  @Option(help: ArgumentHelp("List the packages that are installed in this image.", valueName: "image"))
  var packages: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if sbom != nil && packages != nil { throw ValidationError("--sbom and --packages are two different questions") }
  }

  func run() async throws {
    let invocation = Invocation(common)
    try await invocation.leave { () async throws(CommandFailure) in
      let site = try invocation.site(creating: false)
      let host = site.host
      guard let name = sbom ?? packages else {
        let retention = Retention(try await invocation.storeItems([], site, host), now: currentSecond())
        let view = StoreView(retention, now: currentSecond())
        invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
        return .success
      }
      let (item, installed) = try await contents(of: name, host)
      if sbom != nil {
        invocation.console.print(SPDXView(item.entry, installed, builtAt: item.builtAt).text)
      } else {
        let view = PackagesView(installed)
        invocation.console.print(common.json ? view.json : view.text(invocation.console.paint))
      }
      return .success
    }
  }

  /// The image of this name, or the one whose name begins so.
  private func contents(
    of name: String, _ host: Host
  ) async throws(CommandFailure) -> (StoreItem, [InstalledPackage]) {
    do {
      let images = try await host.store.items().filter { $0.entry.kind == .image }
      let plain = StoreAddress(name)?.name ?? name
      let found = images.filter { $0.entry.name == plain }
      let candidates = found.isEmpty ? images.filter { $0.entry.name.hasPrefix(plain) } : found
      guard candidates.count == 1, let item = candidates.first else {
        let problem = candidates.isEmpty ? "there is no image \(name)" : "there are several images \(name)…"
        throw CommandFailure.diagnostics(
          Diagnostics(Diagnostic(.error, problem, remedy: "meros images lists them; the beginning of a name will do")))
      }
      guard let installed = try await host.store.packages(of: item.entry.name) else {
        throw CommandFailure.diagnostics(
          Diagnostics(
            Diagnostic(
              .error, "nothing is known of what is installed in \(item.entry.name)",
              remedy: "apply its constellation: this version of meros builds it anew, with a list")))
      }
      return (item, installed)
    } catch let error as HostError {
      throw .host(error)
    } catch let error as CommandFailure {
      throw error
    } catch {
      preconditionFailure("nothing else is thrown here: \(error)")
    }
  }
}
