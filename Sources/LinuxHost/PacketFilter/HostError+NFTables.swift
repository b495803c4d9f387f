import Glibc
import Host
import NFTables
import Netlink

extension HostError {
  init(_ attempted: String, _ error: NFTablesError) {
    let cause: Cause =
      switch error {
      case .refused(let refusals):
        .refused(refusals.map { Refusal(object: $0.object, errno: $0.errno, origin: $0.comment) })
      case .overtaken: .system(errno: ERESTART, call: "nfnetlink batch")
      case .netlink(let error) where error.code == EPERM: .privilege("CAP_NET_ADMIN")
      case .netlink(let error): .system(errno: error.code, call: error.call)
      case .unwritable(let object): .unsupported(object)
      }
    self.init(attempted, cause)
  }
}
