// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/deep_check.h"

#include "core/base/cores.h"
#include "core/base/counted.h"
#include "core/engine/eval/metrics.h"
#include "core/quality/class_overlap.h"
#include "core/quality/label_errors.h"
#include "core/quality/near_audit.h"
#include "core/quality/telling_words.h"
#include "core/quality/text_fold.h"

#include <algorithm>
#include <map>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Fitting a head takes a minute then.
constexpr size_t MostRows = 20'000;
/// A classifier that is right less often than this is a doubtful witness.
constexpr double Reliable = 0.8;
constexpr size_t MostPairs = 10;
constexpr size_t MostTellingWords = 4;

/// The classes that seem to fit, and those the row has that nothing was learned of.
LabelSet betterLabels(const LabelDoubt &doubt, const Example &row, const std::vector<Label> &classes)
{
    std::vector<int64_t> ids;
    for (const int c : doubt.suggested)
        ids.push_back(classes[static_cast<size_t>(c)].id);
    const LabelSet own = labelsOf(row);
    for (const int64_t id : own.ids) {
        if (std::ranges::none_of(classes, [id](const Label &label) { return label.id == id; }))
            ids.push_back(id);
    }
    return labelSet(std::move(ids));
}

Result<void> addLabelErrors(FindingList &findings, const Service &service, Split split, const LabelledRows &rows,
                            const engine::Matrix &probabilities, const std::vector<Label> &classes, bool isReliable)
{
    const std::string where = name(split);
    Finding finding{
        "label_errors",
        Finding::Severity::Warn,
        where,
        {},
        {},
        "Look at them: the class that seems to fit stands beside each. Ctrl+Return takes it, Ctrl+Shift+Return "
        "keeps theirs."};
    if (!isReliable)
        finding.fix += " The classifier behind this has learned little yet and is often mistaken itself.";
    finding.inOrder = true;
    const auto doubts = findLabelErrors(probabilities, rows.labels, rows.combinations);
    for (const LabelDoubt &doubt : doubts)
        finding.rows.push_back(rows.ids[doubt.row]);
    auto examples = TRY(service.examples().read(finding.rows));
    std::map<int64_t, const Example *> byId;
    for (const Example &row : examples)
        byId.emplace(row.id, &row);
    for (const LabelDoubt &doubt : doubts)
        finding.suggested.push_back(betterLabels(doubt, *byId.at(rows.ids[doubt.row]), classes));
    findings.add(std::move(finding), [=](size_t n) {
        return base::counted(n, "row of ", "rows of ") + where + (n == 1 ? " looks" : " look") + " wrongly labelled.";
    });
    return {};
}

std::string listed(const std::vector<std::string> &words)
{
    std::string list;
    for (const std::string &word : words)
        list += (list.empty() ? "" : ", ") + word;
    return list;
}

std::vector<std::string> textsOf(const LabelledRows &rows, int label)
{
    const auto labels = engine::classesOf(rows.labels, rows.combinations);
    std::vector<std::string> texts;
    for (size_t i = 0; i < rows.texts.size(); ++i) {
        if (std::ranges::binary_search(labels[i], label))
            texts.push_back(rows.texts[i]);
    }
    return texts;
}

Finding toFinding(const ClassOverlap &pair, const OutOfSample &answers)
{
    const Label &first = answers.classes[static_cast<size_t>(pair.first)];
    const Label &second = answers.classes[static_cast<size_t>(pair.second)];
    const std::string one = '"' + spokenName(first.name) + '"', other = '"' + spokenName(second.name) + '"';
    const bool merge = pair.proposal == ClassOverlap::Proposal::Merge;
    Finding finding{.code = merge ? "classes_hardly_differ" : "classes_overlap",
                    .severity = Finding::Severity::Info,
                    .split = "train",
                    .subject = first.name + " / " + second.name,
                    .inOrder = true,
                    .classes = {first.id, second.id}};
    finding.message = pair.confused > 0 ? one + " and " + other + " are mixed up in " + std::to_string(pair.confused) +
                                              " of " + base::counted(pair.rows, "row.", "rows.")
                                        : "What is said of " + one + " and of " + other + " is nearly the same.";
    if (merge)
        finding.fix =
            "Their rows hardly tell them apart: make them one class, or look whether the labels follow a rule.";
    else if (pair.proposal == ClassOverlap::Proposal::MoreRows)
        finding.fix = "One of them has few rows: more like those between the two would help most.";
    else
        finding.fix = "Say in a sentence where one ends and the other begins.";
    const TellingWords words =
        tellingWords(textsOf(answers.train, pair.first), textsOf(answers.train, pair.second), MostTellingWords);
    if (!words.ofFirst.empty())
        finding.fix += " Rows of " + one + " rather say: " + listed(words.ofFirst) + ".";
    if (!words.ofSecond.empty())
        finding.fix += " Rows of " + other + " rather say: " + listed(words.ofSecond) + ".";
    for (const size_t row : pair.between)
        finding.rows.push_back(answers.train.ids[row]);
    return finding;
}

}  // namespace

Result<DeepCheck> checkDeeply(const Service &service, std::shared_ptr<FeatureReader> reader,
                              const DeepCheckOptions &options, const base::WorkContext &context)
{
    DeepCheck check;
    if ((options.labels || options.meaning) && !reader) {
        reader = TRY(FeatureReader::open(base::usableCores()));
    }
    if (options.near || options.meaning) {
        NearOptions near{.similarity = options.similarity};
        if (options.meaning)
            near.features = [&](const std::vector<std::string> &texts) { return reader->read(texts, context); };
        check.findings = TRY(auditNearDuplicates(service, near, context));
    }
    if (!options.labels)
        return check;
    auto ignored = TRY(IgnoredFindings::of(service));
    auto answers = answerOutOfSample(service, *reader, MostRows, context);
    if (!answers && answers.error().code == base::ErrorCode::Blocked)
        return check;
    if (!answers)
        return failure(answers);
    FindingList doubts(std::move(ignored));
    const bool isReliable = static_cast<double>(countRight(answers->trainProbabilities, answers->rule,
                                                           answers->train.labels, answers->train.combinations)) >=
                            Reliable * static_cast<double>(answers->train.labels.size());
    for (const Split split : {Split::Test, Split::Train}) {
        const bool isTest = split == Split::Test;
        TRY(addLabelErrors(doubts, service, split, isTest ? answers->test : answers->train,
                           isTest ? answers->testProbabilities : answers->trainProbabilities, answers->classes,
                           isReliable));
    }
    for (const ClassOverlap &pair : findClassOverlaps(
             answers->trainProbabilities, engine::classesOf(answers->train.labels, answers->train.combinations),
             answers->rule, answers->descriptions, MostPairs))
        doubts.add(toFinding(pair, *answers));
    for (Finding &finding : doubts.take())
        check.findings.push_back(std::move(finding));
    check.answers = std::move(*answers);
    return check;
}

}  // namespace core
