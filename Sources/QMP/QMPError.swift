/// Why a monitor did not do what it was asked.
package enum QMPError: Error, Equatable {
  /// A system call failed with this errno. ECONNREFUSED and ENOENT: nobody listens.
  case system(errno: Int32, call: String)
  /// QEMU closed the connection.
  case closed
  /// It did not answer by the deadline: it is busy, or somebody else holds the monitor.
  case timeout
  /// What it sent is not QMP.
  case malformed
  /// It refused the command: its class and words.
  case refused(command: String, class: String, description: String)
  case cancelled
}
