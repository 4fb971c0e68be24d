// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/base/atomic_file.h"
#include "core/results/custom_metric.h"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace cli {

namespace {

using nlohmann::ordered_json;

struct Options {
    std::string service, checkpoint = "best", code, keep, forget;
    bool ready = false;
};

std::string figure(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

ordered_json listJson(const std::vector<core::CustomMetric> &metrics)
{
    auto list = ordered_json::object();
    for (const core::CustomMetric &metric : metrics)
        list[metric.name] = metric.code;
    return list;
}

base::Result<int> showReady(Console &console)
{
    for (const core::CustomMetric &metric : core::readyMetrics())
        console.say(metric.name + "\n" + metric.code + "\n");
    console.result({{"ready", listJson(core::readyMetrics())}});
    return ExitDone;
}

/// The one in the file that was named, else all that the service keeps, else the ready-made ones.
base::Result<std::vector<core::CustomMetric>> metricsToScore(const core::Service &service, const Options &o)
{
    if (!o.code.empty()) {
        auto code = TRY(base::readFile(o.code));
        return std::vector<core::CustomMetric>{{o.keep.empty() ? o.code : o.keep, code}};
    }
    auto kept = core::metricsOf(service);
    if (kept && kept->empty())
        return core::readyMetrics();
    return kept;
}

base::Result<int> score(const core::Service &service, const Options &o, Console &console)
{
    auto metrics = TRY(metricsToScore(service, o));
    auto name = TRY(core::resolveAnswers(service, o.checkpoint));
    auto answers = TRY(core::readShownAnswers(service, name));
    auto scores = ordered_json::object();
    for (const core::CustomMetric &metric : metrics) {
        auto done = TRY(core::scoreBy(metric, service, answers, console.context()));
        console.say(metric.name + ": " + figure(done.mean) + " (between " + figure(done.interval.low) + " and " +
                    figure(done.interval.high) + ") on " +
                    core::countedRows(answers.kind, static_cast<int64_t>(done.values.size())));
        scores[metric.name] = {
            {"mean", done.mean}, {"interval", {done.interval.low, done.interval.high}}, {"rows", done.values.size()}};
    }
    if (!o.keep.empty()) {
        TRY(core::keepMetric(service, metrics.front()));
        console.say("Kept as " + o.keep + ".");
    }
    console.result({{"checkpoint", name.text()}, {"kind", core::name(answers.kind)}, {"scores", scores}});
    return ExitDone;
}

base::Result<int> run(const Options &o, Console &console)
{
    if (o.ready)
        return showReady(console);
    auto service = TRY(core::Service::open(o.service));
    if (o.forget.empty())
        return score(service, o, console);
    auto kept = TRY(core::metricsOf(service));
    if (std::none_of(kept.begin(), kept.end(), [&](const auto &metric) { return metric.name == o.forget; }))
        return base::failure(base::ErrorCode::NotFound, "The service keeps no metric of this name.", o.forget);
    TRY(core::keepMetric(service, {o.forget, {}}));
    console.say("Forgot " + o.forget + ".");
    console.result({{"forgot", o.forget}});
    return ExitDone;
}

}  // namespace

void addMetric(const Command &app, Action &action)
{
    const Command command = app.addCommand("metric", "Score the exam with your own JavaScript function");
    auto o = std::make_shared<Options>();
    const Option service = command.option("service", o->service, "Folder of the service");
    command.option("checkpoint", o->checkpoint, "RUN/EPOCH (default: the best)");
    const Option code = command.option("--code", o->code,
                                       "File with a function (text, expected, predicted, probabilities) => number "
                                       "(default: the metrics kept in the service)");
    command.option("--keep", o->keep, "Keep it in the service under this name").needs(code);
    const Option forget = command.option("--forget", o->forget, "Remove the metric of this name").excludes(code);
    const Option ready = command.flag("--ready", o->ready, "Print ready-made examples");
    ready.excludes(code).excludes(forget);
    command.whenGiven([=, &action] {
        if (!o->ready && !service.isGiven())
            refuseMissing("service");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
