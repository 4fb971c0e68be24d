// SPDX-License-Identifier: Apache-2.0
#include "core/results/html_report.h"

#include "core/engine/eval/coverage.h"
#include "core/results/advice.h"
#include "core/results/class_order.h"
#include "core/results/comparison.h"
#include "core/results/html_parts.h"
#include "core/results/report_json.h"
#include "core/results/run_classes.h"

#include <algorithm>
#include <nlohmann/json.hpp>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr double Target = 0.95;
constexpr size_t MostPairs = 8;
constexpr size_t MostInMatrix = 40;
constexpr size_t MostTexts = 100;
constexpr size_t MostCurvePoints = 300;

std::string between(const engine::Interval &interval)
{
    return "between " + percentHtml(interval.low) + " and " + percentHtml(interval.high);
}

std::string joined(const std::vector<std::string> &labels, const std::vector<int> &chosen)
{
    std::string text;
    for (const int label : chosen)
        text += (text.empty() ? "" : ", ") + labels[static_cast<size_t>(label)];
    return chosen.empty() ? "none of them" : escapedHtml(text);
}

class Report {
public:
    Report(const Service &service, const CheckpointName &checkpoint, const HtmlReportOptions &options)
        : m_service(service), m_checkpoint(checkpoint), m_options(options)
    {
    }

    Result<std::string> write()
    {
        m_results = TRY(readResults(m_service, m_checkpoint));
        m_run = TRY(RunStore(m_service.database()).run(m_checkpoint.run));
        auto name = m_service.setting(keys::Name);
        auto task = m_service.setting(keys::TaskDescription);
        if (!name || !task)
            return failure(name ? task : name);
        m_body = "<h1>" + escapedHtml(*name) + "</h1>\n<p class=\"muted\">" + escapedHtml(*task) + "</p>\n";
        lead();
        classes();
        TRY(advice());
        if (m_options.full) {
            TRY(checkpoints());
            figures();
            charts();
            matrix();
            settings();
        }
        if (m_options.withTexts) {
            TRY(texts());
        }
        TRY(origin());
        return htmlPage(*name + ", " + m_checkpoint.text(), m_body);
    }

private:
    [[nodiscard]] bool isMultiLabel() const { return m_results.shown.rule.task == engine::TaskType::MultiLabel; }
    void heading(const char *text) { m_body += std::string("<h2>") + text + "</h2>\n"; }

    void lead()
    {
        const auto &report = m_results.report;
        if (report.rows == 0) {
            m_body += "<p class=\"lead\">There are no exam rows, and no answers to rows that were left out of the "
                      "training, so nothing can be said about new texts.</p>\n";
            return;
        }
        const ScoreKind kind = m_results.shown.kind;
        m_body += "<p class=\"lead\">" + std::string(isMultiLabel() ? "All classes right" : "Right") + " on " +
                  percentHtml(report.accuracy) + " of the texts (" + between(report.interval) +
                  ").</p>\n<p>Counted on " + countedRows(kind, report.rows) + ": " + std::to_string(report.correct) +
                  " right. " +
                  (kind == ScoreKind::Exam ? "The classifier has not learned from them, and they did not choose it."
                                           : remarkOn(kind) + " There was no exam.") +
                  " With other texts of the same kind the share would lie in that range 19 times in 20.</p>\n";
        const auto threshold = engine::thresholdFor(m_results.heldOut.verdicts, Target);
        if (!threshold || isMultiLabel())
            return;
        const auto coverage = engine::coverageOf(m_results.shown.verdicts, {*threshold});
        if (coverage.answered == 0) {
            m_body += "<p>Asked to be right on " + percentHtml(Target) +
                      " of what it answers, it answers nothing by itself: a person is asked about every text.</p>\n";
            return;
        }
        m_body += "<p>Asked to be right on " + percentHtml(Target) + " of what it answers, it answers " +
                  percentHtml(coverage.share()) + " of the texts by itself and is right on " +
                  percentHtml(coverage.rightShare()) + " of these (" + between(coverage.interval()) +
                  "); a person is asked about the rest, where it is less than " +
                  decimalHtml(static_cast<double>(*threshold)) + " sure." +
                  (kind == ScoreKind::Exam ? "" : " The same rows have set this limit.") + "</p>\n";
    }

    void classes()
    {
        heading("Each class");
        HtmlTable table({"Class", "Right when it answers so (precision)", "Found of its rows (recall)", "F1", "Rows"});
        for (size_t c = 0; c < m_results.report.perClass.size(); ++c) {
            const auto &metrics = m_results.report.perClass[c];
            table.add({escapedHtml(m_results.shown.labels[c]), decimalHtml(metrics.precision),
                       decimalHtml(metrics.recall), decimalHtml(metrics.f1), std::to_string(metrics.support)});
        }
        m_body += table.html();
        const auto pairs = confusedPairs(m_results.report.confusion, MostPairs);
        if (pairs.empty())
            return;
        heading("Most often confused");
        HtmlTable confused({"Expected", "Answered", "Rows"});
        for (const ConfusedPair &pair : pairs)
            confused.add({escapedHtml(m_results.shown.labels[pair.expected]),
                          "<td class=\"words\">" + escapedHtml(m_results.shown.labels[pair.answered]) + "</td>",
                          std::to_string(pair.rows)});
        m_body += confused.html();
    }

