// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/base/counted.h"
#include "core/results/report_json.h"
#include "core/tasks/exam_task.h"

#include <memory>

namespace cli {

namespace {

struct Options {
    std::string service, teacher = core::BuiltInTeacher;
};

int run(const Options &o, Console &console)
{
    auto service = core::Service::open(o.service);
    if (!service)
        return console.fail(service.error());
    auto reader = core::FeatureReader::open(0);
    if (!reader)
        return console.fail(reader.error());
    using Learns = core::EmbeddingTeacher::Learns;
    auto exam = core::examine(*service, o.teacher == core::UntrainedTeacher ? Learns::Descriptions : Learns::Rows,
                              std::move(*reader), console.context());
    if (!exam)
        return console.fail(exam.error());
    const auto &report = exam->report;
    console.say(exam->name + " knows " + base::counted(exam->learnedRows, "train row", "train rows") +
                " and is right on " + std::to_string(report.correct) + " of " + std::to_string(report.rows) +
                " exam rows, " + percent(report.accuracy) + " (between " + percent(report.interval.low) + " and " +
                percent(report.interval.high) + "), macro F1 " + percent(report.macroF1) + ".");
    for (size_t i = 0; i < exam->labels.size(); ++i) {
        const auto &metrics = report.perClass[i];
        console.say("  " + exam->labels[i] + ": precision " + percent(metrics.precision) + ", recall " +
                    percent(metrics.recall) + ", F1 " + percent(metrics.f1) + ", " + std::to_string(metrics.support) +
                    " rows");
    }
    nlohmann::ordered_json json{{"exam", exam->name}, {"train_rows", exam->learnedRows}, {"seconds", exam->seconds}};
    json.update(core::reportJson(report, exam->labels));
    console.result(json);
    return ExitDone;
}

}  // namespace

void addExam(CLI::App &app, Action &action)
{
    auto *command = app.add_subcommand("exam", "Let a teacher answer the test rows, and keep what it is worth");
    auto o = std::make_shared<Options>();
    command->add_option("service", o->service, "Folder of the service")->required();
    command
        ->add_option("--teacher", o->teacher,
                     "built-in: embeddings, class descriptions and your train rows; untrained: the descriptions alone")
        ->check(CLI::IsMember({core::BuiltInTeacher, core::UntrainedTeacher}));
    command->callback([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
