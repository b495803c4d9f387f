#define _GNU_SOURCE
#include "CLinuxProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// What the child could not do, as it reports it to the parent before it ends.
struct failure {
  int call;
  int error;
};

enum {
  CALL_FORK,
  CALL_SETNS,
  CALL_DUP,
  CALL_PRCTL,
  CALL_SETGROUPS,
  CALL_SETRESGID,
  CALL_SETRESUID,
  CALL_CAPSET,
  CALL_EXEC
};
static const char *const call_names[] = {"fork",      "setns",     "dup2",      "prctl", "setgroups",
                                         "setresgid", "setresuid", "capset",    "execve"};

static _Noreturn void give_up(int pipe, int call) {
  struct failure failure = {call, errno};
  ssize_t written = write(pipe, &failure, sizeof failure);
  (void)written;
  _exit(127);
}

// Takes away what no later program could get back either; needs rights that the change of user takes.
static int bound_capabilities(unsigned kept) {
  for (unsigned number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; number++)
    if (number != kept && prctl(PR_CAPBSET_DROP, number, 0, 0, 0)) return -1;
  return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
}

// Of what the change of user left, keeps one through the exec.
static int keep_capability(unsigned kept) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {{0}, {0}};
  __u32 bit = CAP_TO_MASK(kept);
  data[CAP_TO_INDEX(kept)] = (struct __user_cap_data_struct){.effective = bit, .permitted = bit, .inheritable = bit};
  if (syscall(SYS_capset, &header, data)) return -1;
  return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept, 0, 0);
}

// Only async-signal-safe calls from here on: other threads of the parent may hold any lock.
static _Noreturn void become(const struct meros_child *child, char **argv, char **envp, int null, int pipe) {
  setsid();
  umask(077);
  if (child->network_namespace >= 0 && setns(child->network_namespace, CLONE_NEWNET)) give_up(pipe, CALL_SETNS);

  // Everything is first moved out of the way of the numbers that it is given in the end.
  int count = child->descriptor_count, floor = 3 + count;
  int high_pipe = fcntl(pipe, F_DUPFD_CLOEXEC, floor);
  if (high_pipe < 0) give_up(pipe, CALL_DUP);
  int high_null = fcntl(null, F_DUPFD_CLOEXEC, floor), high_log = fcntl(child->log, F_DUPFD_CLOEXEC, floor);
  if (high_null < 0 || high_log < 0) give_up(high_pipe, CALL_DUP);
  int high[count + 1];
  for (int i = 0; i < count; i++)
    if ((high[i] = fcntl(child->descriptors[i], F_DUPFD_CLOEXEC, floor)) < 0) give_up(high_pipe, CALL_DUP);
  if (dup2(high_null, 0) < 0 || dup2(high_log, 1) < 0 || dup2(high_log, 2) < 0) give_up(high_pipe, CALL_DUP);
  for (int i = 0; i < count; i++)
    if (dup2(high[i], 3 + i) < 0) give_up(high_pipe, CALL_DUP);
  if (syscall(SYS_close_range, floor, ~0U, CLOSE_RANGE_CLOEXEC))
    for (int fd = floor; fd < 65536; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);

  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);

  // The calls themselves and not glibc's functions, which would tell threads that this process does not have.
  gid_t group = child->user;
  if (child->may_bind_low_ports && bound_capabilities(CAP_NET_BIND_SERVICE)) give_up(high_pipe, CALL_PRCTL);
  if (syscall(SYS_setgroups, 0, NULL)) give_up(high_pipe, CALL_SETGROUPS);
  if (syscall(SYS_setresgid, group, group, group)) give_up(high_pipe, CALL_SETRESGID);
  if (syscall(SYS_setresuid, child->user, child->user, child->user)) give_up(high_pipe, CALL_SETRESUID);
  if (child->may_bind_low_ports && keep_capability(CAP_NET_BIND_SERVICE)) give_up(high_pipe, CALL_CAPSET);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) give_up(high_pipe, CALL_PRCTL);
  if (chdir("/") == 0) execve(argv[0], argv, envp);
  give_up(high_pipe, CALL_EXEC);
}

// Pointers to `count` strings that lie one behind the other, and NULL.
static char **split(const char *strings, int count) {
  char **list = calloc((size_t)count + 1, sizeof *list);
  for (int i = 0; list && i < count; i++) {
    list[i] = (char *)strings;
    strings += strlen(strings) + 1;
  }
  return list;
}