    Result<void> advice()
    {
        auto cards = TRY(adviceOn(m_service, m_results));
        if (cards.empty())
            return {};
        heading("What next");
        for (const Advice &card : cards) {
            m_body += "<div class=\"card\"><strong>" + escapedHtml(card.title) + "</strong>";
            if (card.kind != Advice::Kind::Use && card.kind != Advice::Kind::MakeExam)
                m_body += " (about +" + decimalHtml(card.gain * 100, 1) + " points)";
            m_body += "<br>" + escapedHtml(card.evidence) + "</div>\n";
        }
        return {};
    }

    Result<void> checkpoints()
    {
        const RunStore store(m_service.database());
        auto runs = TRY(store.runs());
        heading("All checkpoints");
        HtmlTable table({"Checkpoint", "Held-out", "Exam", "Between", "Macro F1", "Log-loss", "ECE", "Train loss"});
        for (const RunInfo &run : runs) {
            auto infos = TRY(store.checkpoints(run.id));
            for (const CheckpointInfo &info : infos) {
                const CheckpointName name{run.id, info.epoch};
                const auto heldOut = parseReport(info.validation);
                const auto exam = parseReport(info.test);
                const bool hasExam = exam && exam->report.rows > 0;
                const std::string text = escapedHtml(name.text());
                table.add(
                    {name.text() == m_checkpoint.text() ? "<td><strong>" + text + "</strong></td>" : text,
                     heldOut ? percentHtml(engine::decisiveScore(heldOut->report)) : std::string(),
                     hasExam ? percentHtml(exam->report.accuracy) : std::string(),
                     hasExam ? percentHtml(exam->report.interval.low) + " to " + percentHtml(exam->report.interval.high)
                             : std::string(),
                     hasExam ? decimalHtml(exam->report.macroF1) : std::string(),
                     hasExam ? decimalHtml(exam->report.logLoss) : std::string(),
                     hasExam ? decimalHtml(exam->report.ece, 3) : std::string(), decimalHtml(info.trainLoss, 3)});
            }
        }
        m_body += table.html();
        return {};
    }

    void figures()
    {
        const auto &report = m_results.report;
        if (report.rows == 0)
            return;
        heading(m_results.shown.kind == ScoreKind::Exam             ? "Figures of the exam"
                : m_results.shown.kind == ScoreKind::CrossValidated ? "Figures of cross-validation"
                                                                    : "Figures of the held-out rows");
        HtmlTable table({"Figure", "Value", "95 % interval"});
        const auto add = [&](const char *name, double value, const engine::Interval &interval, int places = 3) {
            table.add({name, decimalHtml(value, places),
                       decimalHtml(interval.low, places) + " to " + decimalHtml(interval.high, places)});
        };
        add(isMultiLabel() ? "Exact match" : "Accuracy", report.accuracy, report.interval);
        add("Macro F1", report.macroF1, m_results.intervals.macroF1);
        add("Micro F1", report.microF1, m_results.intervals.microF1);
        add("Log-loss", report.logLoss, m_results.intervals.logLoss);
        if (!isMultiLabel())
            add("Expected calibration error", report.ece, m_results.intervals.ece);
        if (const auto kappa = engine::cohenKappa(report.confusion); kappa && !isMultiLabel())
            table.add({"Cohen's kappa", decimalHtml(*kappa, 3), ""});
        m_body += table.html() + "<p class=\"muted\">Accuracy by Wilson, the others by bootstrap over rows.</p>\n";
    }

    void charts()
    {
        const auto &exam = m_results.shown;
        if (exam.size() == 0)
            return;
        heading("How honest its confidence is");
        HtmlPlot honesty("How sure it is", "Right as often; on the dotted line it is honest");
        honesty.addLine({{0, 0}, {1, 1}}, "guide");
        for (const auto &bin : m_results.after.bins()) {
            if (bin.count == 0)
                continue;
            const auto count = static_cast<double>(bin.count);
            const auto interval = engine::wilsonInterval(bin.came, bin.count);
            honesty.addDot(bin.claimed / count, static_cast<double>(bin.came) / count, interval.low, interval.high);
        }
        HtmlPlot precision("Recall", "Precision, all decisions together");
        std::vector<std::pair<double, double>> points;
        const auto all = engine::precisionRecallCurve(engine::allDecisions(exam.probabilities, expectedOf(exam)));
        const auto thin = engine::thinned(all, MostCurvePoints);
        for (const auto &point : thin.points)
            points.emplace_back(point.x, point.y);
        precision.addLine(points, "first");
        m_body += "<div class=\"plots\">" + honesty.html() + precision.html() + "</div>\n";
    }

