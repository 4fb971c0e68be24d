// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat_teacher.h"

#include <algorithm>

using base::failure;
using base::Result;
using State = core::ParsedAnswer::State;

namespace core {

namespace {

constexpr size_t LongestQuoted = 200;

/// The question again, with the answer that was none.
Question repair(const Question &question, const std::string &reply, bool several)
{
    Question again = question;
    again.chat.turns.push_back({true, reply.substr(0, LongestQuoted)});
    again.chat.turns.push_back({false, std::string("That is no class of the list. Answer with ") +
                                           (several ? R"({"labels": [...]})" : R"({"label": "..."})") +
                                           " and names of the list alone, exactly as they stand there."});
    const std::vector<std::string> parts{
        "repair", std::string(reinterpret_cast<const char *>(question.key.data()), question.key.size()),
        again.chat.turns[again.chat.turns.size() - 2].text};
    again.key = answerKey(parts);
    return again;
}

}  // namespace

void VerdictCounts::add(State state)
{
    ++(state == State::Labelled     ? labelled
       : state == State::Unsure     ? unsure
       : state == State::Unreadable ? unreadable
                                    : notAClass);
}

TeacherVerdict verdictOf(const TeacherAnswer &answer, const std::vector<std::string> &labels, bool several)
{
    auto parsed = parseAnswer(answer.reply, labels, several);
    TeacherVerdict verdict{parsed.state, std::move(parsed.labels), 1, answer.reply};
    if (verdict.state != State::Labelled) {
        verdict.confidence = 0;
        return verdict;
    }
    if (several || answer.alternatives.empty())
        return verdict;
    std::vector<double> share(labels.size(), 0);
    for (const auto &[token, probability] : answer.alternatives) {
        const std::string folded = foldedName(token.substr(std::min(token.find_first_not_of(" \"\n"), token.size())));
        if (folded.empty())
            continue;
        std::vector<size_t> fitting;
        for (size_t c = 0; c < labels.size(); ++c) {
            if (foldedName(labels[c]).starts_with(folded))
                fitting.push_back(c);
        }
        for (const size_t c : fitting)  // classes that begin alike are not told apart yet
            share[c] += probability / static_cast<double>(fitting.size());
    }
    double sum = 0;
    for (const double value : share)
        sum += value;
    if (sum > 0)
        verdict.confidence = share[static_cast<size_t>(verdict.labels.front())] / sum;
    return verdict;
}

Result<AskedTexts> askAbout(const std::vector<std::string> &texts, const LabelPrompt &prompt,
                            const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
                            const base::WorkContext &context, const std::function<void(const CallState &)> &state,
                            int sample)
{
    AskedTexts asked;
    asked.verdicts.resize(texts.size());
    std::vector<size_t> again;
    size_t next = 0;
    const auto total = static_cast<int64_t>(texts.size());
    int64_t done = 0;
    auto first = askAll(
        endpoint, options, store,
        [&]() -> std::optional<Question> {
            if (next >= texts.size())
                return std::nullopt;
            auto question = prompt.question(static_cast<int64_t>(next), texts[next], endpoint, sample);
            ++next;
            return question;
        },
        [&](int64_t id, const TeacherAnswer &answer) -> Result<void> {
            const auto place = static_cast<size_t>(id);
            asked.verdicts[place] = verdictOf(answer, prompt.labels(), prompt.isSeveral());
            const State said = asked.verdicts[place].state;
            if (said == State::Unreadable || said == State::NotAClass)
                again.push_back(place);
            context.report({++done, total, "Asking"});
            return {};
        },
        context, state);
    if (!first)
        return failure(first);
    asked.calls = *first;
    if (!again.empty() && first->end == CallSummary::End::Done) {
        std::sort(again.begin(), again.end());
        size_t place = 0;
        auto second = askAll(
            endpoint, options.after(first->cost), store,
            [&]() -> std::optional<Question> {
                if (place >= again.size())
                    return std::nullopt;
                const size_t row = again[place++];
                return repair(prompt.question(static_cast<int64_t>(row), texts[row], endpoint, sample),
                              asked.verdicts[row].reply, prompt.isSeveral());
            },
            [&](int64_t id, const TeacherAnswer &answer) -> Result<void> {
                auto verdict = verdictOf(answer, prompt.labels(), prompt.isSeveral());
                if (verdict.state == State::Labelled || verdict.state == State::Unsure)
                    asked.verdicts[static_cast<size_t>(id)] = std::move(verdict);
                return {};
            },
            context, state);
        if (!second && second.error().code == base::ErrorCode::Cancelled)
            return failure(second);
        if (second)  // else what there is counts
            asked.calls.add(*second);
    }
    for (const TeacherVerdict &verdict : asked.verdicts)
        asked.counts.add(verdict.state);
    return asked;
}

}  // namespace core
