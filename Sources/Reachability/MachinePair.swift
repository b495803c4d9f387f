/// Two VMs, by their places in the network's list.
struct MachinePair: Hashable {
  var from: Int
  var to: Int
}
