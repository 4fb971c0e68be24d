// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/crash/round.h"

#include "core/base/result_guard.h"
#include "tests/fault/crash/child.h"
#include "tests/fault/crash/operations.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <dlfcn.h>
#include <fstream>
#include <sstream>
#include <sys/resource.h>

namespace fs = std::filesystem;
using base::Random;
using base::subSeed;

namespace crash {

namespace {

std::string readText(const fs::path &path)
{
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

/// Runs operation `i` of the round's seed.
base::Result<void> runOperation(const World &world, const Plan &plan, size_t i, std::string *name)
{
    Random random(subSeed(plan.seed, i));
    const auto &operation = drawOperation(plan.training, random);
    if (name)
        *name = operation.name;
    return base::guard({}, [&] { return operation.run(world, random); });
}

/// The first line that is in one state and not in the other.
std::string difference(const std::string &is, const std::string &must)
{
    const auto a = linesOf(is), b = linesOf(must);
    std::vector<std::string> more, less;
    std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(more));
    std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(less));
    return std::to_string(more.size()) + " lines too many" + (more.empty() ? "" : " (" + more[0].substr(0, 150) + ")") +
           ", " + std::to_string(less.size()) + " missing" + (less.empty() ? "" : " (" + less[0].substr(0, 150) + ")");
}

/// Opens what is left after operation `at` was cut short or failed, and says what is wrong with it.
/// Where the very last sync of a commit fails and nothing can be written any more, the commit stands in the log, whole,
/// and whoever opens the service finds it (https://www.sqlite.org/wal.html): reported as failed, and there.
std::string examine(const World &world, const Expected &expected, const Plan &plan, size_t at, bool failed,
                    bool nothingWrites, const Child &self)
{
    if (const std::string damage = damageOf(world); !damage.empty())
        return damage;
    const auto now = stateOf(world);
    if (!now)
        return "it cannot be read: " + now.error().message;
    const std::string &before = expected.states[at];
    const std::string &after = expected.states[std::min(at + 1, expected.states.size() - 1)];
    if (*now == after && (!failed || before == after || expected.refused[at]))
        return {};
    if (failed && nothingWrites && *now == after) {
        self.say("true");
        return {};
    }
    if (*now == before) {  // then the same can simply be done again
        if (at == expected.names.size() || expected.refused[at])
            return {};
        if (const auto again = runOperation(world, plan, at, nullptr); !again)
            return "it cannot be done again: " + again.error().message;
    } else {  // a run that has begun is the only thing that may be half there
        const auto unfinished = unfinishedRuns(world);
        if (!unfinished || unfinished->size() != 1)
            return (failed ? "it failed and is there: " : "neither before nor after: ") + difference(*now, before);
        if (stateOf(world, unfinished->front()).value_or("") != before)
            return "beside the run: " + difference(*now, before);
        if (const auto resumed = resumeRun(world, unfinished->front()); !resumed)
            return "it cannot be resumed: " + resumed.error().message + " " + resumed.error().subject;
        self.say("resumed");
    }
    const auto mended = stateOf(world);
    if (!mended || *mended != after)
        return "done again, it is not the same: " + (mended ? difference(*mended, after) : mended.error().message);
    for (const fs::path &folder : {world.service(), world.out()}) {
        for (const auto &entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().filename().string().find(".part") != std::string::npos)
                return "an unfinished file was left: " + entry.path().filename().string();
        }
    }
    return {};
}

/// The functions of the preloaded library; null where it is not.
void armFailingCalls(const fs::path &folder, const Fault &fault)
{
    using Arm = void (*)(const char *, const char *, long, int);
    if (const auto arm = reinterpret_cast<Arm>(::dlsym(RTLD_DEFAULT, "stillroom_arm_failing_io")))
        arm(folder.c_str(), fault.failingCalls.c_str(), fault.call, fault.forEver ? 1 : 0);
}

bool hasCallFailed()
{
    const auto calls = reinterpret_cast<long (*)()>(::dlsym(RTLD_DEFAULT, "stillroom_failing_io_calls"));
    return calls && calls() < 0;
}

