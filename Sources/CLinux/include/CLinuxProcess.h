// Starting the children that outlive meros, and holding on to processes without races.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a child starts as. Every array lives for the call only.
struct meros_child {
  /// `argument_count` strings, each ended by a NUL, one behind the other; the first is the absolute path of the program.
  const char *arguments;
  int argument_count;
  /// The environment in the same form.
  const char *environment;
  int environment_count;
  /// Descriptors of the caller that become 3, 4, 5 … of the child; nothing else is inherited.
  const int *descriptors;
  int descriptor_count;
  /// Becomes the child's stdout and stderr; its stdin is /dev/null.
  int log;
  /// The network namespace to start in; -1 for the caller's.
  int network_namespace;
  /// Used for uid and gid; the supplementary groups are dropped.
  uid_t user;
  /// The right to bind ports below 1024 (CAP_NET_BIND_SERVICE) is all that the child keeps, and all that it can ever
  /// have; 0: it keeps none.
  int may_bind_low_ports;
};

/// Starts the child in a session of its own, with no_new_privs, default signals and an empty signal mask, and returns
/// once it has become the program. 0, or the errno of what failed; `*failed` then says which call it was.
int meros_spawn(const struct meros_child *child, pid_t *pid, int *pidfd, const char **failed);

/// A descriptor of the process, or -errno (ESRCH when there is none).
int meros_pidfd_open(pid_t pid);

/// 0 or -errno (ESRCH when it is gone).
int meros_pidfd_kill(int pidfd, int signal);

/// Takes the exit status of a child that has ended: `*status` becomes its exit code, or minus the signal that ended
/// it. 1 when taken, 0 while it runs, -errno otherwise (ECHILD for a process that is not our child).
int meros_pidfd_reap(int pidfd, int *status);

/// The pid of the process that called listen(2) on the other side of a connected unix socket, or -errno.
int meros_peer_pid(int socket);

/// A unix stream socket bound at `name` in the folder `directory`, not listening yet: who listens is its owner. Works
/// where the whole path is longer than sun_path. A descriptor or -errno.
int meros_bind_unix(int directory, const char *name);

/// A non-blocking connection to the unix stream socket `name` in the folder `directory`, or -errno.
int meros_connect_unix(int directory, const char *name);

/// Sends bytes over a unix stream socket, and a copy of the descriptor with the first of them. How many bytes were sent,
/// or -errno.
ssize_t meros_send_descriptor(int socket, const void *bytes, size_t length, int descriptor);

/// Attaches to an existing tap of this network namespace with IFF_VNET_HDR. A descriptor or -errno (ENODEV when there
/// is no such link).
int meros_attach_tap(const char *name);

/// Starts a non-blocking TCP connection to an address of 4 or 16 bytes in network order, from the network namespace of
/// this thread; the connection stays in it. A descriptor or -errno.
int meros_connect_tcp(const uint8_t *address, size_t length, uint16_t port);

/// 0 while a connection is being made, 1 once it stands, -errno when it failed.
int meros_connected(int socket);

/// An anonymous file that only `owner` may open through /proc/self/fd. A descriptor or -errno.
int meros_private_memory(const char *name, const void *bytes, size_t length, uid_t owner);
