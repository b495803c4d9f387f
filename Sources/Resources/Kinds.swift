package import Reconcile

/// Every kind of resource that there is. A new kind is a folder beside this file and a line here.
package enum Kinds {
  package static let all: [any Resource.Type] = [
    Kernel.self, Rootfs.self, Image.self, Disk.self, Key.self, Firewall.self, ForwardingSwitch.self, Bridge.self,
    Nameserver.self, Tap.self, Limit.self, VirtualMachine.self,
  ]
}
