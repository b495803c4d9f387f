#define _GNU_SOURCE
#include "CLinuxNet.h"

#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>

int meros_is_network_namespace(int fd) { return ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET; }

int meros_enter_network_namespace(int fd) { return setns(fd, CLONE_NEWNET); }