int meros_spawn(const struct meros_child *child, pid_t *pid, int *pidfd, const char **failed) {
  *failed = call_names[CALL_FORK];
  char **argv = split(child->arguments, child->argument_count);
  char **envp = split(child->environment, child->environment_count);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2] = {-1, -1}, error = 0;
  if (!argv || !envp || null < 0 || pipe2(ends, O_CLOEXEC)) error = errno;

  pid_t born = -1;
  if (!error) {
    born = _Fork();
    if (born == 0) become(child, argv, envp, null, ends[1]);
    if (born < 0) error = errno;
  }
  if (ends[1] >= 0) close(ends[1]);
  if (!error) {
    struct failure failure;
    ssize_t length;
    do length = read(ends[0], &failure, sizeof failure);
    while (length < 0 && errno == EINTR);
    if (length == sizeof failure) {
      error = failure.error;
      *failed = call_names[failure.call];
    } else if ((*pidfd = meros_pidfd_open(born)) < 0) {
      error = -*pidfd;
      *failed = "pidfd_open";
      kill(born, SIGKILL);
    }
    if (error)
      while (waitpid(born, NULL, 0) < 0 && errno == EINTR) {}
    *pid = born;
  }
  if (ends[0] >= 0) close(ends[0]);
  if (null >= 0) close(null);
  free(argv);
  free(envp);
  return error;
}

int meros_pidfd_open(pid_t pid) {
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  return fd < 0 ? -errno : fd;
}

int meros_pidfd_kill(int pidfd, int signal) {
  return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0) ? -errno : 0;
}

int meros_pidfd_reap(int pidfd, int *status) {
  siginfo_t info = {0};
  if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG)) return -errno;
  if (info.si_pid == 0) return 0;
  *status = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
  return 1;
}

int meros_peer_pid(int socket) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) ? -errno : peer.pid;
}

static int unix_address(struct sockaddr_un *address, int directory, const char *name) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", directory, name);
  return length < (int)sizeof address->sun_path ? 0 : -ENAMETOOLONG;
}

int meros_bind_unix(int directory, const char *name) {
  struct sockaddr_un address;
  int error = unix_address(&address, directory, name);
  if (error) return error;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  error = errno;
  close(fd);
  return -error;
}

int meros_connect_unix(int directory, const char *name) {
  struct sockaddr_un address;
  int error = unix_address(&address, directory, name);
  if (error) return error;
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  error = errno;
  close(fd);
  return -error;
}

ssize_t meros_send_descriptor(int socket, const void *bytes, size_t length, int descriptor) {
  struct iovec text = {.iov_base = (void *)bytes, .iov_len = length};
  union {
    char bytes[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control = {{0}};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}

int meros_attach_tap(const char *name) {
  // TUNSETIFF would make a link that is not there.
  if (if_nametoindex(name) == 0) return -ENODEV;
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return -errno;
  if (ioctl(fd, TUNSETIFF, &request) == 0) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int meros_connect_tcp(const uint8_t *address, size_t length, uint16_t port) {
  struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  if (length != 4 && length != 16) return -EINVAL;
  memcpy(length == 4 ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr, address, length);
  int fd = socket(length == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  int result = length == 4 ? connect(fd, (struct sockaddr *)&v4, sizeof v4)
                           : connect(fd, (struct sockaddr *)&v6, sizeof v6);
  if (result == 0 || errno == EINPROGRESS) return fd;
  int error = errno;
  close(fd);
  return -error;
}

int meros_connected(int socket) {
  struct pollfd state = {.fd = socket, .events = POLLOUT};
  int ready = poll(&state, 1, 0);
  if (ready <= 0) return ready < 0 && errno != EINTR ? -errno : 0;
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length)) return -errno;
  return error ? -error : 1;
}

int meros_private_memory(const char *name, const void *bytes, size_t length, uid_t owner) {
  int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return -errno;
  size_t done = 0;
  while (done < length) {
    ssize_t written = write(fd, (const char *)bytes + done, length - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += (size_t)written;
  }
  if (done == length && fchmod(fd, 0400) == 0 && fchown(fd, owner, owner) == 0 &&
      fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
    return fd;
  int error = errno;
  close(fd);
  return -error;
}
