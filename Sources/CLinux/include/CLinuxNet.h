// Network namespaces, taps, and what a process holds of them.
#pragma once

// 1 when the descriptor is that of a network namespace, else 0.
int meros_is_network_namespace(int fd);

// Moves the calling thread, and only it, into the network namespace: setns(2). 0, or -1 with errno.
int meros_enter_network_namespace(int fd);
