#define _GNU_SOURCE
#include "CLinuxBecome.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

int meros_become(char *const arguments[], int network_namespace, const char **failed) {
  *failed = "setns";
  if (network_namespace >= 0 && setns(network_namespace, CLONE_NEWNET)) return -errno;
  // A worker thread blocks most signals, and a program keeps the mask that it is started with.
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  *failed = "execvp";
  execvp(arguments[0], arguments);
  return -errno;
}
