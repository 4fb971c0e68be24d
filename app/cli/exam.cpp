// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "app/cli/teacher_options.h"
#include "app/cli/thread_option.h"
#include "core/base/counted.h"
#include "core/results/report_json.h"
#include "core/tasks/exam_task.h"
#include "core/tasks/teacher_worth.h"
#include "core/teacher/prompt_versions.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service;
    TeacherOptions teacher;
    std::vector<std::string> prompts;
};

base::Result<core::Exam> examineBuiltIn(const core::Service &service, const Options &o, Console &console)
{
    auto reader = TRY(core::FeatureReader::open(0));
    using Learns = core::EmbeddingTeacher::Learns;
    return core::examine(service, o.teacher.teacher == core::UntrainedTeacher ? Learns::Descriptions : Learns::Rows,
                         std::move(reader), console.context());
}

nlohmann::ordered_json report(const core::Exam &exam, bool isChat, Console &console)
{
    const auto &report = exam.report;
    console.say(exam.name + (isChat ? " was shown " : " knows ") +
                base::counted(exam.learnedRows, "train row", "train rows") + " and is right on " +
                std::to_string(report.correct) + " of " + std::to_string(report.rows) + " exam rows, " +
                percent(report.accuracy) + " (between " + percent(report.interval.low) + " and " +
                percent(report.interval.high) + "), macro F1 " + percent(report.macroF1) + ".");
    if (isChat && exam.counts.unanswered() > 0)
        console.say(unansweredText(exam.counts) + ": counted as wrong.");
    if (isChat)
        sayUnanswered(exam.counts, console);
    for (size_t i = 0; i < exam.labels.size(); ++i) {
        const auto &metrics = report.perClass[i];
        console.say("  " + exam.labels[i] + ": precision " + percent(metrics.precision) + ", recall " +
                    percent(metrics.recall) + ", F1 " + percent(metrics.f1) + ", " + std::to_string(metrics.support) +
                    " rows");
    }
    const core::ClassVerdicts verdicts = core::classVerdicts({report, exam.labels});
    const auto list = [](const std::vector<std::string> &labels) {
        std::string text;
        for (const std::string &label : labels)
            text += (text.empty() ? "" : ", ") + label;
        return text;
    };
    console.say("Good for " + std::to_string(verdicts.good.size()) + " of " +
                base::counted(static_cast<int64_t>(verdicts.all()), "class", "classes") +
                (verdicts.unproven.empty() ? "" : "; too few exam rows to be sure of " + list(verdicts.unproven)) +
                (verdicts.weak.empty() ? "" : "; keep a person on " + list(verdicts.weak)) + ".");
    nlohmann::ordered_json json{{"exam", exam.name}, {"train_rows", exam.learnedRows}, {"seconds", exam.seconds}};
    json.update(core::reportJson(report, exam.labels));
    json["weak_classes"] = verdicts.weak;
    json["unproven_classes"] = verdicts.unproven;
    if (isChat) {
        sayCalls(exam.calls, console);
        json["labelled"] = exam.counts.labelled;
        addUnanswered(json, exam.counts);
        addCalls(json, exam.calls);
    }
    return json;
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    if (o.teacher.isBuiltIn()) {
        auto exam = TRY(examineBuiltIn(service, o, console));
        console.result(report(exam, false, console));
        return ExitDone;
    }
    for (const std::string &prompt : o.prompts) {  // before a model is loaded
        TRY(core::promptNamed(service, prompt));
    }
    auto teacher = TRY(openTeacher(o.teacher, console));
    auto all = nlohmann::ordered_json::array();
    const auto job = teacher.source.onItsTerms(o.teacher.job);
    TRY(core::examineVersions(
        service, teacher.source, job, o.prompts, console.context(), sayPauses(console), [&](const core::Exam &exam) {
            all.push_back(report(exam, true, console));
            all.back().update(teacher.facts());
            all.back()["teacher_warning"] = sayWarning(service, teacher.source.endpoint().model, console);
        }));
    console.result(all.size() == 1 ? all.front() : nlohmann::ordered_json{{"exams", all}});
    return ExitDone;
}

}  // namespace

void addExam(const Command &app, Action &action)
{
    const Command command = app.addCommand("exam", "Test a teacher on the exam rows");
    auto o = std::make_shared<Options>();
    o->teacher.teacher = core::BuiltInTeacher;
    command.option("service", o->service, "Folder of the service").required();
    addTeacherOptions(command, o->teacher,
                      "built-in (the default: embeddings, class descriptions and your train rows), untrained (the "
                      "descriptions alone)");
    command.option("--limit,--rows", o->teacher.job.mostRows, "Ask about N exam rows, evenly spread (default: all)");
    command
        .option("--prompt", o->prompts,
                "Version of the prompt, see the command prompt. Repeat it to compare up to three")
        .onceEach();
    command.option("--name", o->teacher.job.name, "Name of the exam (default: the model's name)");
    addThreadOption(command);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
