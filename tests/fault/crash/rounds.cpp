// SPDX-License-Identifier: Apache-2.0
// Rounds of: do what a person does, die or fail in the midst of it, open again, compare with what had been said to be
// done. The same operations without a fault say what the states must be.
//
//   crash_rounds [--rounds N] [--seed N] [--training PERCENT] [--every-place 1]
//
// or, with the library failing_io preloaded, every operation with its Nth write failing, once and for ever:
//
//   crash_rounds --sweep STRIDE          1: every call; more: one in so many
#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/base/random.h"
#include "tests/fault/crash/round.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace fs = std::filesystem;
using base::Random;
using base::subSeed;
using namespace crash;

namespace {

struct Totals {
    int rounds = 0, killed = 0, failed = 0, resumed = 0, wrong = 0;
    std::map<std::string, int> seen;   ///< places passed
    std::map<std::string, int> fired;  ///< places at which something was made to happen
};

/// A place and what happens there: rarely visited ones first.
std::string faultAt(const Expected &expected, const Totals &totals, Random &random)
{
    std::vector<std::string> places;
    for (const auto &[place, passes] : expected.passes)
        places.push_back(place);
    if (places.empty())
        return {};
    random.shuffle(places);
    const auto fired = [&](const std::string &place) {
        const auto found = totals.fired.find(place);
        return found == totals.fired.end() ? 0 : found->second;
    };
    const std::string place = *std::min_element(places.begin(), places.end(),
                                                [&](const auto &a, const auto &b) { return fired(a) < fired(b); });
    static constexpr const char *Modes[] = {"kill", "kill", "kill", "throw", "enospc", "eio", "short", "delay"};
    // Some know no failing, and where memory runs out a run goes on in smaller parts: not to the same bits.
    const bool killOnly = place.ends_with(".after") || place == "train.memory";
    const std::string mode = killOnly ? "kill" : Modes[random.below(std::size(Modes))];
    const size_t pass = 1 + random.below(static_cast<size_t>(expected.passes.at(place)));
    const bool forEver = mode != "kill" && mode != "delay" && random.below(3) == 0;
    return place + "=" + mode + "@" + std::to_string(pass) + (forEver ? "+" : "");
}

/// One round; whether all was well.
bool runRound(const World &world, const Plan &plan, Totals &totals)
{
    Random random(plan.seed);
    base::removeLeftOvers(world.out());  // as the next who writes there does
    const World reference{world.folder.parent_path() / "reference"};
    copyWorld(world, reference);
    const Expected expected = expect(reference, plan);
    for (const auto &[place, passes] : expected.passes)
        ++totals.seen[place];
    Fault fault;
    if (random.below(3) != 0)
        fault.place = faultAt(expected, totals, random);
    else
        fault.moment = random.uniform() * 1.2 * expected.milliseconds;
    const Outcome outcome = endure(world, plan, expected, fault);
    ++totals.rounds;
    totals.killed += outcome.killed ? 1 : 0;
    totals.failed += outcome.failed ? 1 : 0;
    totals.resumed += outcome.resumed ? 1 : 0;
    if (outcome.killed || outcome.failed)
        ++totals.fired[fault.place.empty() ? "a moment" : fault.place.substr(0, fault.place.find('='))];
    if (outcome.problem.empty())
        return true;
    ++totals.wrong;
    std::fprintf(stderr, "round %d, %s: %s\n", totals.rounds - 1,
                 fault.place.empty() ? (std::to_string(fault.moment) + " ms").c_str() : fault.place.c_str(),
                 outcome.problem.c_str());
    return false;
}

int runRounds(const fs::path &folder, std::map<std::string, uint64_t> &options)
{
    Totals totals;
    World worlds[2];
    for (uint64_t round = 0; round < options["--rounds"]; ++round) {
        const uint64_t seed = subSeed(options["--seed"], round);
        const bool training = Random(seed ^ 1).below(100) < options["--training"];
        World &world = worlds[training ? 1 : 0];
        if (world.folder.empty() || Random(seed ^ 2).below(training ? 12 : 25) == 0)  // it grows
            world = newWorld(folder / (training ? "training" : "rows") / "world", training);
        if (!runRound(world, {training, seed, 1 + Random(seed ^ 3).below(training ? 2 : 4)}, totals))
            world = {};
        if ((round + 1) % 100 == 0)
            std::fprintf(stderr, "%d rounds, %d wrong\n", totals.rounds, totals.wrong);
    }
    int unfired = 0;
    for (const std::string_view name : base::Failpoints) {
        const std::string place(name);
        std::printf("%-24s seen in %4d rounds, fired in %d\n", place.c_str(), totals.seen[place], totals.fired[place]);
        unfired += totals.fired[place] == 0 ? 1 : 0;
    }
    std::printf("%d rounds: %d killed (%d at a random moment), %d failed on purpose, %d runs resumed; %d wrong, %d "
                "places never fired\n",
                totals.rounds, totals.killed, totals.fired["a moment"], totals.failed, totals.resumed, totals.wrong,
                unfired);
    return totals.wrong == 0 && (unfired == 0 || options["--every-place"] == 0) ? 0 : 1;
}

/// The Nth writing call of one operation fails, for every N that there is.
int sweepOperation(const fs::path &folder, const Plan &plan, long stride, std::map<std::string, int> &codes)
{
    const World fresh = newWorld(folder / "fresh", plan.training);
    const World reference{folder / "reference"}, world{folder / "world"};
    copyWorld(fresh, reference);
    const Expected expected = expect(reference, plan);
    const std::string name = expected.names.empty() ? "?" : expected.names[0];
    int wrong = 0, tried = 0, cameTrue = 0;
    const auto attempt = [&](const Fault &fault) {
        copyWorld(fresh, world);
        const Outcome outcome = endure(world, plan, expected, fault);
        ++tried;
        cameTrue += outcome.cameTrue ? 1 : 0;
        if (outcome.failed)
            ++codes[outcome.code];
        // Whoever sees a full or broken disk must be told so.
        static const std::set<std::string> Honest{"io", "disk_full", "read_only"};
        const bool honest = !outcome.failed || Honest.contains(outcome.code);
        if (!outcome.problem.empty() || !honest) {
            ++wrong;
            std::fprintf(stderr, "%s, call %ld %s%s, files to %ld bytes: %s%s\n", name.c_str(), fault.call,
                         fault.failingCalls.c_str(), fault.forEver ? " for ever" : "", fault.largestFile,
                         honest ? "" : ("it says " + outcome.code + " ").c_str(), outcome.problem.c_str());
        }
        return outcome.callFailed;
    };
    long calls = 0;
    for (const bool forEver : {false, true}) {
        for (const char *mode : {"eio", "enospc", "short"}) {
            for (long call = 1; attempt({.failingCalls = mode, .call = call, .forEver = forEver}); call += stride)
                calls = std::max(calls, call);
        }
    }
    for (const long bytes : {1L, 4'096L, 20'000L, 65'536L, 300'000L})
        static_cast<void>(attempt({.largestFile = bytes}));
    std::printf("%-20s %4ld writing calls, %d faults, %d wrong; %d reported as failed, yet there\n", name.c_str(),
                calls, tried, wrong, cameTrue);
    return wrong;
}

/// Operations on a service with trained runs take seconds each: `trainingStride` is theirs.
int sweep(const fs::path &folder, uint64_t seed, long stride, long trainingStride)
{
    std::map<std::string, int> codes;
    std::set<std::string> done;
    int wrong = 0;
    // Seeds are drawn until every operation has had its turn.
    for (uint64_t draw = 0; draw < 400; ++draw) {
        const Plan plan{draw % 2 == 1, subSeed(seed, draw), 1};
        if (done.insert(operationOf(plan)).second)
            wrong += sweepOperation(folder, plan, plan.training ? trainingStride : stride, codes);
    }
    for (const auto &[code, count] : codes)
        std::printf("%d times %s\n", count, code.c_str());
    std::printf("%zu operations, %d wrong\n", done.size(), wrong);
    return wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char **argv)
{
    std::map<std::string, uint64_t> options{{"--rounds", 60},     {"--seed", 1},  {"--training", 20},
                                            {"--every-place", 0}, {"--sweep", 0}, {"--sweep-training", 0}};
    for (int i = 1; i + 1 < argc; i += 2)
        options[argv[i]] = std::stoull(argv[i + 1]);
    std::string name = (fs::temp_directory_path() / "stillroom-crash-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        return 2;
    const auto stride = static_cast<long>(options["--sweep"]);
    const auto trainingStride = static_cast<long>(options["--sweep-training"]);
    const int code = stride > 0 ? sweep(name, options["--seed"], stride, trainingStride > 0 ? trainingStride : stride)
                                : runRounds(name, options);
    fs::remove_all(name);
    return code;
}