void suffer(const World &world, const Plan &plan, const Expected &expected, const Fault &fault, const Child &self)
{
    if (!fault.failingCalls.empty())
        armFailingCalls(world.folder, fault);
    if (fault.largestFile > 0) {
        const rlimit limit{static_cast<rlim_t>(fault.largestFile), static_cast<rlim_t>(fault.largestFile)};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, SIG_IGN);
    }
    for (size_t i = 0; i < plan.operations; ++i) {
        const auto done = runOperation(world, plan, i, nullptr);
        if (hasCallFailed())
            self.say("!");
        self.say(done ? "+" : std::string("-").append(base::name(done.error().code)));
        if (!done && !expected.refused[i])
            return;
    }
}

}  // namespace

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> lines;
    std::stringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void copyWorld(const World &from, const World &to)
{
    fs::remove_all(to.folder);
    fs::copy(from.folder, to.folder, fs::copy_options::recursive);
}

std::string operationOf(const Plan &plan)
{
    Random random(subSeed(plan.seed, 0));
    return drawOperation(plan.training, random).name;
}

Expected expect(const World &world, const Plan &plan)
{
    const fs::path log = world.folder / "places";
    fs::remove(log);
    Child child({}, log, [&](const Child &self) {
        for (size_t i = 0; i <= plan.operations; ++i) {
            std::ofstream(world.folder / ("state" + std::to_string(i))) << stateOf(world).value();
            if (i == plan.operations)
                break;
            std::string name;
            const auto begin = std::chrono::steady_clock::now();
            const auto done = runOperation(world, plan, i, &name);
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
            self.say((done ? "+" : "-") + std::to_string(took.count()) + " " + name);
        }
    });
    Expected expected;
    for (const std::string &line : linesOf(child.wait(-1, nullptr))) {
        expected.refused.push_back(line[0] == '-');
        expected.milliseconds += std::stod(line.substr(1));
        expected.names.push_back(line.substr(line.find(' ') + 1));
    }
    for (size_t i = 0; i <= plan.operations; ++i)
        expected.states.push_back(readText(world.folder / ("state" + std::to_string(i))));
    for (const std::string &place : linesOf(readText(log)))
        ++expected.passes[place];
    return expected;
}

World newWorld(const fs::path &folder, bool training)
{
    fs::remove_all(folder);
    const World world{folder};
    Child maker({}, {}, [&](const Child &self) {
        if (auto made = makeWorld(world, training); !made)
            self.say(made.error().message);
        fs::copy_file(world.service() / core::Service::DatabaseName, world.folder / "old.sqlite");
        makeOld(world.folder / "old.sqlite");
    });
    const std::string said = maker.wait(-1, nullptr);
    if (!said.empty())
        std::fprintf(stderr, "no world: %s\n", said.c_str());
    return world;
}

Outcome endure(const World &world, const Plan &plan, const Expected &expected, const Fault &fault)
{
    Outcome outcome;
    if (expected.names.size() != plan.operations) {
        outcome.problem = "the operations die without a fault";
        return outcome;
    }
    Child victim(fault.place, {}, [&](const Child &self) { suffer(world, plan, expected, fault, self); });
    size_t done = 0;
    for (const std::string &line : linesOf(victim.wait(fault.moment, &outcome.killed))) {
        if (line == "!") {
            outcome.callFailed = true;
        } else if (line[0] == '+' || expected.refused[done]) {
            ++done;
        } else {
            outcome.failed = true;
            outcome.code = line.substr(1);
        }
    }
    Child examiner({}, {}, [&](const Child &self) {
        self.say("?" + examine(world, expected, plan, done, outcome.failed,
                               !fault.failingCalls.empty() && fault.forEver, self));
    });
    outcome.problem = "the examiner died";
    for (const std::string &line : linesOf(examiner.wait(-1, nullptr))) {
        if (line == "resumed")
            outcome.resumed = true;
        else if (line == "true")
            outcome.cameTrue = true;
        else if (line[0] == '?')
            outcome.problem = line.substr(1);
    }
    if (!outcome.problem.empty())
        outcome.problem = (done < expected.names.size() ? expected.names[done] : "all done") +
                          (outcome.killed   ? ", killed: "
                           : outcome.failed ? ", failed: "
                                            : ", whole: ") +
                          outcome.problem;
    return outcome;
}

}  // namespace crash
