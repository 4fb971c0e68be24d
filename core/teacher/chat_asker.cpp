// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/chat_asker.h"

#include "core/service/teacher_wishes.h"
#include "core/teacher/orders.h"
#include "core/teacher/prompt_versions.h"

using base::failure;
using base::Result;
using State = core::ParsedAnswer::State;

namespace core {

namespace {

/// A longer list of classes costs more, and small models lose sight of it.
constexpr size_t LongList = 40;
constexpr size_t ShortList = 25;
/// Train rows from which the nearest are taken.
constexpr int UsualShots = 2;
constexpr size_t PoolPerClass = 100;
constexpr size_t MostPool = 2000;

/// Of a job whose texts are answered, while answers are doubted.
AskingState stateOf(const std::vector<std::string> &texts, const AskedTexts &asked, const CallState &calls)
{
    AskingState state{calls, asked.counts};
    state.calls.answered += asked.calls.answered;
    state.calls.cost += asked.calls.cost;
    for (size_t i = texts.size(); i-- > 0 && state.newest.size() < AskingState::MostNewest;) {
        if (asked.verdicts[i].isKnown)
            state.newest.push_front({texts[i], asked.verdicts[i]});
    }
    return state;
}

}  // namespace

Result<ChatAsker> ChatAsker::open(const Service &service, const ChatEndpoint &endpoint, const ChatWays &ways,
                                  const base::WorkContext &context)
{
    std::string text = ways.prompt;
    if (text.empty()) {
        auto own = TRY(PromptVersions::of(service));
        text = own.inUse().text;
    }
    auto prompt = TRY(LabelPrompt::of(service, text));
    auto store = TRY(AnswerStore::open(service.folder()));
    auto wishes = TRY(TeacherWishes::of(service));
    const size_t perClass = ways.shotsPerClass.value_or(static_cast<size_t>(wishes.shots.value_or(UsualShots)));
    auto shots = TRY(ways.nearest && ways.mostShots > 0 ? fewShot(service, prompt.labels(), PoolPerClass, MostPool)
                                                        : fewShot(service, prompt.labels(), perClass, ways.mostShots));
    prompt.setExamples(std::move(shots));
    ContextWishes shown;
    shown.nearestExamples = ways.nearest ? ways.mostShots : 0;
    const size_t classes = prompt.labels().size();
    shown.classes = ways.classesShown > 0 ? ways.classesShown : classes > LongList ? ShortList : 0;
    if (shown.classes >= classes)
        shown.classes = 0;
    const bool asksGroups = ways.rowsPerQuestion > 1;
    if (asksGroups && (prompt.isSeveral() || shown.isAny()))
        return failure(base::ErrorCode::InvalidInput,
                       "Several rows a question are asked about only where a text has one class, and where every "
                       "question shows the same examples and classes.",
                       "rows per question");
    ChatAsker asker(endpoint, std::move(prompt), std::move(store));
    asker.m_rowsPerQuestion = ways.rowsPerQuestion;
    if (!shown.isAny())
        return asker;
    auto reader = TRY(FeatureReader::open(1));
    asker.m_picker = TRY(ContextPicker::open(service, asker.m_prompt, shown, std::move(reader), context));
    return asker;
}

Result<AskedTexts> ChatAsker::ask(const std::vector<std::string> &texts, const CallOptions &options,
                                  const base::WorkContext &context, const AskingListener &state, int sample) const
{
    auto asked = askTrusting(texts, options, context, state, sample);
    if (!asked)
        return asked;
    TRY(doubtOrders(texts, *asked, options, context, state, sample));
    return asked;
}

Result<void> ChatAsker::doubtOrders(const std::vector<std::string> &texts, AskedTexts &asked,
                                    const CallOptions &options, const base::WorkContext &context,
                                    const AskingListener &state, int sample) const
{
    bool isAny = false;
    std::vector<size_t> places;
    std::vector<std::string> before;
    const auto notBelieved = [&](TeacherVerdict &verdict) {
        asked.counts.add(verdict.state, -1);
        verdict = {State::Unsure, {}, 0, std::move(verdict.reply), true};
        asked.counts.add(verdict.state);
    };
    for (size_t i = 0; i < texts.size(); ++i) {
        TeacherVerdict &verdict = asked.verdicts[i];
        if (verdict.state != State::Labelled || !readsLikeInstructions(texts[i], m_prompt.labels()))
            continue;
        isAny = true;
        std::string rest = beforeOrders(texts[i], m_prompt.labels());
        if (rest.empty()) {
            notBelieved(verdict);
            continue;
        }
        places.push_back(i);
        before.push_back(std::move(rest));
    }
    if (!isAny)
        return {};
    AskedTexts again;
    again.verdicts.resize(places.size());
    if (!places.empty() && asked.calls.end == CallSummary::End::Done) {
        const AskingListener listener = [&](const AskingState &now) {
            if (state)
                state(stateOf(texts, asked, now.calls));
        };
        const base::WorkContext quiet{context.stop};
        again = TRY(askTrusting(before, options.after(asked.calls.cost), quiet, listener, sample));
        asked.calls.add(again.calls);
    }
    for (size_t i = 0; i < places.size(); ++i) {
        TeacherVerdict &verdict = asked.verdicts[places[i]];
        const TeacherVerdict &without = again.verdicts[i];
        if (!without.isKnown) {  // the money or the time was gone: a question for another time
            asked.counts.add(verdict.state, -1);
            verdict = {};
        } else if (without.state != State::Labelled || without.labels != verdict.labels) {
            notBelieved(verdict);
        }
    }
    if (state)
        state(stateOf(texts, asked, {}));
    return {};
}

Result<AskedTexts> ChatAsker::askTrusting(const std::vector<std::string> &texts, const CallOptions &options,
                                          const base::WorkContext &context, const AskingListener &state,
                                          int sample) const
{
    // Votes are drawn of each text alone.
    if (m_rowsPerQuestion > 1 && sample == 0)
        return askInGroups(texts, m_rowsPerQuestion, m_prompt, *m_endpoint, options, m_store, context, state);
    std::vector<RowContext> contexts;
    if (m_picker) {
        contexts = TRY(m_picker->of(texts, context));
    }
    return askAbout(texts, m_prompt, *m_endpoint, options, m_store, context, state, sample, contexts);
}

}  // namespace core
