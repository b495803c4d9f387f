// Whether KVM runs a guest as hardware does.
#pragma once

enum meros_kvm {
  /// The probe ran to its end.
  MEROS_KVM_WORKS = 0,
  /// /dev/kvm cannot be opened, or it refuses to make a virtual machine: the errno tells why.
  MEROS_KVM_ABSENT,
  /// It opens, but runs instructions of a guest wrongly, or not at all.
  MEROS_KVM_BROKEN,
  /// The probe did not end in time.
  MEROS_KVM_HANGS,
};

/// Runs three instructions in long mode, one of them `lock cmpxchg16b`, which software that only pretends to be KVM
/// gets wrong. Takes about 2 ms, at most `milliseconds`. For MEROS_KVM_ABSENT `*error` becomes an errno.
enum meros_kvm meros_kvm_probe(int milliseconds, int *error);
