import HostTesting
import Reconcile
import Resources
import Testing

/// `on_image_change: keep`: what a new image has is told and waits, with all that would be built for it.
@Suite struct PendingTests {
  private let disk = ResourceAddress(kind: Disk.kind, name: "web")

  private func manifest(_ more: String...) -> String {
    """
    bridges:
      lan: {subnet: 10.1.0.1/24}
    virtual_machines:
      web:
        networks: [{bridge: lan, ip_addr: 10.1.0.10}]
        on_image_change: keep

    """ + more.map { "    \($0)\n" }.joined()
  }

  @Test func aNewImageWaitsUntilItIsAskedFor() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(manifest())
    let other = manifest("packages: [nginx]")
    let plan = try await laboratory.plan(other)
    #expect(plan.lines == [])
    #expect(plan.pending == [Pending(disk, [Reason("packages", before: nil, after: "nginx")])])

    let asked = PlanOptions(replacements: [disk])
    let renewal = try await laboratory.plan(other, asked)
    #expect(renewal.pending == [])
    #expect(renewal.changes.map(\.address.kind).sorted() == ["disk", "image", "rootfs", "vm"])
    #expect(try await laboratory.apply(other, asked).failures == [])
    let after = try await laboratory.plan(other)
    #expect(after.lines == [] && after.pending == [])
  }

  @Test func whatAnotherNeedsIsBuiltAllTheSame() async throws {
    let memory = MemoryHost()
    let laboratory = try Laboratory(memory.host)
    try await laboratory.apply(manifest())
    let both =
      manifest("packages: [nginx]")
      + "  new: {networks: [{bridge: lan, ip_addr: 10.1.0.11}], packages: [nginx]}\n"
    let plan = try await laboratory.plan(both)
    #expect(plan.pending.map(\.address) == [disk])
    #expect(Set(plan.changes.map(\.address.kind)).isSuperset(of: ["rootfs", "image", "disk", "vm"]))
    #expect(!plan.changes.contains { $0.address == disk })
    #expect(try await laboratory.apply(both).failures == [])
    #expect(try await laboratory.plan(both).lines == [])
  }
}
