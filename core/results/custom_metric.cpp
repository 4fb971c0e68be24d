// SPDX-License-Identifier: Apache-2.0
#include "core/results/custom_metric.h"

#include "core/base/descriptor.h"
#include "core/base/result_guard.h"
#include "core/confined/confined_child.h"
#include "core/engine/eval/score_intervals.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sys/mman.h>
#include <utility>

using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace core {

namespace {

constexpr uint64_t Seed = 1;
constexpr size_t PartBytes = 1 << 20;

constexpr ConfinedProgram Scorer{
    "stillroom-scorer",
    "STILLROOM_SCORER",
    "The part that computes custom metrics",
    "The metric took too long for all rows together, so it was given up. Make its function simpler.",
    "The metric needed more than a gigabyte of memory, or made its process fail. Make its function simpler.",
};

/// Rows for the scorer, in memory without a name.
class RowFile {
public:
    RowFile() : m_file(::memfd_create("rows", MFD_CLOEXEC)) { }

    void add(const json &line)
    {
        m_waiting += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
        if (m_waiting.size() > PartBytes)
            flush();
    }
    /// Ready to be read; false: memory ran out.
    [[nodiscard]] bool finish()
    {
        flush();
        return m_isWhole && ::lseek(m_file.get(), 0, SEEK_SET) == 0;
    }
    [[nodiscard]] int get() const { return m_file.get(); }

private:
    void flush()
    {
        size_t done = 0;
        while (m_isWhole && done < m_waiting.size()) {
            const ssize_t size = ::write(m_file.get(), m_waiting.data() + done, m_waiting.size() - done);
            m_isWhole = size > 0;
            done += m_isWhole ? static_cast<size_t>(size) : 0;
        }
        m_waiting.clear();
    }

    base::Descriptor m_file;
    std::string m_waiting;
    bool m_isWhole = true;
};

json rowJson(const std::string &text, const engine::Verdict &verdict, std::span<const float> probabilities)
{
    return {text, verdict.expected, verdict.answer, std::vector<float>(probabilities.begin(), probabilities.end())};
}

Result<MetricScore> parseAnswer(const std::string &answer, const CustomMetric &metric, const Answers &answers,
                                MetricFailure &failed)
{
    const auto parsed = engine::parseStrictJson(answer);
    if (!parsed || !parsed->is_object())
        return failure(ErrorCode::Internal, "What came of the metric makes no sense.", metric.name);
    if (parsed->contains("error")) {
        failed.message = parsed->at("error").get<std::string>();
        const auto row = parsed->at("row").get<int64_t>();
        if (row >= 0 && std::cmp_less(row, answers.size()))
            failed.example = answers.examples[static_cast<size_t>(row)];
        const std::string where = failed.example > 0 ? " on row " + std::to_string(failed.example) : std::string();
        return failure(ErrorCode::InvalidInput, "The metric failed" + where + ", so it has no score: " + failed.message,
                       metric.name);
    }
    MetricScore score;
    score.values = parsed->at("values").get<std::vector<float>>();
    if (score.values.size() != answers.size())
        return failure(ErrorCode::Internal, "The metric did not see all rows.", metric.name);
    double sum = 0;
    for (const float value : score.values)
        sum += static_cast<double>(value);
    score.mean = score.values.empty() ? 0 : sum / static_cast<double>(score.values.size());
    score.interval = engine::meanInterval(score.values, Seed);
    return score;
}

/// Codes by name; what is of another type is left out.
json readMetrics(const std::string &text)
{
    json metrics = json::object();
    const json list = json::parse(text, nullptr, false);
    if (!list.is_object())
        return metrics;
    for (const auto &[name, code] : list.items()) {
        if (code.is_string())
            metrics[name] = code;
    }
    return metrics;
}

}  // namespace

Result<MetricScore> scoreBy(const CustomMetric &metric, const Service &service, const Answers &answers,
                            const base::WorkContext &context, MetricFailure *failed)
{
    MetricFailure ignored;
    MetricFailure &why = failed ? *failed : ignored;
    if (answers.size() == 0)
        return failure(ErrorCode::NotFound, "There are no answers that a metric could be computed of. Train again.",
                       metric.name);
    RowFile rows;
    rows.add({{"code", metric.code},
              {"labels", answers.labels},
              {"several", answers.rule.task == engine::TaskType::MultiLabel}});
    size_t place = 0;
    TRY(service.examples().forEachOf(answers.examples, [&](const Example &example) {
        for (; answers.examples[place] != example.id; ++place)  // it went meanwhile
            rows.add(rowJson({}, answers.verdicts[place], answers.probabilities.row(place)));
        rows.add(rowJson(example.text, answers.verdicts[place], answers.probabilities.row(place)));
        ++place;
    }));
    for (; place < answers.size(); ++place)
        rows.add(rowJson({}, answers.verdicts[place], answers.probabilities.row(place)));
    if (!rows.finish())
        return failure(ErrorCode::OutOfMemory, "There is too little memory for the rows. Close other programs.",
                       metric.name);
    auto answer = TRY(runConfined(Scorer, "score", rows.get(), metric.name, context));
    return base::guard(metric.name, [&] { return parseAnswer(answer, metric, answers, why); });
}

const std::vector<CustomMetric> &readyMetrics()
{
    static const std::vector<CustomMetric> ready{
        {"Exact match", R"(// 1 where the answer is exactly what is expected.
(text, expected, predicted, probabilities) =>
    String(expected) === String(predicted))"},
        {"Classes that match", R"(// Share of the classes on which answer and row agree, of all there are.
(text, expected, predicted, probabilities) => {
    const wanted = [].concat(expected), given = [].concat(predicted);
    const names = Object.keys(probabilities);
    return names.filter(n => wanted.includes(n) === given.includes(n)).length / names.length;
})"},
        {"Among the first three", R"(// 1 where all that is expected is among the three most probable.
(text, expected, predicted, probabilities) => {
    const first = Object.keys(probabilities)
        .sort((a, b) => probabilities[b] - probabilities[a]).slice(0, 3);
    return [].concat(expected).every(name => first.includes(name));
})"},
        {"Cost", R"(// What a row costs on average: nothing where it is right, else by what was expected.
(text, expected, predicted, probabilities) => {
    const costs = { "a class that must not be missed": 10 };
    if (String(expected) === String(predicted)) return 0;
    return Math.max(...[].concat(expected).map(name => costs[name] ?? 1), 1);
})"}};
    return ready;
}

Result<std::vector<CustomMetric>> metricsOf(const Service &service)
{
    auto stored = TRY(service.setting(keys::Metrics));
    std::vector<CustomMetric> metrics;
    const json kept = readMetrics(stored);
    for (const auto &[name, code] : kept.items())
        metrics.push_back({name, code.get<std::string>()});
    return metrics;
}

Result<void> keepMetric(const Service &service, const CustomMetric &metric)
{
    if (metric.name.empty())
        return failure(ErrorCode::InvalidInput, "The metric needs a name.");
    return service.changeSetting(keys::Metrics, [&](const std::string &now) {
        json list = readMetrics(now);
        if (metric.code.empty())
            list.erase(metric.name);
        else
            list[metric.name] = metric.code;
        return list.dump();
    });
}

}  // namespace core
