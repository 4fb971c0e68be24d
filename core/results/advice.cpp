// SPDX-License-Identifier: Apache-2.0
#include "core/results/advice.h"

#include "core/engine/eval/coverage.h"
#include "core/results/report_json.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr size_t MostCards = 3;
/// With fewer held-out rows everything is chance.
constexpr size_t FewestRows = 20;
/// Below a point in a hundred nothing is worth a person's hour.
constexpr double Worthwhile = 0.01;
/// Share of the errors that go when a class has twice the rows.
constexpr double GoneWithTwice = 0.22;
/// Share of the confusions of two classes that go when they are told apart better.
constexpr double GoneWhenClear = 0.5;
/// Of the rows whose labels it is sure are others, so many exam rows more are right once wrong ones are mended: wrong
/// labels are many of them, but most that is taught comes from the right ones.
constexpr double GainedByMending = 0.3;
constexpr float Sure = 0.9F;
constexpr int64_t FewestConfused = 3;
constexpr size_t MostNamed = 4;
/// A class with so many of the rows hides how it does on the others.
constexpr double Majority = 0.8;
/// Of fewer rows an exam would say nothing.
constexpr int64_t FewestToDivide = 20;

std::string percent(double share)
{
    return std::to_string(std::lround(share * 100)) + " %";
}

std::string points(double share)
{
    const double value = share * 100;
    const std::string text = std::to_string(value);
    return value >= 2 ? std::to_string(std::lround(value)) : text.substr(0, text.find('.') + 2);
}

