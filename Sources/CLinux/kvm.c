#define _GNU_SOURCE
#include "CLinuxKVM.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
// The tables that long mode needs (Intel SDM vol. 3, chapter 4): one 2 MiB page that maps to itself.
enum { MEMORY = 2 << 20, PML4 = 0x1000, PDPT = 0x2000, PD = 0x3000, CODE = 0x4000, DATA = 0x6000 };

static int run_long_mode(int vm) {
  uint8_t *memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return -1;
  *(uint64_t *)(memory + PML4) = PDPT | 3;
  *(uint64_t *)(memory + PDPT) = PD | 3;
  *(uint64_t *)(memory + PD) = 0x83;
  // mov esi, 0x6000; lock cmpxchg16b [rsi]; hlt
  static const uint8_t code[] = {0xbe, 0x00, 0x60, 0x00, 0x00, 0xf0, 0x48, 0x0f, 0xc7, 0x0e, 0xf4};
  memcpy(memory + CODE, code, sizeof code);
  struct kvm_userspace_memory_region region = {.memory_size = MEMORY, .userspace_addr = (uintptr_t)memory};
  if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region)) return -1;

  int cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
  int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  int size = kvm < 0 ? -1 : ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  if (cpu < 0 || size <= 0) return -1;
  struct kvm_run *run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
  if (run == MAP_FAILED) return -1;

  struct kvm_sregs special;
  if (ioctl(cpu, KVM_GET_SREGS, &special)) return -1;
  special.cr3 = PML4;
  special.cr4 = 1 << 5;                    // PAE
  special.cr0 = 0x80050033;                // PG, AM, WP, NE, ET, MP, PE
  special.efer = 0x500;                    // LME, LMA
  struct kvm_segment code_segment = {
      .limit = 0xffffffff, .selector = 8, .present = 1, .type = 11, .s = 1, .l = 1, .g = 1};
  struct kvm_segment data_segment = code_segment;
  data_segment.type = 3;
  data_segment.selector = 16;
  data_segment.l = 0;
  data_segment.db = 1;
  special.cs = code_segment;
  special.ds = special.es = special.fs = special.gs = special.ss = data_segment;
  if (ioctl(cpu, KVM_SET_SREGS, &special)) return -1;
  struct kvm_regs registers = {.rip = CODE, .rflags = 2};
  if (ioctl(cpu, KVM_SET_REGS, &registers)) return -1;
  if (ioctl(cpu, KVM_RUN, 0)) return -1;
  return run->exit_reason == KVM_EXIT_HLT ? 0 : 1;
}
#else
static int run_long_mode(int vm) {
  (void)vm;
  return 0;
}
#endif

// How the probing child ends: 0 works, 1 runs wrongly, 2 + errno it could not be set up.
static _Noreturn void probe(void) {
  int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  if (kvm < 0) _exit(2 + errno);
  if (ioctl(kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION) _exit(2 + ENOTSUP);
  int vm = ioctl(kvm, KVM_CREATE_VM, 0);
  if (vm < 0) _exit(2 + errno);
  _exit(run_long_mode(vm) == 0 ? 0 : 1);
}

enum meros_kvm meros_kvm_probe(int milliseconds, int *error) {
  *error = 0;
  // A child, because KVM_RUN may never return: it can be killed, a thread cannot.
  pid_t child = _Fork();
  if (child == 0) probe();
  if (child < 0) {
    *error = errno;
    return MEROS_KVM_ABSENT;
  }
  int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
  struct pollfd end = {.fd = pidfd, .events = POLLIN};
  int ready;
  do ready = poll(&end, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  if (ready <= 0 || pidfd < 0) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (pidfd >= 0) close(pidfd);
  if (ready <= 0) return MEROS_KVM_HANGS;
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 1) return MEROS_KVM_BROKEN;
  if (WEXITSTATUS(status) == 0) return MEROS_KVM_WORKS;
  *error = WEXITSTATUS(status) - 2;
  return MEROS_KVM_ABSENT;
}
