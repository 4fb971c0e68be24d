// SPDX-License-Identifier: Apache-2.0
// A module of tensors as another version of the program would have left it: nothing of it may be called but its name.
#include <cstdlib>

extern "C" __attribute__((visibility("default"))) const char *stillroom_nets_interface()
{
    return "of another version";
}

extern "C" __attribute__((visibility("default"))) void *stillroom_create_nets()
{
    std::abort();
}
