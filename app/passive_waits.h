// SPDX-License-Identifier: Apache-2.0
// How the threads that compute wait for one another.
#pragma once

#include <cstdlib>
#include <unistd.h>

namespace app {

/// To be called first in main. Threads of libgomp spin while they wait for the slowest of them, which takes the cores
/// away from it where other programs are at work. How they wait is read once, as the library is loaded, which Qt does
/// before main: so the program begins anew, by the same process, with what it shall read. What the user has set stays.
inline void waitPassively(char **argv)
{
    if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT"))
        return;
    ::setenv("GOMP_SPINCOUNT", "1000", 1);
    ::execv("/proc/self/exe", argv);
}

}  // namespace app
