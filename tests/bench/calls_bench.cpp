// SPDX-License-Identifier: Apache-2.0
// How fast questions are asked and their answers kept, and what that costs of the processor.
#include "core/teacher/calls/call_engine.h"
#include "tests/bench/benches.h"
#include "tests/bench/value_or_throw.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <cstdio>
#include <sys/resource.h>

namespace bench {

namespace {

rusage used()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage;
}

double cpuSeconds()
{
    const rusage usage = used();
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int callsBench(const Arguments &arguments)
{
    int argc = 0;
    const QCoreApplication application(argc, nullptr);
    const QTemporaryDir folder;
    const auto store = value(core::AnswerStore::open(folder.path().toStdString()));
    const auto questions = static_cast<int64_t>(arguments.number("questions", 2000));
    core::ChatEndpoint endpoint{arguments.positional.front(), "bench", "sk-bench"};
    core::CallOptions options;
    options.limits.concurrency = static_cast<int>(arguments.number("concurrency", 16));
    options.teacher = "bench";
    int64_t next = 0, answered = 0;
    const double cpuBefore = cpuSeconds();
    const auto start = std::chrono::steady_clock::now();
    const auto done = value(core::askAll(
        endpoint, options, store,
        [&]() -> std::optional<core::Question> {
            if (next == questions)
                return std::nullopt;
            core::Question question;
            question.id = next;
            const std::vector<std::string> parts{"bench", std::to_string(next)};
            question.key = core::answerKey(parts);
            question.chat.system = "Sort the mail: refund or delivery.";
            question.chat.turns = {{false, "Where is my parcel, number " + std::to_string(next) + "?"}};
            question.chat.choices = {"refund", "delivery"};
            ++next;
            return question;
        },
        [&](int64_t, const core::TeacherAnswer &) -> base::Result<void> {
            ++answered;
            return {};
        },
        {}));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("{\"bench\":\"calls\",\"answered\":%lld,\"retries\":%lld,\"seconds\":%.3f,\"per_second\":%.1f,"
                "\"cpu_seconds\":%.3f,\"cpu_share\":%.3f,\"peak_mb\":%.1f}\n",
                static_cast<long long>(answered), static_cast<long long>(done.retries), seconds,
                static_cast<double>(answered) / seconds, cpuSeconds() - cpuBefore, (cpuSeconds() - cpuBefore) / seconds,
                static_cast<double>(used().ru_maxrss) / 1024);
    return answered == questions ? 0 : 1;
}

}  // namespace bench
