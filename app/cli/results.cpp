// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/engine/eval/coverage.h"
#include "core/results/advice.h"
#include "core/results/class_order.h"
#include "core/results/report_json.h"
#include "core/results/run_classes.h"

#include <memory>

namespace cli {

namespace {

using nlohmann::ordered_json;

constexpr size_t MostPairs = 5;
constexpr size_t MostCurvePoints = 200;

struct Options {
    std::string service, checkpoint;
    double right = 0.95;
};

ordered_json intervalJson(const engine::Interval &interval)
{
    return {interval.low, interval.high};
}

/// What every checkpoint scored when it was trained.
base::Result<int> listAll(const core::Service &service, Console &console)
{
    const core::RunStore store(service.database());
    auto runs = TRY(store.runs());
    const auto best = core::resolveCheckpoint(service, "best");
    auto list = ordered_json::array();
    for (const core::RunInfo &run : runs) {
        auto checkpoints = TRY(store.checkpoints(run.id));
        for (const core::CheckpointInfo &info : checkpoints) {
            const core::CheckpointName name{run.id, info.epoch};
            const bool isBest = best && best->text() == name.text();
            const auto heldOut = core::parseReport(info.validation);
            const auto exam = core::parseReport(info.test);
            const bool isThere = core::isThere(service.folder(), name);
            ordered_json entry{{"checkpoint", name.text()},
                               {"best", isBest},
                               {"there", isThere},
                               {"state", run.state},
                               {"train_loss", info.trainLoss}};
            std::string line = (isBest ? "* " : "  ") + name.text() + (isThere ? "" : " (weights gone)");
            if (heldOut) {
                const double score = engine::decisiveScore(heldOut->report);
                line += (heldOut->crossValidated ? ": cross-validated " : ": held-out ") + percent(score);
                entry["held_out"] = score;
                entry["cross_validated"] = heldOut->crossValidated;
                entry["kind"] =
                    core::name(heldOut->crossValidated ? core::ScoreKind::CrossValidated : core::ScoreKind::HeldOut);
            }
            if (exam && exam->report.rows > 0) {
                const auto &report = exam->report;
                line += ", exam " + percent(report.accuracy) + " (" + percent(report.interval.low) + " to " +
                        percent(report.interval.high) + "), macro F1 " + percent(report.macroF1);
                entry["kind"] = core::name(core::ScoreKind::Exam);
                entry["exam"] = core::reportJson(report, exam->labels);
            }
            console.say(line);
            list.push_back(std::move(entry));
        }
    }
    auto exams = TRY(store.exams());
    auto examined = ordered_json::array();
    for (const core::RunInfo &info : exams) {
        auto kept = TRY(store.checkpoints(info.id));
        for (const core::CheckpointInfo &answers : kept) {
            const auto exam = core::parseReport(answers.test);
            if (!exam)
                continue;
            const auto &report = exam->report;
            console.say("  " + info.id + " (exam of a teacher): " + percent(report.accuracy) + " (" +
                        percent(report.interval.low) + " to " + percent(report.interval.high) + "), macro F1 " +
                        percent(report.macroF1));
            examined.push_back(
                {{"exam", info.id}, {"teacher", info.examined}, {"kind", core::name(core::ScoreKind::Exam)}});
            examined.back().update(core::reportJson(report, exam->labels));
        }
    }
    auto unreadable = TRY(store.unreadable());
    auto skipped = ordered_json::array();
    for (const core::UnreadableRun &run : unreadable) {
        console.say("  " + run.id + " cannot be read and is left out: " + run.why.message);
        skipped.push_back({{"run", run.id}, {"code", base::name(run.why.code)}, {"message", run.why.message}});
    }
    if (list.empty())
        console.say("Nothing is trained yet. Run: stillroom-cli train " + service.folder().filename().string());
    console.result({{"checkpoints", list}, {"exams", examined}, {"unreadable", skipped}});
    return ExitDone;
}

ordered_json curveJson(const engine::Curve &curve)
{
    auto points = ordered_json::array();
    const auto thin = engine::thinned(curve, MostCurvePoints);
    for (const auto &point : thin.points)
        points.push_back({point.x, point.y});
    return {{"area", curve.area ? ordered_json(*curve.area) : ordered_json()}, {"points", points}};
}

ordered_json coverageJson(const core::CheckpointResults &results, double right, Console &console)
{
    const core::ScoreKind kind = results.shown.kind;
    const auto threshold = engine::thresholdFor(results.heldOut.verdicts, right);
    if (!threshold) {
        console.say(results.heldOut.verdicts.empty()
                        ? "It has kept no held-out answers, by which a limit for asking a person could be set."
                        : "No limit makes it right on " + percent(right) + " of the held-out rows.");
        return nullptr;
    }
    const auto coverage = engine::coverageOf(results.shown.verdicts, {*threshold});
    const auto interval = coverage.interval();
    console.say("Where it is at least " + std::to_string(*threshold).substr(0, 4) + " sure it answers " +
                (coverage.answered == 0
                     ? "nothing by itself: a person is asked about every text."
                     : percent(coverage.share()) + " by itself and is right on " + percent(coverage.rightShare()) +
                           " (between " + percent(interval.low) + " and " + percent(interval.high) +
                           "); a person is asked about the rest.") +
                (kind == core::ScoreKind::Exam ? "" : " The same rows have set this limit."));
    return {{"kind", core::name(kind)},          {"target", right},         {"threshold", *threshold},
            {"answered", coverage.answered},     {"right", coverage.right}, {"rows", coverage.rows},
            {"interval", intervalJson(interval)}};
}

base::Result<int> showOne(const core::Service &service, const Options &o, Console &console)
{
    auto name = TRY(core::resolveAnswers(service, o.checkpoint));
    auto results = TRY(core::readResults(service, name));
    auto advice = TRY(core::adviceOn(service, results));
    auto counts = TRY(service.examples().counts());
    const auto &report = results.report;
    const core::ScoreKind kind = results.shown.kind;
    const std::string remark = core::remarkOn(kind, counts.test > 0);
    ordered_json json{{"checkpoint", name.text()},
                      {"kind", report.rows > 0 ? ordered_json(core::name(kind)) : ordered_json()}};
    json.update(core::reportJson(report, results.shown.labels));
    json["left_out"] = results.shown.leftOut;
    json["intervals"] = {{"macro_f1", intervalJson(results.intervals.macroF1)},
                         {"micro_f1", intervalJson(results.intervals.microF1)},
                         {"log_loss", intervalJson(results.intervals.logLoss)}};
    const bool isMultiLabel = report.task == engine::TaskType::MultiLabel;
    if (!isMultiLabel)
        json["intervals"]["ece"] = intervalJson(results.intervals.ece);
    const auto kappa = engine::cohenKappa(report.confusion);
    json["kappa"] = kappa && !isMultiLabel ? ordered_json(*kappa) : ordered_json();
    json["ece_uncalibrated"] = results.before.error();
    if (report.rows == 0)
        console.say(name.text() + " has answered no exam row that is there now, and has kept no answers to rows that "
                                  "were left out of its training.");
    else
        console.say(name.text() + ": " + (isMultiLabel ? "all labels right on " : "right on ") +
                    std::to_string(report.correct) + " of " + core::countedRows(kind, report.rows) + ", " +
                    percent(report.accuracy) + " (between " + percent(report.interval.low) + " and " +
                    percent(report.interval.high) + "), macro F1 " + percent(report.macroF1) + " (" +
                    percent(results.intervals.macroF1.low) + " to " + percent(results.intervals.macroF1.high) + ").");
    if (!remark.empty())
        console.say(remark);
    if (const int64_t unknown = results.shown.unknownRows(); unknown > 0)
        console.say(core::unknownText(unknown, results.shown.labels, results.shown.learned.size()));
    json["unknown_class"] = results.shown.unknownRows();
    if (results.shown.leftOut > 0)
        console.say("Of " + core::countedRows(kind, results.shown.leftOut) +
                    " the label is no class any more, or the row is gone: left out.");
    json["ask_below"] = coverageJson(results, o.right, console);
    auto confused = ordered_json::array();
    const auto pairs = core::confusedPairs(report.confusion, MostPairs);
    for (const core::ConfusedPair &pair : pairs) {
        const auto &labels = results.shown.labels;
        console.say("  " + labels[pair.expected] + " answered as " + labels[pair.answered] + ": " +
                    std::to_string(pair.rows));
        confused.push_back({labels[pair.expected], labels[pair.answered], pair.rows});
    }
    json["most_confused"] = confused;
    auto cards = ordered_json::array();
    for (const core::Advice &card : advice) {
        console.say("Next: " + card.title + ". " + card.evidence);
        cards.push_back({{"kind", core::name(card.kind)},
                         {"title", card.title},
                         {"evidence", card.evidence},
                         {"gain", card.gain},
                         {"rows", card.rows},
                         {"labels", card.labels}});
        if (card.rightShare > 0)
            cards.back()["right_share"] = card.rightShare;
    }
    json["advice"] = cards;
    if (console.json()) {
        const auto curves = core::curvesOf(results.shown, console.context());
        json["precision_recall"] = {{"micro", curveJson(curves.precisionRecall.micro)},
                                    {"macro", curveJson(curves.precisionRecall.macro)}};
        json["roc"] = {{"micro", curveJson(curves.roc.micro)}, {"macro", curveJson(curves.roc.macro)}};
    }
    console.result(json);
    return ExitDone;
}

base::Result<int> run(const Options &o, Console &console)
{
    auto service = TRY(core::Service::open(o.service));
    return o.checkpoint.empty() ? listAll(service, console) : showOne(service, o, console);
}

}  // namespace

void addResults(const Command &app, Action &action)
{
    const Command command = app.addCommand("results", "Show the scores of all checkpoints, or everything about one");
    auto o = std::make_shared<Options>();
    command.option("service", o->service, "Folder of the service").required();
    command.option("checkpoint", o->checkpoint, "RUN/EPOCH, best, or the exam of a teacher (default: all)");
    command.option("--right", o->right, "Share of the answers that must be correct; a person gets the rest")
        .from(0.5, 1);
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
