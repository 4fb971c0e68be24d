// SPDX-License-Identifier: Apache-2.0
#include "core/training/train_notes.h"

#include "core/base/counted.h"
#include "core/engine/eval/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

using base::counted;

namespace core {

namespace {

/// Of the way from always answering the largest class to being always right: below it, features hardly tell.
constexpr double Telling = 0.5;
/// Fewer rows that are alike change hardly any score.
constexpr double NotableShare = 0.1;

/// A share as points in a hundred.
std::string points(double share)
{
    const double size = std::abs(share);
    char text[16];
    std::snprintf(text, sizeof text, "%.*f", size < 0.01 && size >= 0.0005 ? 1 : 0, size < 0.0005 ? 0 : share * 100);
    return text;
}

}  // namespace

std::string noteOnAlikeRows(const std::vector<int64_t> &groups, const std::vector<int64_t> &equal,
                            const std::string &column)
{
    std::map<int64_t, std::set<int64_t>> texts;
    for (size_t i = 0; i < groups.size(); ++i)
        texts[groups[i]].insert(equal[i]);
    int64_t alike = 0;
    for (const int64_t group : groups)
        alike += texts[group].size() > 1 ? 1 : 0;
    if (static_cast<double>(alike) < NotableShare * static_cast<double>(groups.size()) || alike == 0)
        return {};
    if (!column.empty())
        return counted(alike, "train row has", "train rows have") + " the same \"" + column +
               "\" as others, or nearly the same text. Such rows are held out together, so that scores count new "
               "groups "
               "only.";
    return counted(alike, "train row is", "train rows are") +
           " nearly the same as others, or made from them. Rows that are alike are held out together, so that scores "
           "count new texts only. A deeper check lists them.";
}

std::string noteOnWindows(const std::vector<engine::TokenIds> &tokens, const std::vector<std::string> &texts,
                          const TextInput &input)
{
    const engine::WindowRule &rule = input.windows;
    int64_t several = 0, longer = 0;
    for (size_t i = 0; rule.isOn() && i < tokens.size(); ++i) {
        several += std::cmp_greater(tokens[i].size(), rule.length) ? 1 : 0;
        longer += tokens[i].size() >= rule.longestText() && input.unread(texts[i]) > 0 ? 1 : 0;
    }
    if (several == 0)
        return {};
    std::string note = counted(several, "train row is", "train rows are") + " read in windows of " +
                       std::to_string(rule.length) + " tokens that overlap by " + std::to_string(rule.overlap) + ".";
    if (longer > 0)
        note += " Of " + counted(longer, "row", "rows") + " only the first " + std::to_string(rule.most) +
                " windows are read: what stands behind is not.";
    return note;
}

std::string noteOnReject(const engine::TrainingConfig &config)
{
    if (config.rejectClass.empty())
        return {};
    return "No row is learned for \"" + config.rejectClass +
           "\": it answers where no other class is likely enough. Some " + points(config.rejectShare) +
           " % of the right answers are given up for that.";
}

std::string noteOnTaught(const TaughtTrial &trial, const std::vector<float> &weights)
{
    double sum = 0;
    for (const float weight : weights)
        sum += static_cast<double>(weight);
    const auto rows = static_cast<int64_t>(weights.size());
    const std::string learned = counted(rows, "row", "rows") + " that a teacher labelled";
    const std::string counts =
        ", each counting " + points(sum / static_cast<double>(std::max<int64_t>(rows, 1))) + " % of one on average";
    if (!trial.covers)
        return "It learns from " + learned + counts + ": nobody else has labelled rows of some classes.";
    const std::string said = ": of " + std::to_string(trial.rows) + " that people labelled and it had not seen, " +
                             std::to_string(trial.with) + " are right when left out with them, " +
                             std::to_string(trial.without) + " without.";
    if (trial.helps())
        return "It learns from " + learned + counts + said;
    if (trial.rows < TaughtTrial::FewestRows)
        return "The labels of " + learned +
               " are left out: the teacher has seen all, or nearly all, rows that people labelled, so that none can "
               "say whether its labels help. Label ten more, or let it learn from them all the same.";
    return "The labels of " + learned + " are left out" + said;
}

std::string noteOnSeenRows()
{
    return "Cross-validated figures may be too good: the teacher whose labels are learned from has seen rows that they "
           "are counted on. Trust those of the exam rows.";
}

std::string noteOnOnlyTaught(size_t rows)
{
    return "A teacher has labelled all " + std::to_string(rows) +
           " train rows, the held-out ones too: only the exam rows say how good the classifier is.";
}

std::string noteOnSelfTraining(const engine::SelfTraining &self, size_t trainRows)
{
    if (self.rows == 0)
        return {};
    const auto of = " of " + std::to_string(trainRows) + " train rows are right when left out";
    if (!self.used)
        return "Learning from the unlabelled rows was tried and left: " + std::to_string(self.rightWith) + of +
               " with them, " + std::to_string(self.rightWithout) + " without.";
    return "It also learned from the surest " + std::to_string(self.learned) + " of " +
           counted(self.rows, "unlabelled row", "unlabelled rows") + ": " + std::to_string(self.rightWith) + of +
           ", without them " + std::to_string(self.rightWithout) + ".";
}

std::string noteOnCurve(const engine::LearningCurve &curve)
{
    if (curve.points.empty())
        return {};
    return "With twice the rows of the same kind about " + points(curve.gain) + " points more would be right (" +
           points(curve.interval.low) + " to " + points(curve.interval.high) +
           "), judged by a quick head on a quarter, half and all of them.";
}

std::string noteOnFeatures(const engine::Matrix &heldOut, const std::vector<int> &labels)
{
    if (heldOut.rows == 0 || heldOut.rows != labels.size())
        return {};
    const auto answers = engine::argmax(heldOut);
    std::map<int, int64_t> sizes;
    int64_t right = 0, largest = 0;
    for (size_t i = 0; i < labels.size(); ++i) {
        right += answers[i] == labels[i] ? 1 : 0;
        largest = std::max(largest, ++sizes[labels[i]]);
    }
    const auto rows = static_cast<int64_t>(labels.size());
    if (rows == largest || static_cast<double>(right - largest) >= Telling * static_cast<double>(rows - largest))
        return {};
    return "What these base weights see in a text by themselves hardly tells the classes apart: " +
           std::to_string(right) + " of " + counted(rows, "train row is", "train rows are") +
           " right when left out, and always answering the largest class would get " + std::to_string(largest) +
           ". More labelled rows would help most (by hand, or by a teacher), then other base weights.";
}

std::string noteOnEnd(int epochsDone, const engine::TrainingConfig &config)
{
    if (epochsDone >= config.epochs)
        return {};
    return "It ended after pass " + std::to_string(epochsDone) + " of " + std::to_string(config.epochs) +
           ": nothing had improved on held-out rows for " + counted(config.patience, "pass", "passes") + ".";
}

}  // namespace core
