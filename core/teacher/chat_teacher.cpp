// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat_teacher.h"

#include <algorithm>
#include <span>
#include <utility>

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
    again.isShortened = false;  // that was counted
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

void VerdictCounts::add(State state, int64_t rows)
{
    switch (state) {
    case State::Labelled: labelled += rows; break;
    case State::Unsure: unsure += rows; break;
    case State::Unreadable: unreadable += rows; break;
    case State::NotAClass: notAClass += rows; break;
    case State::Refused: refused += rows; break;
    case State::Unfinished: unfinished += rows; break;
    }
}

void VerdictCounts::add(const VerdictCounts &more)
{
    labelled += more.labelled;
    unsure += more.unsure;
    unreadable += more.unreadable;
    notAClass += more.notAClass;
    refused += more.refused;
    unfinished += more.unfinished;
}

std::string SameAnswer::add(const TeacherVerdict &verdict, const std::vector<std::string> &labels)
{
    if (m_isOver || verdict.state != State::Labelled)
        return {};
    if (m_rows > 0 && verdict.labels != m_labels) {
        m_isOver = true;
        return {};
    }
    m_labels = verdict.labels;
    if (++m_rows < SameAnswers)
        return {};
    m_isOver = true;
    std::string names;
    for (const int label : m_labels)
        names += (names.empty() ? "\"" : ", \"") + labels[static_cast<size_t>(label)] + "\"";
    return "The teacher gave the first " + std::to_string(SameAnswers) +
           " rows the same answer: " + (names.empty() ? "none of the classes" : names) +
           ". If that is not so, describe the classes better, or choose another model.";
}

void AskingState::show(const std::string &text, const TeacherVerdict &verdict)
{
    newest.push_back({text, verdict});
    if (newest.size() > MostNewest)
        newest.pop_front();
}

TeacherVerdict verdictOf(const TeacherAnswer &answer, const std::vector<std::string> &labels, bool several)
{
    if (answer.kind != TeacherAnswer::Kind::Answer)
        return {answer.kind == TeacherAnswer::Kind::Refused ? State::Refused : State::Unfinished,
                {},
                0,
                answer.reply,
                true};
    auto parsed = parseAnswer(answer.reply, labels, several);
    TeacherVerdict verdict{parsed.state, std::move(parsed.labels), 1, answer.reply, true};
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
                            const base::WorkContext &context, const AskingListener &state, int sample,
                            const std::vector<RowContext> &rowContexts)
{
    AskedTexts asked;
    AskingState now;
    const auto listener = [&](const CallState &calls) {
        now.calls = calls;
        if (state)
            state(now);
    };
    SameAnswer same;
    const auto keep = [&](size_t place, TeacherVerdict verdict) {
        if (const std::string note = same.add(verdict, prompt.labels()); !note.empty())
            now.note = note;
        now.counts.add(verdict.state);
        now.show(texts[place], verdict);
        asked.verdicts[place] = std::move(verdict);
    };
    const auto questionOf = [&](size_t place) {
        return prompt.question(static_cast<int64_t>(place), texts[place], endpoint, sample,
                               rowContexts.empty() ? nullptr : &rowContexts[place]);
    };
    asked.verdicts.resize(texts.size());
    std::vector<size_t> again;
    size_t next = 0;
    const auto total = static_cast<int64_t>(texts.size());
    int64_t done = 0;
    auto first = TRY(askAll(
        endpoint, options, store,
        [&]() -> std::optional<Question> {
            if (next >= texts.size())
                return std::nullopt;
            return questionOf(next++);
        },
        [&](int64_t id, const TeacherAnswer &answer) -> Result<void> {
            const auto place = static_cast<size_t>(id);
            keep(place, verdictOf(answer, prompt.labels(), prompt.isSeveral()));
            const State said = asked.verdicts[place].state;
            if (said == State::Unreadable || said == State::NotAClass)
                again.push_back(place);
            context.report({++done, total, "Asking"});
            return {};
        },
        context, listener));
    asked.calls = first;
    if (!again.empty() && asked.calls.end == CallSummary::End::Done) {
        std::sort(again.begin(), again.end());
        size_t place = 0;
        auto second = askAll(
            endpoint, options.after(first.cost), store,
            [&]() -> std::optional<Question> {
                if (place >= again.size())
                    return std::nullopt;
                const size_t row = again[place++];
                return repair(questionOf(row), asked.verdicts[row].reply, prompt.isSeveral());
            },
            [&](int64_t id, const TeacherAnswer &answer) -> Result<void> {
                auto verdict = verdictOf(answer, prompt.labels(), prompt.isSeveral());
                const auto &before = asked.verdicts[static_cast<size_t>(id)];
                verdict.state = answer.kind == TeacherAnswer::Kind::Answer ? verdict.state : before.state;
                if (verdict.state == State::Labelled || verdict.state == State::Unsure) {
                    now.counts.add(before.state, -1);
                    keep(static_cast<size_t>(id), std::move(verdict));
                }
                return {};
            },
            context, listener);
        if (second)  // else what there is counts
            asked.calls.add(*second);
    }
    asked.note = now.note;
    for (TeacherVerdict &verdict : asked.verdicts) {
        if (!verdict.isKnown && first.end == CallSummary::End::Done)
            verdict = {State::Refused, {}, 0, first.lastRefusal.message, true};
        if (verdict.isKnown)
            asked.counts.add(verdict.state);
    }
    return asked;
}

