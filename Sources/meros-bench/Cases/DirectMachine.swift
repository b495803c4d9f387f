import Glibc
import Host
import LinuxHost
import Network
import QMP
import SystemPackage

/// One machine of `DirectFleet`.
struct DirectMachine: Sendable {
  let command: [String]
  let overlay: FilePath
  let folder: FilePath
  let taps: [String]

  /// Takes the command line of a running QEMU and names what it was handed by paths of this machine's own.
  init(_ pid: Int32, _ design: MachineDesign, image: FilePath, in folder: FilePath) throws {
    self.folder = folder
    overlay = folder.appending("disk.qcow2")
    taps = design.networks.map(\.tap.text)
    let process = FilePath("/proc/\(pid)")
    let words = try process.appending("cmdline").contents().split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }.dropLast()
    let identity = folder.appending("identity")
    for entry in try process.appending("fd").folderEntries() {
      let descriptor = process.appending("fd").appending(entry)
      guard try Self.target(descriptor).hasPrefix("/memfd:identity") else { continue }
      try identity.replaceContents(try descriptor.contents())
    }
    // What each descriptor was for is told by the word that names it: QEMU moves those of its file sets.
    let opened = [
      "node-name=disk0-file": overlay, "node-name=disk0-1-file": image, "name=opt/org.meros/identity": identity,
    ]
    var (line, rest): ([String], _) = ([], words.makeIterator())
    var sockets = 0
    while let word = rest.next() {
      if word == "-add-fd" {
        _ = rest.next()
        continue
      }
      var parts = word.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let file = parts.lazy.compactMap { opened[$0] }.first
      for (index, part) in parts.enumerated() {
        if part.hasPrefix("logfile=") {
          parts[index] = "logfile=\(folder.appending("serial.log"))"
        } else if let file, part.contains("=/dev/fdset/") || part.contains("=/proc/self/fd/") {
          parts[index] = "\(part.prefix { $0 != "=" })=\(file)"
        } else if part.hasPrefix("fd="), parts[0] == "tap" {
          parts[index] = "ifname=\(taps.first ?? ""),script=no,downscript=no"
        } else if part.hasPrefix("fd="), parts[0] == "socket" {
          parts[index] = "path=\(folder.appending(sockets == 0 ? Self.monitor : "socket\(sockets)"))"
          sockets += 1
        }
      }
      line.append(parts.joined(separator: ","))
    }
    command = line
  }

  private static let monitor = "qmp.sock"

  private static func target(_ link: FilePath) throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = unsafe link.withPlatformString { path in
      unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe bytes.bindMemory(to: CChar.self).baseAddress.map { unsafe readlink(path, $0, 4096) } ?? -1
      }
    }
    guard count >= 0 else { throw Errno(rawValue: errno) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  var logFile: FilePath { folder.appending("log") }
  /// What it wrote; empty when that cannot be read.
  var log: String { (try? logFile.contents()).map { String(decoding: $0, as: UTF8.self) } ?? "" }

  /// Asks until its monitor tells that it stands ready; false when it does not in time.
  func answers() async -> Bool {
    let deadline = ContinuousClock.now + .seconds(20)
    let directory = unsafe folder.withPlatformString { unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard directory >= 0 else { return false }
    defer { _ = close(directory) }
    while ContinuousClock.now < deadline {
      do {
        var monitor = try Monitor.connect(directory: directory, name: Self.monitor)
        _ = try await monitor.status(until: deadline)
        return true
      } catch {
        // It does not listen yet.
        do { try await Task.sleep(for: .milliseconds(2)) } catch { return false }
      }
    }
    return false
  }
}
