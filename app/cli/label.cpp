// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/teacher_options.h"
#include "app/cli/thread_option.h"
#include "core/base/counted.h"
#include "core/tasks/label_task.h"
#include "core/teacher/prompt_versions.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    TeacherOptions teacher;
    core::LabelOptions label;
    std::string prompt;
};

/// `beside` gets where a service was found, and what an exam says against the teacher.
base::Result<core::Labelling> label(const core::Service &service, Options o, Console &console,
                                    nlohmann::ordered_json &beside)
{
    if (o.teacher.isBuiltIn()) {
        auto reader = TRY(core::FeatureReader::open(0));
        o.label.provenance = std::string(core::TeacherProvenance) + core::BuiltInTeacherName;
        return core::labelRows(service, std::move(reader), o.label, console.context());
    }
    o.teacher.job.ways.prompt = TRY(core::promptNamed(service, o.prompt));
    beside["teacher_warning"] = sayWarning(service, o.teacher.name(), console);
    auto teacher = TRY(openTeacher(o.teacher, console));
    const auto &endpoint = teacher.source.endpoint();
    beside.update(teacher.facts());
    o.label.provenance = core::TeacherProvenance + endpoint.model;
    return core::labelRows(service, endpoint, teacher.source.onItsTerms(o.teacher.job), o.label, console.context(),
                           sayPauses(console));
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    nlohmann::ordered_json beside;
    auto done = TRY(label(service, o, console, beside));
    console.say("Labelled " + std::to_string(done.labelled) + " of " + base::counted(done.asked, "row", "rows") + "; " +
                std::to_string(done.belowLeast) + " were below the confidence asked for, " +
                unansweredText(done.counts) + ".");
    sayUnanswered(done.counts, console);
    if (done.orders > 0)
        console.say(base::counted(done.orders, "row reads", "rows read") +
                    " like an order to the teacher and would get another label without it: look at them yourself.");
    if (done.taken > 0)
        console.say(base::counted(done.taken, "row was", "rows were") + " changed by somebody meanwhile: that stays.");
    if (done.calls.end == core::CallSummary::End::CostReached)
        console.say("It stopped before it cost more than it may.");
    const bool isStopped = done.calls.end == core::CallSummary::End::Stopped;
    if (isStopped)
        console.say("Stopped. What was labelled is kept; the command, called again, goes on with the others.");
    const bool isPaused = done.calls.end == core::CallSummary::End::Paused;
    if (isPaused)
        console.say(done.calls.whyPaused);
    nlohmann::ordered_json json{{"asked", done.asked}, {"labelled", done.labelled}, {"below_least", done.belowLeast}};
    addUnanswered(json, done.counts);
    json["orders"] = done.orders;
    json["taken"] = done.taken;
    json["edit"] = done.edit ? nlohmann::ordered_json(*done.edit) : nlohmann::ordered_json();
    if (!o.teacher.isBuiltIn()) {
        sayCalls(done.calls, console);
        json.update(beside);
        addCalls(json, done.calls);
    }
    console.result(json);
    return isStopped || isPaused ? ExitStopped : ExitDone;
}

}  // namespace

void addLabel(const Command &app, Action &action)
{
    const Command command = app.addCommand("label", "Let a teacher label the unlabelled rows");
    auto o = std::make_shared<Options>();
    o->teacher.teacher = core::BuiltInTeacher;
    command.option("service", o->service, "Folder of the service").required();
    addTeacherOptions(command, o->teacher, "built-in (the default)");
    command.option("--limit,--rows", o->label.mostRows, "Label at most N rows, evenly spread (default: all)");
    command
        .option("--min-confidence,--at-least", o->label.leastConfidence, "Leave rows below this confidence unlabelled")
        .from(0, 1);
    command.flag("--to-train", o->label.toTrain, "Move the labelled rows to Train");
    command
        .option("--votes", o->teacher.job.votes,
                "Answers per row; the share of the most frequent one is the confidence")
        .between(1, 15);
    command.option("--prompt", o->prompt, "Version of the prompt (default: the one in use)");
    addThreadOption(command);
    command.whenGiven([=, &action] {
        if (o->teacher.teacher == core::UntrainedTeacher)
            refuseUsage("--teacher", "the untrained weights only take exams; built-in labels");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