std::string rowsText(int64_t rows)
{
    return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

std::string listed(const std::vector<std::string> &names)
{
    std::string text;
    for (size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    return text;
}

class Adviser {
public:
    explicit Adviser(const Answers &heldOut)
        : m_heldOut(heldOut), m_report(reportOf(heldOut)), m_rows(static_cast<double>(heldOut.size()))
    {
        for (const engine::Verdict &verdict : heldOut.verdicts) {
            for (const int c : verdict.expected) {
                if (static_cast<size_t>(c) < heldOut.learned.size())  // it cannot answer the others
                    ++m_expected[c];
            }
        }
    }

    /// Whether it answers the same class whatever it is given, though the rows have several.
    [[nodiscard]] bool isCollapsed() const
    {
        return m_heldOut.rule.task == engine::TaskType::SingleLabel && answered().size() == 1 && m_expected.size() > 1;
    }

    [[nodiscard]] std::optional<Advice> neverAnswered() const
    {
        const auto given = answered();
        Advice advice{Advice::Kind::NeverAnswered};
        int64_t rows = 0;
        for (const auto &[c, count] : m_expected) {
            if (given.contains(c) || (count < FewestConfused && !isCollapsed()))
                continue;
            advice.labels.push_back(m_heldOut.labels[static_cast<size_t>(c)]);
            rows += count;
        }
        if (advice.labels.empty())
            return std::nullopt;
        const auto named = advice.labels.size() > MostNamed ? std::to_string(advice.labels.size()) + " of its classes"
                                                            : listed(advice.labels);
        const auto ofAnswered = m_expected.find(given.empty() ? -1 : *given.begin());
        const double right = ofAnswered == m_expected.end() ? 0 : static_cast<double>(ofAnswered->second) / m_rows;
        if (isCollapsed()) {
            advice.title = "It answers " + m_heldOut.labels[static_cast<size_t>(*given.begin())] + " to every text";
            advice.evidence = right >= Majority
                                  ? percent(right) +
                                        " of the rows are of that class, so this looks right and says nothing. Bring "
                                        "rows of " +
                                        named + ", and let every class count alike in training."
                                  : "It has learned nothing yet. Train again: with more passes, another learning rate, "
                                    "or by the recipe that only fits a head.";
        } else {
            advice.title = "It never answers " + named;
            advice.evidence = rowsText(rows) + " held out of training " + (rows == 1 ? "is" : "are") + " of " +
                              (advice.labels.size() == 1 ? "that class" : "those classes") +
                              ", and it gave each another one. Bring rows of " +
                              (advice.labels.size() == 1 ? "it" : "them") +
                              ", or let every class count alike in training.";
        }
        advice.gain = GoneWithTwice * static_cast<double>(rows) / m_rows;
        return advice;
    }

    [[nodiscard]] std::optional<Advice> lookAtRows() const
    {
        Advice advice{Advice::Kind::LookAtRows};
        for (size_t i = 0; i < m_heldOut.size(); ++i) {
            const engine::Verdict &verdict = m_heldOut.verdicts[i];
            if (isDoubted(verdict))
                advice.rows.push_back(m_heldOut.examples[i]);
        }
        const auto count = static_cast<int64_t>(advice.rows.size());
        if (count < FewestConfused)
            return std::nullopt;
        advice.title = "Look at the labels of " + rowsText(count);
        advice.evidence = "It is at least " + percent(static_cast<double>(Sure)) + " sure that " +
                          (count == 1 ? "it is" : "they are") + " of other classes, without having learned from them.";
        advice.gain = GainedByMending * static_cast<double>(count) / m_rows;
        return advice;
    }

    [[nodiscard]] std::optional<Advice> moreRows() const
    {
        std::vector<std::pair<int64_t, size_t>> missed;  // rows, class
        for (size_t c = 0; c < m_heldOut.labels.size(); ++c)
            missed.emplace_back(0, c);
        for (const engine::Verdict &verdict : m_heldOut.verdicts) {
            for (const int c : verdict.expected) {
                if (!isDoubted(verdict) && !std::binary_search(verdict.answer.begin(), verdict.answer.end(), c))
                    ++missed[static_cast<size_t>(c)].first;
            }
        }
        int64_t all = 0;
        for (const auto &[count, c] : missed)
            all += count;
        std::stable_sort(missed.begin(), missed.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
        Advice advice{Advice::Kind::MoreRows};
        int64_t sum = 0;
        for (const auto &[count, c] : missed) {
            if (count == 0 || advice.labels.size() == MostNamed || 2 * sum >= all)
                break;
            sum += count;
            advice.labels.push_back(m_heldOut.labels[c]);
        }
        if (sum < FewestConfused)
            return std::nullopt;
        advice.title = "Bring twice as many rows of " + listed(advice.labels);
        advice.evidence = std::to_string(sum) + " of all " + std::to_string(all) +
                          " misses are theirs. Twice the rows usually take a fifth of the misses away.";
        advice.gain = GoneWithTwice * static_cast<double>(sum) / m_rows;
        return advice;
    }

    [[nodiscard]] std::optional<Advice> tellApart() const
    {
        std::map<std::pair<int, int>, std::vector<int64_t>> confused;  // rows of two classes, the first one first
        for (size_t i = 0; i < m_heldOut.size(); ++i) {
            const engine::Verdict &verdict = m_heldOut.verdicts[i];
            if (!verdict.isRight() && !isDoubted(verdict) && verdict.expected.size() == 1 && verdict.answer.size() == 1)
                confused[std::minmax(verdict.expected.front(), verdict.answer.front())].push_back(
                    m_heldOut.examples[i]);
        }
        const auto found = std::max_element(confused.begin(), confused.end(), [](const auto &a, const auto &b) {
            return a.second.size() < b.second.size();
        });
        if (found == confused.end() || static_cast<int64_t>(found->second.size()) < FewestConfused)
            return std::nullopt;
        const auto &[first, second] = found->first;
        const auto most = static_cast<int64_t>(found->second.size());
        Advice advice{Advice::Kind::TellApart};
        advice.labels = {m_heldOut.labels[static_cast<size_t>(first)], m_heldOut.labels[static_cast<size_t>(second)]};
        advice.title = "Tell " + advice.labels[0] + " and " + advice.labels[1] + " apart, or make them one class";
        advice.evidence = rowsText(most) + " of the one " + (most == 1 ? "was" : "were") +
                          " taken for the other. As one class " + points(static_cast<double>(most) / m_rows) +
                          " points more would be right at once.";
        advice.gain = GoneWhenClear * static_cast<double>(most) / m_rows;
        advice.rows = found->second;
        return advice;
    }

    [[nodiscard]] std::optional<Advice> askBelow() const
    {
        for (const double target : {0.95, 0.98, 0.99}) {
            if (m_report.accuracy >= target - Worthwhile)
                continue;
            const auto threshold = engine::thresholdFor(m_heldOut.verdicts, target);
            if (!threshold)
                return std::nullopt;
            const auto coverage = engine::coverageOf(m_heldOut.verdicts, {*threshold});
            if (coverage.share() < 0.5)
                return std::nullopt;  // a person would do most of it
            Advice advice{Advice::Kind::AskBelow};
            advice.title = "Ask a person about " + percent(1 - coverage.share()) + " of the texts";
            advice.evidence = "Where it answers by itself it is then right on " + percent(coverage.rightShare()) +
                              ", instead of " + percent(m_report.accuracy) + ".";
            advice.gain = coverage.rightShare() - m_report.accuracy;
            advice.rightShare = target;
            return advice;
        }
        return std::nullopt;
    }

    /// `passes` held-out scores of the run, the first one first.
    [[nodiscard]] static std::optional<Advice> goOn(const std::vector<double> &passes, int epoch)
    {
        if (passes.size() < 2 || epoch != static_cast<int>(passes.size()))
            return std::nullopt;
        const double last = passes.back() - passes[passes.size() - 2];
        if (last < Worthwhile / 2)
            return std::nullopt;
        Advice advice{Advice::Kind::GoOn};
        advice.title = "Train for more passes";
        advice.evidence = "The last pass still brought " + points(last) + " points.";
        advice.gain = last / 2;
        return advice;
    }

private:
    /// Its label is rather wrong than its answer: no row of its class is missed by that.
    [[nodiscard]] static bool isDoubted(const engine::Verdict &verdict)
    {
        return !verdict.isRight() && verdict.confidence >= Sure;
    }

    [[nodiscard]] std::set<int> answered() const
    {
        std::set<int> classes;
        for (const engine::Verdict &verdict : m_heldOut.verdicts)
            classes.insert(verdict.answer.begin(), verdict.answer.end());
        return classes;
    }

    const Answers &m_heldOut;
    engine::ClassificationReport m_report;
    double m_rows;
    std::map<int, int64_t> m_expected;  ///< rows of each class that it has learned
};

/// Where no row can say how good it is on new texts, though there are some to spare.
Result<std::optional<Advice>> makeExamAdvice(const Service &service)
{
    auto counts = TRY(service.examples().counts());
    if (counts.test > 0 || counts.train < FewestToDivide)
        return std::optional<Advice>();
    Advice advice{Advice::Kind::MakeExam};
    advice.title = "Keep 20 % of the rows for the exam";
    advice.evidence =
        "There is no exam. Rows that neither taught nor chose a classifier say best how good it is on new "
        "texts. Train again afterwards.";
    return advice;
}

/// What promises most first.
Result<std::vector<Advice>> cardsOn(const Service &service, const Answers &heldOut)
{
    std::vector<Advice> cards;
    if (heldOut.size() < FewestRows)
        return cards;
    auto checkpoints = TRY(RunStore(service.database()).checkpoints(heldOut.checkpoint.run));
    std::vector<double> passes;
    for (const CheckpointInfo &checkpoint : checkpoints)
        passes.push_back(decisiveScore(nlohmann::json::parse(checkpoint.validation, nullptr, false)));
    const Adviser adviser(heldOut);
    if (adviser.isCollapsed()) {  // whatever else is counted says nothing
        cards.push_back(*adviser.neverAnswered());
        return cards;
    }
    for (auto &card : {adviser.neverAnswered(), adviser.lookAtRows(), adviser.moreRows(), adviser.tellApart(),
                       adviser.askBelow(), Adviser::goOn(passes, heldOut.checkpoint.epoch)}) {
        if (card)
            cards.push_back(*card);
    }
    std::stable_sort(cards.begin(), cards.end(), [](const Advice &a, const Advice &b) { return a.gain > b.gain; });
    // A class that is never answered is more than its share of the rows.
    std::stable_partition(cards.begin(), cards.end(),
                          [](const Advice &card) { return card.kind == Advice::Kind::NeverAnswered; });
    const bool isUsable = cards.empty() || cards.front().kind != Advice::Kind::NeverAnswered;
    if (isUsable && (cards.empty() || cards.front().gain < Worthwhile)) {
        Advice use{Advice::Kind::Use};
        use.title = "Use it as it is";
        use.evidence = cards.empty() ? "Nothing here promises to make it better."
                                     : "Nothing here promises more than " + points(cards.front().gain) +
                                           (points(cards.front().gain) == "1.0" ? " point." : " points.");
        cards.insert(cards.begin(), std::move(use));
    }
    return cards;
}

/// Classes that the checkpoint does not know, and that there are rows to learn from.
Result<std::optional<Advice>> newClassAdvice(const Service &service, const CheckpointResults &results)
{
    const Answers &shown = results.shown;
    if (shown.checkpoint.isExam() || !isThere(service.folder(), shown.checkpoint) || shown.labels.empty())
        return std::nullopt;
    auto labels = service.examples().labels();
    auto counts = service.examples().countsByLabel();
    if (!labels)
        return failure(labels);
    if (!counts)
        return failure(counts);
    Advice advice{Advice::Kind::TeachNew};
    int64_t toLearn = 0, all = 0;
    for (const Label &label : *labels) {
        const int64_t rows = (*counts)[label.id].train;
        all += rows;
        const auto place = std::ranges::find(shown.labels, label.name);
        if (rows == 0 || place - shown.labels.begin() < static_cast<std::ptrdiff_t>(shown.learned.size()) ||
            place == shown.labels.end())
            continue;
        advice.labels.push_back(label.name);
        toLearn += rows;
    }
    if (advice.labels.empty())
        return std::nullopt;
    const bool isOne = advice.labels.size() == 1;
    const int64_t unknown = shown.kind == ScoreKind::Exam ? shown.unknownRows() : 0;
    advice.gain = unknown > 0 ? static_cast<double>(unknown) / static_cast<double>(results.report.rows)
                              : static_cast<double>(toLearn) / static_cast<double>(all);
    advice.title =
        "Teach it " + (advice.labels.size() > MostNamed ? std::to_string(advice.labels.size()) + " new classes"
                                                        : listed(advice.labels));
    advice.evidence = rowsText(toLearn) + " of Train " + (toLearn == 1 ? "is" : "are") + " of " +
                      (isOne ? "a class" : "classes") + " that it does not know" +
                      (unknown > 0 ? ", and " + rowsText(unknown) + " of the exam, which it cannot answer" : "") +
                      ". A training that begins with its weights keeps what they have learned; both are compared on "
                      "the same rows.";
    return advice;
}

}  // namespace

const char *name(Advice::Kind kind)
{
    switch (kind) {
    case Advice::Kind::TeachNew: return "teach_new";
    case Advice::Kind::NeverAnswered: return "never_answered";
    case Advice::Kind::LookAtRows: return "look_at_rows";
    case Advice::Kind::MoreRows: return "more_rows";
    case Advice::Kind::TellApart: return "tell_apart";
    case Advice::Kind::AskBelow: return "ask_below";
    case Advice::Kind::GoOn: return "go_on";
    case Advice::Kind::MakeExam: return "make_exam";
    case Advice::Kind::Use: return "use";
    }
    return "";
}

Result<std::vector<Advice>> adviceOn(const Service &service, const CheckpointResults &results)
{
    auto cards = cardsOn(service, results.heldOut);
    if (!cards)
        return cards;
    auto taught = TRY(newClassAdvice(service, results));
    if (taught) {
        std::erase_if(*cards, [](const Advice &card) { return card.kind == Advice::Kind::Use; });
        cards->insert(cards->begin(), std::move(*taught));
    }
    auto exam = TRY(makeExamAdvice(service));
    cards->resize(std::min(cards->size(), exam ? MostCards - 1 : MostCards));
    if (exam)
        cards->push_back(std::move(*exam));
    return cards;
}

}  // namespace core
