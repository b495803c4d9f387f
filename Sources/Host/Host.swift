/// Every power over the machine, one protocol each. A function that was not handed a `Host` cannot touch it.
package struct Host: Sendable {
  package var links: any Links
  package var packetFilter: any PacketFilter
  package var forwarding: any Forwarding
  package var store: any Store
  package var disks: any Disks
  package var keys: any Keys
  package var machines: any Machines
  package var inputs: any InputFiles
  /// Where long deeds say how far they are.
  package var progress: Progress

  package init(
    links: any Links, packetFilter: any PacketFilter, forwarding: any Forwarding, store: any Store, disks: any Disks,
    keys: any Keys, machines: any Machines, inputs: any InputFiles, progress: Progress = .silent
  ) {
    self.links = links
    self.packetFilter = packetFilter
    self.forwarding = forwarding
    self.store = store
    self.disks = disks
    self.keys = keys
    self.machines = machines
    self.inputs = inputs
    self.progress = progress
  }
}

/// Receives what a long deed is doing; called from any task.
package struct Progress: Sendable {
  package let report: @Sendable (Report) -> Void

  package init(_ report: @escaping @Sendable (Report) -> Void) { self.report = report }

  package static let silent = Progress { _ in }

  package struct Report: Hashable, Sendable {
    /// What is being done, in the present participle: "unpacking packages".
    package var activity: String
    /// 0...1; nil where it is not known.
    package var fraction: Double?

    package init(_ activity: String, fraction: Double? = nil) {
      self.activity = activity
      self.fraction = fraction
    }
  }
}
