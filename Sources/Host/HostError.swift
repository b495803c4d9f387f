/// What kept a power from doing its deed: facts, no sentences. Views make the words.
package struct HostError: Error, Equatable, Sendable {
  /// The deed, in the imperative: "create bridge lab-lan".
  package var attempted: String
  package var cause: Cause

  package init(_ attempted: String, _ cause: Cause) {
    self.attempted = attempted
    self.cause = cause
  }

  package enum Cause: Equatable, Sendable {
    /// A system call or netlink request failed with this errno.
    case system(errno: Int32, call: String)
    /// A program ended badly.
    case program(ProgramFailure)
    /// A program that is needed is not installed.
    case missingProgram(String)
    /// It did not come to pass in this time.
    case timeout(Duration)
    /// Something that is not ours holds what is needed: its kind and name, "bridge lab-lan".
    case notOurs(String)
    /// What is there does not have the form that it must have: what, and what is wrong with it.
    case malformed(String, String)
    /// What the deed needs is not there: "store entry image 1a2b3c".
    case missing(String)
    /// Nobody answers at this address.
    case unreachable(String)
    /// What an address serves is not what was to be had there, and how that shows.
    case untrusted(String, String)
    /// The kernel refused objects of a transaction, each named with its errno.
    case refused([Refusal])
    /// The power is refused or the task was cancelled.
    case cancelled
    /// The caller lacks a privilege: "CAP_NET_ADMIN".
    case privilege(String)
    /// What the machine cannot do, and why.
    case unsupported(String)
    /// Lines of a kernel's configuration did not stick.
    case configuration([KernelConfiguration.Rejection])
    /// A guest did not come up.
    case guest(GuestFailure)
  }

  package struct Refusal: Equatable, Sendable {
    /// The object as a person would name it: "set guard4 of table bridge meros_lab".
    package var object: String
    package var errno: Int32
    /// Where the manifest asks for it: `flows[2]`, `bridges.lan.policy_type`; nil for what it does not ask for.
    package var origin: String?

    package init(object: String, errno: Int32, origin: String? = nil) {
      self.object = object
      self.errno = errno
      self.origin = origin
    }
  }
}

/// A child that ended with a failure.
package struct ProgramFailure: Equatable, Sendable {
  /// Program and arguments, unquoted.
  package var command: [String]
  package var termination: Termination
  /// The last lines that it wrote on stderr (or its log), at most 20.
  package var lastLines: [String]
  /// Where all of what it wrote lies; nil when it was not kept.
  package var log: String?

  package init(command: [String], termination: Termination, lastLines: [String], log: String? = nil) {
    self.command = command
    self.termination = termination
    self.lastLines = lastLines
    self.log = log
  }

  package enum Termination: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }
}

/// A guest that did not come up, or did not stay up.
package struct GuestFailure: Equatable, Sendable {
  package var reason: Reason
  /// The last lines of its serial console, at most 20.
  package var lastLines: [String]
  /// The file with all of the console.
  package var log: String

  package enum Reason: Equatable, Sendable {
    /// Its QEMU ended while it booted.
    case ended
    /// Its kernel panicked.
    case panicked
    /// meros's initramfs could not go on; in its words.
    case refused(String)
    /// QEMU says that the machine is in this state: "internal-error".
    case state(String)
    /// It did not take what was given to it while it ran: each thing that it lacks.
    case lacks([String])
    /// It was not ready after this time; what the program that asked said last, if there was one.
    case notReady(after: Duration, said: [String])
  }

  package init(reason: Reason, lastLines: [String], log: String) {
    self.reason = reason
    self.lastLines = lastLines
    self.log = log
  }
}