Result<AskedTexts> askInGroups(const std::vector<std::string> &texts, size_t size, const LabelPrompt &prompt,
                               const ChatEndpoint &endpoint, const CallOptions &options, const AnswerStore &store,
                               const base::WorkContext &context, const AskingListener &state)
{
    AskedTexts asked;
    asked.verdicts.resize(texts.size());
    AskingState now;
    SameAnswer same;
    const auto all = std::span(texts);
    size_t next = 0;
    auto grouped = TRY(askAll(
        endpoint, options, store,
        [&]() -> std::optional<Question> {
            if (next >= texts.size())
                return std::nullopt;
            const size_t first = std::exchange(next, std::min(next + size, texts.size()));
            return prompt.groupQuestion(static_cast<int64_t>(first), all.subspan(first, next - first), endpoint);
        },
        [&](int64_t id, const TeacherAnswer &answer) -> Result<void> {
            const auto first = static_cast<size_t>(id);
            const size_t count = std::min(size, texts.size() - first);
            if (answer.kind != TeacherAnswer::Kind::Answer)
                return {};  // of some of them: each is asked about alone
            auto parsed = parseAnswers(answer.reply, prompt.labels(), count);
            for (size_t i = 0; i < count; ++i) {
                const bool isAnswer = parsed[i].state == State::Labelled || parsed[i].state == State::Unsure;
                if (!isAnswer)
                    continue;
                TeacherVerdict &verdict = asked.verdicts[first + i];
                verdict = {parsed[i].state, std::move(parsed[i].labels), 1, answer.reply, true};
                if (const std::string note = same.add(verdict, prompt.labels()); !note.empty())
                    now.note = note;
                now.counts.add(verdict.state);
                now.show(texts[first + i], verdict);
            }
            context.report({now.counts.all(), static_cast<int64_t>(texts.size()), "Asking"});
            return {};
        },
        context,
        [&](const CallState &calls) {
            now.calls = calls;
            if (state)
                state(now);
        }));
    asked.calls = grouped;
    asked.note = now.note;
    std::vector<size_t> open;
    std::vector<std::string> openTexts;
    for (size_t i = 0; i < texts.size(); ++i) {
        if (!asked.verdicts[i].isKnown) {
            open.push_back(i);
            openTexts.push_back(texts[i]);
        }
    }
    if (!open.empty() && asked.calls.end == CallSummary::End::Done) {
        base::WorkContext rest;
        rest.stop = context.stop;
        rest.report = [&](const base::Progress &progress) {
            context.report({now.counts.all() + progress.done, static_cast<int64_t>(texts.size()), "Asking"});
        };
        auto single = TRY(askAbout(openTexts, prompt, endpoint, options.after(asked.calls.cost), store, rest,
                                   [&](const AskingState &alone) {
                                       AskingState both = alone;
                                       both.counts.add(now.counts);
                                       both.calls.cost += asked.calls.cost;
                                       if (state)
                                           state(both);
                                   }));
        asked.calls.add(single.calls);
        for (size_t i = 0; i < open.size(); ++i)
            asked.verdicts[open[i]] = std::move(single.verdicts[i]);
    }
    for (const TeacherVerdict &verdict : asked.verdicts) {
        if (verdict.isKnown)
            asked.counts.add(verdict.state);
    }
    return asked;
}

}  // namespace core
