// Constants, ioctls and system calls that Swift cannot import, one header a concern.
#pragma once

#include "CLinuxNet.h"
#include "CLinuxKVM.h"
#include "CLinuxProcess.h"
#include "CLinuxBecome.h"
