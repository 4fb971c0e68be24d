// SPDX-License-Identifier: Apache-2.0
// Some operations without a fault, the same ones with one, and what is left of the service then.
#pragma once

#include "tests/fault/crash/world.h"

#include <map>
#include <string>
#include <vector>

namespace crash {

/// Which operations: the same numbers give the same ones.
struct Plan {
    bool training = false;
    uint64_t seed = 0;
    size_t operations = 1;
};

/// What they lead to: states[i] after i of them.
struct Expected {
    std::vector<std::string> states;
    std::vector<std::string> names;
    std::vector<bool> refused;  ///< it said no, and would again
    double milliseconds = 0;
    std::map<std::string, int> passes;  ///< of each failpoint
};

/// What becomes of a process in the midst of them.
struct Fault {
    std::string place;         ///< a failpoint's setting, or empty
    double moment = -1;        ///< killed after so many milliseconds, or negative
    std::string failingCalls;  ///< eio, enospc or short: calls of the C library that write fail (needs the preload)
    long call = 0;             ///< from which on
    bool forEver = false;
    long largestFile = 0;  ///< RLIMIT_FSIZE in bytes, or 0
};

struct Outcome {
    std::string problem;  ///< what is wrong with what was left; empty: nothing
    bool killed = false;
    bool failed = false;   ///< an operation returned an error
    bool resumed = false;  ///< a run was gone on with
    bool callFailed = false;
    bool cameTrue = false;  ///< it failed, and is there all the same: see `examine`
    std::string code;       ///< of the error
};

[[nodiscard]] std::vector<std::string> linesOf(const std::string &text);

/// A new world in `folder`, which is emptied before.
[[nodiscard]] World newWorld(const std::filesystem::path &folder, bool training);

/// Replaces one world with a copy of another.
void copyWorld(const World &from, const World &to);

/// The name of the plan's first operation.
[[nodiscard]] std::string operationOf(const Plan &plan);

/// Runs the plan in `world`, without a fault.
[[nodiscard]] Expected expect(const World &world, const Plan &plan);

/// Runs it with the fault, opens what is left, does again or resumes what was cut short, and compares.
[[nodiscard]] Outcome endure(const World &world, const Plan &plan, const Expected &expected, const Fault &fault);

}  // namespace crash