    void matrix()
    {
        const auto &confusion = m_results.report.confusion;
        if (isMultiLabel() || confusion.empty() || confusion.size() > MostInMatrix)
            return;
        heading("Confusions: down what was expected, across what was answered");
        const auto order = similarityOrder(confusion);
        std::vector<std::string> head{"Class"};
        for (size_t i = 0; i < order.size(); ++i)
            head.push_back(std::to_string(i + 1));
        HtmlTable table(head);
        for (size_t i = 0; i < order.size(); ++i) {
            std::vector<std::string> cells{std::to_string(i + 1) + " " + escapedHtml(m_results.shown.labels[order[i]])};
            for (const size_t answered : order) {
                const int64_t rows = confusion[order[i]][answered];
                cells.push_back(rows == 0              ? "&middot;"
                                : answered == order[i] ? "<td class=\"right\">" + std::to_string(rows) + "</td>"
                                                       : "<td class=\"wrong\">" + std::to_string(rows) + "</td>");
            }
            table.add(cells);
        }
        m_body += table.html();
    }

    void settings()
    {
        heading("Settings of the training");
        HtmlTable table({"Setting", "Value"});
        const auto config = nlohmann::ordered_json::parse(engine::toJson(m_run.config), nullptr, false);
        for (const auto &[key, value] : config.items())
            table.add({escapedHtml(key), escapedHtml(value.is_string() ? value.get<std::string>() : value.dump())});
        m_body += table.html();
    }

    Result<void> texts()
    {
        std::vector<size_t> wrong;
        for (size_t i = 0; i < m_results.shown.size(); ++i) {
            if (!m_results.shown.verdicts[i].isRight())
                wrong.push_back(i);
        }
        std::stable_sort(wrong.begin(), wrong.end(), [&](size_t a, size_t b) {
            return m_results.shown.verdicts[a].confidence > m_results.shown.verdicts[b].confidence;
        });
        wrong.resize(std::min(wrong.size(), MostTexts));
        if (wrong.empty())
            return {};
        heading("Wrong answers, the surest first");
        HtmlTable table({"Text", "Expected", "Answered", "How sure"});
        for (const size_t i : wrong) {
            auto example = TRY(m_service.examples().read(std::span(&m_results.shown.examples[i], 1)));
            const auto &verdict = m_results.shown.verdicts[i];
            table.add({example.empty() ? std::string() : escapedHtml(example.front().text),
                       "<td class=\"words\">" + joined(m_results.shown.labels, verdict.expected) + "</td>",
                       "<td class=\"words\">" + joined(m_results.shown.labels, verdict.answer) + "</td>",
                       decimalHtml(static_cast<double>(verdict.confidence))});
        }
        m_body += table.html();
        return {};
    }

    Result<void> origin()
    {
        auto rows = TRY(RunStore(m_service.database()).rows(m_checkpoint.run));
        const auto learned = std::count_if(rows.begin(), rows.end(), [](const RunRow &r) { return r.part == "train"; });
        heading("What this is about");
        // The base weights may have been named by a folder of this machine.
        const std::string base = m_run.base.substr(m_run.base.find_last_of('/') + 1);
        m_body += "<p>Checkpoint " + escapedHtml(m_checkpoint.text()) + ", trained from " + escapedHtml(base) + " on " +
                  std::to_string(learned) + " rows on " + escapedHtml(m_run.createdAt.substr(0, 10)) + " (recipe " +
                  escapedHtml(engine::name(m_run.config.recipe)) + ").";
        if (m_results.shown.leftOut > 0)
            m_body +=
                " " + countedRows(m_results.shown.kind, m_results.shown.leftOut) +
                (m_results.shown.leftOut == 1 ? " was changed since so that it cannot be counted, and is left out."
                                              : " were changed since so that they cannot be counted, and are left "
                                                "out.");
        if (const int64_t unknown = m_results.shown.unknownRows(); unknown > 0)
            m_body += " " + escapedHtml(unknownText(unknown, m_results.shown.labels, m_results.shown.learned.size()));
        m_body += " What is said here holds for texts like those it was counted on; texts of other kinds may fare "
                  "worse.</p>\n";
        return {};
    }

    const Service &m_service;
    const CheckpointName &m_checkpoint;
    const HtmlReportOptions &m_options;
    CheckpointResults m_results;
    RunInfo m_run;
    std::string m_body;
};

}  // namespace

Result<std::string> htmlReport(const Service &service, const CheckpointName &checkpoint,
                               const HtmlReportOptions &options)
{
    return Report(service, checkpoint, options).write();
}

}  // namespace core
