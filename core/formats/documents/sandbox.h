// SPDX-License-Identifier: Apache-2.0
// What a process gives up before it reads a stranger's file.
#pragma once

namespace core {

/// For the rest of this process: half a minute of CPU time, a gigabyte of memory, no writing to files, no network, no
/// other programs, and reading only what libraries need from /usr and /etc (Landlock and seccomp, each where the
/// kernel has it). Files that are open stay open.
void giveUpRights();

}  // namespace core
