import Glibc

/// An error that can state that a system call failed: what `NetworkNamespace.run` needs to report its own.
package protocol SystemFailure: Error {
  init(errno: Int32, call: String)
}

/// What the kernel answered to a netlink request, or why it could not be asked.
package struct NetlinkError: SystemFailure, Equatable {
  /// The `errno`, positive.
  package var code: Int32
  /// The system call, or the request as the kernel's headers name it: "RTM_NEWLINK". Empty where only the sender knows.
  package var call: String
  /// The sequence number of the request that was refused; nil where no request was.
  package var sequence: UInt32?
  /// Where in the request the attribute lies that was refused, in bytes from its header; nil when the kernel does
  /// not say.
  package var offset: UInt32?
  /// The kernel's own words; nil when it has none.
  package var message: String?

  package init(
    code: Int32, call: String, sequence: UInt32? = nil, offset: UInt32? = nil, message: String? = nil
  ) {
    self.code = code
    self.call = call
    self.sequence = sequence
    self.offset = offset
    self.message = message
  }

  package init(errno: Int32, call: String) { self.init(code: errno, call: call) }

  /// The address that was to be deleted is not there.
  package var isMissingAddress: Bool { code == EADDRNOTAVAIL }
}
