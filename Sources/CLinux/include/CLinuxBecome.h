// Going on as another program.
#pragma once

/// Makes this process the program `arguments[0]`, looked up in PATH, with the terminal, the environment and the process
/// id that it has. The list ends with NULL. `network_namespace` is a descriptor of the namespace to go on in; -1 for
/// this one. Returns only when that fails: -errno, and `*failed` says which call it was.
int meros_become(char *const arguments[], int network_namespace, const char **failed);
