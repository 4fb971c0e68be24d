// SPDX-License-Identifier: Apache-2.0
#include "core/results/run_history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

using base::failure;
using base::Result;

namespace core {

namespace {

/// The mean of exponentially weighted losses, with a start that is not pulled to zero (as Adam's moments are).
constexpr double Memory = 0.95;
/// Steps' speed is taken over so many of the newest points of a pass.
constexpr size_t SpeedPoints = 40;
/// Reading without learning is so many times faster.
constexpr double ReadingIsFaster = 3;
constexpr double Noticeable = 0.005;

std::string text(const char *format, double a, double b, double c = 0)
{
    std::array<char, 256> buffer{};
    std::snprintf(buffer.data(), buffer.size(), format, a, b, c);
    return buffer.data();
}

/// The first point of each pass but the first one, as places in `points`.
std::vector<size_t> passBegins(const RunHistory &history)
{
    std::vector<size_t> begins;
    for (size_t i = 1; i < history.points.size(); ++i) {
        // A pass ends with a whole number, so the point on it still belongs to the pass before.
        if (std::ceil(history.points[i].pass - 1e-9) > std::ceil(history.points[i - 1].pass - 1e-9))
            begins.push_back(i);
    }
    return begins;
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

std::string noteOnStanding(const std::vector<PassScore> &passes)
{
    const auto best = std::max_element(passes.begin(), passes.end(),
                                       [](const auto &a, const auto &b) { return a.heldOut < b.heldOut; });
    const auto since = static_cast<int>(passes.end() - best) - 1;
    if (since < 2)
        return {};
    return std::to_string(since) + " passes without gain: the best was pass " + std::to_string(best->epoch) +
           text(" with %.1f %% on held-out rows, the last has %.1f %%.", best->heldOut * 100,
                passes.back().heldOut * 100);
}

std::string noteOnGain(const std::vector<PassScore> &passes, const RunInfo &run)
{
    if (passes.size() < 2 || static_cast<int>(passes.size()) < run.config.epochs)
        return {};
    const double gain = passes.back().heldOut - passes[passes.size() - 2].heldOut;
    return gain < Noticeable
               ? std::string()
               : text("The last pass still brought %.1f points (%.1f %% after %.1f %%): more passes may bring more.",
                      gain * 100, passes.back().heldOut * 100, passes[passes.size() - 2].heldOut * 100);
}

std::string noteOnRote(const std::vector<PassScore> &passes)
{
    if (passes.size() < 3)
        return {};
    const auto &last = passes.back();
    const auto least = std::min_element(passes.begin(), passes.end(),
                                        [](const auto &a, const auto &b) { return a.heldOutLoss < b.heldOutLoss; });
    if (least->heldOutLoss <= 0 || last.heldOutLoss < 1.1 * least->heldOutLoss || last.trainLoss >= least->trainLoss)
        return {};
    return text(
        "It begins to learn the rows by heart: what it has learned it answers better (loss %.2f), held-out rows "
        "worse (%.2f, %.2f at best).",
        last.trainLoss, last.heldOutLoss, least->heldOutLoss);
}

std::string noteOnCuts(const RunHistory &history, const RunInfo &run)
{
    const double most = run.config.maxGradNorm;
    int64_t known = 0, cut = 0;
    for (size_t i = history.points.size() / 2; i < history.points.size(); ++i) {
        known += history.points[i].gradientNorm > 0 ? 1 : 0;
        cut += history.points[i].gradientNorm > 10 * most ? 1 : 0;
    }
    if (most <= 0 || known < 20 || 4 * cut < known)
        return {};
    return text("Steps are wild: in %.0f %% of the newer ones the gradient was over %.0f and cut to %.0f. A smaller "
                "learning rate may do better.",
                100.0 * static_cast<double>(cut) / static_cast<double>(known), 10 * most, most);
}

std::string noteOnSpeed(const RunHistory &history)
{
    std::vector<double> speeds;
    for (const StepPoint &point : history.points)
        speeds.push_back(point.rowsPerSecond);
    if (speeds.size() < 40)
        return {};
    const double best = *std::max_element(speeds.begin() + 10, speeds.end());
    const double now = speeds.back();
    return now > 0 && now < best / 2
               ? text("It learns %.0f rows/s, and learned %.0f before: something else is busy on this machine.", now,
                      best)
               : std::string();
}

}  // namespace

Result<RunHistory> readHistory(const RunStore &store, const RunInfo &run)
{
    RunHistory history;
    history.headPasses = run.config.recipe == engine::Recipe::SelfTraining ? 1 : 0;
    auto recorded = TRY(store.metrics(run.id));
    std::map<int64_t, StepPoint> points;
    const std::pair<const char *, double StepPoint::*> fields[] = {
        {"loss", &StepPoint::loss},
        {"learning_rate", &StepPoint::learningRate},
        {"gradient_norm", &StepPoint::gradientNorm},
        {"rows_per_second", &StepPoint::rowsPerSecond},
        {"memory_bytes", &StepPoint::memoryBytes},
        {"elapsed_seconds", &StepPoint::seconds},
    };
    for (const auto &[name, field] : fields) {
        for (const auto &[step, value] : recorded[name])
            points[step].*field = value;
    }
    const auto &totals = recorded["total_steps"];
    history.totalSteps = totals.empty() ? 0 : std::llround(totals.back().second);
    if (history.totalSteps <= 0)
        return history;
    const double passes = std::max(1, run.config.epochs - history.headPasses);
    double mean = 0, weight = 0, before = 0, offset = 0;
    for (auto &[step, point] : points) {
        point.step = step;
        point.pass = history.headPasses + static_cast<double>(step) / static_cast<double>(history.totalSteps) * passes;
        mean = Memory * mean + (1 - Memory) * point.loss;
        weight = Memory * weight + (1 - Memory);
        point.smoothLoss = mean / weight;
        if (point.seconds < before)  // the run went on after an interruption
            offset += before;
        before = point.seconds;
        point.seconds += offset;
        history.points.push_back(point);
    }
    return history;
}

std::vector<std::string> notesOn(const RunHistory &history, const RunInfo &run, const std::vector<PassScore> &passes)
{
    std::vector<std::string> notes;
    const auto add = [&](std::string note) {
        if (!note.empty())
            notes.push_back(std::move(note));
    };
    if (!passes.empty()) {
        add(noteOnStanding(passes));
        add(noteOnGain(passes, run));
        add(noteOnRote(passes));
    }
    add(noteOnCuts(history, run));
    if (run.state == "running")
        add(noteOnSpeed(history));
    return notes;
}

std::optional<double> secondsLeft(const RunHistory &history, const RunInfo &run, double scoredShare)
{
    const auto &points = history.points;
    const double passes = run.config.epochs - history.headPasses;
    if (points.size() < 2 || history.totalSteps <= 0 || passes <= 0 || points.back().seconds <= 0)
        return std::nullopt;
    const double done = points.back().pass - history.headPasses;
    if (done < 0.05)
        return std::nullopt;
    const auto begins = passBegins(history);
    std::vector<double> gaps;
    for (const size_t begin : begins)
        gaps.push_back(points[begin].seconds - points[begin - 1].seconds);
    const size_t ownBegin = begins.empty() ? 0 : begins.back();
    // A pass that has just begun says little of itself: the one before is asked.
    const bool isYoung = points.size() - ownBegin < 3 && ownBegin >= 3;
    const size_t end = isYoung ? ownBegin : points.size();
    const size_t first = isYoung ? (begins.size() > 1 ? begins[begins.size() - 2] : 0) : ownBegin;
    const size_t from = std::max(first, end > SpeedPoints ? end - SpeedPoints : 0);
    const auto steps = static_cast<double>(points[end - 1].step - points[from].step);
    if (steps <= 0)
        return std::nullopt;
    const double perStep = (points[end - 1].seconds - points[from].seconds) / steps;
    const double stepsInPass = static_cast<double>(history.totalSteps) / passes;
    const double scoring =
        gaps.empty() ? perStep * stepsInPass * scoredShare / ReadingIsFaster : median(gaps) - perStep;
    const double passesToScore = std::ceil(passes - done - 1e-9) + (std::abs(done - std::round(done)) < 1e-9 ? 1 : 0);
    return perStep * static_cast<double>(history.totalSteps - points.back().step) +
           std::max(0.0, scoring) * std::min(passesToScore, passes);
}

std::string historyCsv(const RunHistory &history)
{
    std::string csv = "step,pass,loss,smooth_loss,learning_rate,gradient_norm,rows_per_second,memory_bytes,seconds\n";
    for (const StepPoint &p : history.points) {
        std::array<char, 256> line{};
        std::snprintf(line.data(), line.size(), "%lld,%.4f,%.6g,%.6g,%.6g,%.6g,%.6g,%.0f,%.3f\n",
                      static_cast<long long>(p.step), p.pass, p.loss, p.smoothLoss, p.learningRate, p.gradientNorm,
                      p.rowsPerSecond, p.memoryBytes, p.seconds);
        csv += line.data();
    }
    return csv;
}

}  // namespace core
