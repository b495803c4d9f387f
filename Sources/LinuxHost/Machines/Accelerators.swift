import CLinux
import Glibc
import Host

/// What can be trusted to run guests here, found out once.
actor Accelerators {
  private var kvm: (Accelerator, reason: String?)?

  func accelerator(arch: String) -> (Accelerator, reason: String?) {
    let here = machineArchitecture
    guard arch == here else { return (.tcg, "this machine is \(here)") }
    if let kvm { return kvm }
    let found = Self.probe()
    kvm = found
    return found
  }

  private static func probe() -> (Accelerator, reason: String?) {
    var error: Int32 = 0
    return switch unsafe meros_kvm_probe(1000, &error) {
    case MEROS_KVM_WORKS: (.kvm, nil)
    case MEROS_KVM_ABSENT: (.tcg, "/dev/kvm: \(unsafe String(cString: strerror(error)))")
    case MEROS_KVM_HANGS: (.tcg, "/dev/kvm does not come back from a few instructions")
    default: (.tcg, "/dev/kvm runs instructions wrongly (lock cmpxchg16b)")
    }
  }
}

/// "x86_64", as `uname -m` says it.
var machineArchitecture: String {
  var name = utsname()
  guard unsafe uname(&name) == 0 else { return "" }
  return unsafe withUnsafeBytes(of: &name.machine) { bytes in
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
