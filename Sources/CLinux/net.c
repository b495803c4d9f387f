#define _GNU_SOURCE
#include "CLinuxNet.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int meros_is_network_namespace(int fd) { return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET; }

int meros_enter_network_namespace(int fd) { return setns(fd, CLONE_NEWNET); }

int meros_tap_attach(int fd, const char *name) {
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
  if (strlen(name) >= sizeof request.ifr_name) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(request.ifr_name, name);
  return ioctl(fd, TUNSETIFF, &request);
}

int meros_tap_set_owner(int fd, unsigned int uid) { return ioctl(fd, TUNSETOWNER, (unsigned long)uid); }

int meros_tap_set_persistent(int fd, int persistent) {
  return ioctl(fd, TUNSETPERSIST, (unsigned long)persistent);
}

int meros_tap_set_header_size(int fd, int bytes) { return ioctl(fd, TUNSETVNETHDRSZ, &bytes); }

int meros_pidfd_getfd(int pidfd, int fd) { return (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0); }
