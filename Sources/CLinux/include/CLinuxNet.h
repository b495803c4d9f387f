// Network namespaces, taps, and what a process holds of them.
#pragma once

// 1 when the descriptor is that of a network namespace, else 0.
int meros_is_network_namespace(int fd);

// Moves the calling thread, and only it, into the network namespace: setns(2). 0, or -1 with errno.
int meros_enter_network_namespace(int fd);

// Attaches the descriptor of /dev/net/tun to the tap of this name, made when it is missing: TUNSETIFF with IFF_TAP,
// IFF_NO_PI and IFF_VNET_HDR. 0, or -1 with errno.
int meros_tap_attach(int fd, const char *name);

// Who may attach to it without privileges: TUNSETOWNER. 0, or -1 with errno.
int meros_tap_set_owner(int fd, unsigned int uid);

// Whether it outlives its descriptors: TUNSETPERSIST. 0, or -1 with errno.
int meros_tap_set_persistent(int fd, int persistent);

// The size of the header before each packet, in bytes: TUNSETVNETHDRSZ. 0, or -1 with errno.
int meros_tap_set_header_size(int fd, int bytes);

// A copy of a descriptor that another process holds: pidfd_getfd(2). -1 with errno.
int meros_pidfd_getfd(int pidfd, int fd);
