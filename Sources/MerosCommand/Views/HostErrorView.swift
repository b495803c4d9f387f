package import Diagnostics
package import Host
package import Manifest
import SystemPackage

/// What the machine refused, and what to do about it.
package struct HostErrorView {
  private let error: HostError
  private let places: ManifestPlaces

  /// - Parameter places: of the manifest that asked for the deed, where there is one.
  package init(_ error: HostError, places: ManifestPlaces = ManifestPlaces(nil)) {
    self.error = error
    self.places = places
  }

  /// What is wrong, one line.
  package var summary: String { "cannot \(error.attempted): \(cause)".hidingPasswords }

  package func text(_ paint: Paint) -> String {
    var lines = ["\(paint("error", .bad)): \(summary)"]
    lines += details.map { "  \($0.hidingPasswords.printable)" }
    var text = lines.map { "\($0)\n" }.joined()
    for (origin, location) in origins {
      text += "  asked for by \(origin):\n\(DiagnosticsView.place(location, paint, .bad))"
    }
    return "\(text)  \(paint("do", .bold)): \(remedy)\n"
  }

  /// Where the manifest asks for what could not be done; nil where nothing there does by itself.
  package var location: SourceLocation? { origins.first?.location }

  private var origins: [(origin: String, location: SourceLocation)] {
    guard case .refused(let refusals) = error.cause else { return [] }
    return Set(refusals.prefix(Self.mostRefusals).compactMap(\.origin)).sorted().compactMap { origin in
      places[origin].map { (origin, $0) }
    }
  }

  /// One mistake may be in the way of thousands of members; so many tell it.
  private static let mostRefusals = 8

  private var cause: String {
    switch error.cause {
    case .system(let errno, let call): "\(call): \(words(of: errno))"
    case .program(let failure):
      switch failure.termination {
      case .exited(let code): "\(failure.command.first ?? "a program") ended with exit code \(code)"
      case .signalled(let signal): "\(failure.command.first ?? "a program") was killed by signal \(signal)"
      }
    case .missingProgram(let name): "\(name) is not installed"
    case .timeout(let limit): "it did not come to pass within \(limit.elapsed)"
    case .notOurs(let thing): "\(thing) is in the way and is not ours"
    case .malformed(let thing, let fault): "\(thing) is not as it must be: \(fault)"
    case .missing(let thing): "\(thing) is not there"
    case .unreachable(let place): "\(place) does not answer"
    case .untrusted(let place, let fault): "what \(place) serves cannot be trusted: \(fault)"
    case .refused(let refusals):
      refusals.isEmpty ? "the kernel refused it" : "the kernel refused \(counted(refusals.count, "object"))"
    case .cancelled: "it was interrupted"
    case .privilege(let name): "this user lacks \(name)"
    case .unsupported(let reason): "this machine cannot do it: \(reason)"
    case .configuration(let rejections): "\(counted(rejections.count, "line")) of its configuration did not stick"
    case .guest(let failure): words(of: failure.reason)
    }
  }

  /// Lines below the summary.
  private var details: [String] {
    switch error.cause {
    case .program(let failure):
      var lines = failure.isRepeatable ? ["command: \(ShellCommand(failure.command).text)"] : []
      lines += failure.lastLines.map { "| \($0)" }
      if let log = failure.log { lines.append("all that it said: \(log)") }
      return lines
    case .guest(let failure):
      var lines = failure.lastLines.map { "| \($0)" }
      if case .notReady(_, let said) = failure.reason { lines = said.map { "> \($0)" } + lines }
      return lines + ["all of its console: \(failure.log)"]
    case .configuration(let rejections):
      return rejections.map { rejection in
        "\(rejection.line.place): \(rejection.line.text) became \(rejection.became ?? "not set")"
      }
    case .refused(let refusals):
      let rest = refusals.count - Self.mostRefusals
      return refusals.prefix(Self.mostRefusals).map { "\($0.object): \(words(of: $0.errno))" }
        + (rest > 0 ? ["and \(rest) more"] : [])
    case .system, .missingProgram, .timeout, .notOurs, .malformed, .missing, .unreachable, .untrusted, .cancelled,
      .privilege, .unsupported:
      return []
    }
  }

  /// What to do.
  package var remedy: String {
    switch error.cause {
    case .system(let errno, _): remedy(for: errno)
    case .program(let failure):
      failure.isRepeatable
        ? "run the command by hand to see more; once it works, apply again"
        : "mend what it says, then try again: it goes on from here"
    case .missingProgram(let name): "run ./dist-conf.sh, which installs what meros needs, or install \(name)"
    case .timeout: "look at what it waits for; apply again goes on from here"
    case .notOurs(let thing): "remove \(thing), or choose another name in the manifest"
    case .malformed(let thing, _): "look at \(thing); when it is of no use, remove it and apply again"
    case .missing(let thing): "apply again to make \(thing), or put it where it belongs"
    case .unreachable: "look at the network and at what the manifest says of the mirror, then apply again"
    case .untrusted: "tell whoever runs it, and choose another mirror in the manifest"
    case .refused(let refusals):
      refusals.isEmpty ? "look at the kernel's log (dmesg)" : remedy(for: refusals[0].errno)
    case .configuration:
      "this kernel has no such symbol, or what it depends on is not set: mend the line, or set it otherwise in a"
        + " fragment (config:), which goes over meros's own configuration"
    case .cancelled: "apply again: it goes on from here"
    case .privilege: "run it as root, with sudo; meros plan --offline needs no privileges"
    case .guest(let failure): remedy(for: failure.reason)
    case .unsupported: "write something else in the manifest, or use another machine"
    }
  }

  private func remedy(for number: Int32) -> String {
    switch Errno(rawValue: number) {
    case .notPermitted: "run it as root, with sudo; in a container it needs the capability too"
    case .permissionDenied: "run it as root, with sudo, or let this user have it; a container needs the capability too"
    case .noSpace: "make room on the disk, then apply again"
    case .noSuchFileOrDirectory: "look at the path, and whether somebody else removed it, then try again"
    case .isDirectory: "give a file: this is a folder"
    case .notDirectory: "look at the path: what stands before a slash in it must be a folder"
    case .tooManySymbolicLinkLevels: "look where the link leads (readlink -f): it must end at something that exists"
    case .fileNameTooLong: "choose a shorter name or path, for meros's own files with --data-dir"
    case .fileExists, .addressInUse, .resourceBusy: "look at who uses it; when it is free, apply again"
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: "raise the limit of open files (ulimit -n), then apply again"
    case .noMemory: "free some memory, then apply again"
    case .notSupported, .noFunction, .noSuchAddressOrDevice:
      "look whether the kernel has what it takes (modprobe, dmesg), then apply again"
    case .readOnlyFileSystem: "mount it writable, or choose another data directory with --data-dir"
    default: "look at the kernel's log (dmesg); apply again goes on from here"
    }
  }

  private func words(of reason: GuestFailure.Reason) -> String {
    switch reason {
    case .ended: "its QEMU ended while it booted"
    case .panicked: "its kernel panicked"
    case .refused(let words): "its first program gave up: \(words)"
    case .state(let state): "QEMU says that the machine is in state \(state)"
    case .lacks(let things): "its guest does not have \(enumerated(things))"
    case .notReady(let limit, _): "it was not ready after \(limit.elapsed)"
    }
  }

  private func remedy(for reason: GuestFailure.Reason) -> String {
    switch reason {
    case .ended, .panicked, .refused, .state: "read its console; with the cause mended, apply again"
    case .lacks: "apply again to try once more; meros restart gives it to the guest for certain"
    case .notReady: "read its console; give it more time with ready: {timeout: 300s}, or try again with meros restart"
    }
  }

  private func words(of errno: Int32) -> String { Errno(rawValue: errno).description }
}

extension ProgramFailure {
  /// Its arguments are known, and a person can run it with them.
  fileprivate var isRepeatable: Bool { command.count > 1 }
}
