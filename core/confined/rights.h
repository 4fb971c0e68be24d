// SPDX-License-Identifier: Apache-2.0
// What a process gives up before it reads a stranger's file or runs a stranger's code.
#pragma once

namespace core {

/// Files without a name, in memory: some libraries get their memory so. No other ones can be written in any case.
enum class MemoryFiles { No, Yes };

/// For the rest of this process: half a minute of CPU time, a gigabyte of memory, no writing to files, no network, no
/// other programs, and reading only what libraries need from /usr and /etc (Landlock and seccomp, each where the
/// kernel has it). Files that are open stay open.
void giveUpRights(MemoryFiles memoryFiles = MemoryFiles::No);

}  // namespace core
