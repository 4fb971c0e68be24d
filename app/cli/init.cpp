// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/findings.h"
#include "core/tasks/init_task.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, from, name, task, rejectClass;
    std::vector<std::string> classes;
    bool isMultiLabel = false;
};

/// `name="description"` or `name`; `\=` is an equals sign of the name.
core::ClassDescription parseClass(const std::string &text)
{
    core::ClassDescription described;
    size_t i = 0;
    for (; i < text.size() && text[i] != '='; ++i) {
        i += text.compare(i, 2, "\\=") == 0 ? 1 : 0;
        described.name += text[i];
    }
    if (i < text.size())
        described.description = text.substr(i + 1);
    return described;
}

base::Result<core::InitSummary> create(const Options &o, Console &console)
{
    const std::filesystem::path folder = o.service;
    const std::string name =
        !o.name.empty() ? o.name : (folder.filename().empty() ? folder.parent_path() : folder).filename().string();
    if (!o.from.empty())
        return core::initFromFolder(folder, o.from, name, console.context());
    core::JobDescription job;
    job.taskDescription = o.task;
    job.isMultiLabel = o.isMultiLabel;
    for (const auto &text : o.classes) {
        job.classes.push_back(parseClass(text));
        if (job.classes.back().name.empty())
            return base::failure(base::ErrorCode::InvalidInput,
                                 "A class needs a name before the equals sign: --class name=\"description\".", text);
        for (size_t i = 0; i + 1 < job.classes.size(); ++i) {
            if (job.classes[i].name == job.classes.back().name)
                return base::failure(base::ErrorCode::InvalidInput, "This class is named twice. Keep one of them.",
                                     text);
        }
    }
    job.rejectClass = o.rejectClass;
    core::cleanClassNames(job);
    TRY(core::checkReject(job, o.rejectClass));
    return core::initByHand(folder, name, job);
}

base::Result<int> run(const Options &o, Console &console)
{
    auto summary = TRY(create(o, console));
    auto service = TRY(core::Service::open(o.service));
    const auto labels = TRY(service.examples().labels());
    const auto counts = TRY(service.examples().counts());
    const bool several = TRY(service.isMultiLabel());
    auto classes = nlohmann::ordered_json::array();
    for (const auto &label : labels) {
        if (label.declared)
            classes.push_back(label.name);
    }
    console.say("Created " + o.service + ": " + std::to_string(classes.size()) + " classes, " +
                std::to_string(counts.train) + " train, " + std::to_string(counts.test) + " test and " +
                std::to_string(counts.unlabelled) + " unlabelled rows.");
    sayRejected(console, summary.rejected);
    sayFindings(console, summary.findings);
    console.result({{"service", o.service},
                    {"task_type", several               ? "multi_label"
                                  : classes.size() == 2 ? "binary"
                                                        : "multiclass"},
                    {"classes", classes},
                    {"rows", {{"train", counts.train}, {"test", counts.test}, {"unlabelled", counts.unlabelled}}},
                    {"rejected", rejectedJson(summary.rejected)},
                    {"findings", findingsJson(summary.findings, core::LabelNames(labels))}});
    return ExitDone;
}

}  // namespace

void addInit(const Command &app, Action &action)
{
    const Command command = app.addCommand("init", "Create a service, from a folder or by hand");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the new service").required();
    const Option from =
        command.option("--from", o->from,
                       "Folder with job_description.json, train.* and test.* (distil labs), an exported "
                       "classifier, or an Augmentoolkit config");
    command.option("--name", o->name, "Name of the service (default: the folder's)");
    const Option task = command.option("--task", o->task, "What to decide, in a sentence").excludes(from);
    command
        .option("--class", o->classes,
                "Class as name=\"description\"; write \\= for an equals sign in the name. Repeat it for each")
        .needs(task);
    command.option("--reject", o->rejectClass, "Catch-all: the class for what fits no other. It needs no rows")
        .needs(task);
    command.flag("--multi-label", o->isMultiLabel, "A text may have any number of classes").needs(task);
    command.whenGiven([=, &action] {
        if (o->from.empty() && o->task.empty())
            refuseUsage("init", "needs --from FOLDER, or --task \"...\" with --class for each class");
        action = [o](Console &console) { return run(*o, console); };
    });
}

}  // namespace cli
