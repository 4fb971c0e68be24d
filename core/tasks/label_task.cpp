// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/label_task.h"

#include "core/base/counted.h"
#include "core/engine/eval/metrics.h"
#include "core/store/edit_log.h"
#include "core/store/label_set.h"
#include "core/teacher/orders.h"
#include "core/training/teacher_labels.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

using base::failure;
using base::Result;
using State = core::ParsedAnswer::State;

namespace core {

namespace {

/// Texts in memory at a time, and questions between two looks at the money.
constexpr size_t PartRows = 2000;

/// Rows of Unlabelled that nobody has looked at.
Result<std::vector<int64_t>> rowsToLabel(const Service &service, size_t most)
{
    auto ids = service.examples().order({.split = Split::Unlabelled, .onlyUnlabelled = true});
    if (!ids)
        return failure(ids);
    if (most > 0 && ids->size() > most) {
        std::vector<int64_t> spread;
        for (size_t i = 0; i < most; ++i)
            spread.push_back((*ids)[i * ids->size() / most]);
        *ids = std::move(spread);
    }
    if (ids->empty())
        return failure(base::ErrorCode::NotFound, "There are no unlabelled rows. Import some into Unlabelled.", "rows");
    return ids;
}

/// Collects what rows are to get, and writes it as one edit.
class Writer {
public:
    static Result<Writer> of(const Service &service, const LabelOptions &options,
                             const std::vector<std::string> &labels)
    {
        auto known = TRY(service.examples().labels());
        Writer writer(service, options);
        for (const std::string &name : labels) {
            const auto found = std::find_if(known.begin(), known.end(), [&](const Label &l) { return l.name == name; });
            if (found == known.end())
                return failure(base::ErrorCode::NotFound, "A class has gone meanwhile. Begin again.", name);
            writer.m_labels.push_back(found->id);
        }
        writer.m_names = labels;
        return writer;
    }

    void add(int64_t row, const std::string &text, const TeacherVerdict &verdict)
    {
        ++m_done.asked;
        m_done.counts.add(verdict.state);
        if (verdict.state == State::Unsure && readsLikeInstructions(text, m_names))
            ++m_done.orders;
        if (verdict.state != State::Labelled)
            return;
        if (verdict.confidence < m_options.leastConfidence) {
            ++m_done.belowLeast;
            return;
        }
        m_rows.push_back({row, static_cast<float>(verdict.confidence), static_cast<uint32_t>(verdict.labels.size())});
        m_classes.insert(m_classes.end(), verdict.labels.begin(), verdict.labels.end());
    }

    [[nodiscard]] const VerdictCounts &counts() const { return m_done.counts; }

    Result<Labelling> finish(CallSummary calls, const base::WorkContext &context)
    {
        m_done.calls = std::move(calls);
        TRY(keepFree());
        m_done.labelled = static_cast<int64_t>(m_rows.size());
        if (m_rows.empty())
            return m_done;
        const std::string title = m_options.title.empty() ? "Label " + base::counted(m_done.labelled, "row", "rows") +
                                                                " by " + m_options.provenance
                                                          : m_options.title;
        size_t row = 0, classes = 0;
        const auto next = [&]() -> Result<std::vector<FieldChange>> {
            EditDraft part;
            for (; row < m_rows.size() && part.changes.size() < PartRows; ++row) {
                addChanges(part, m_rows[row], std::span(m_classes).subspan(classes, m_rows[row].classes));
                classes += m_rows[row].classes;
            }
            context.report({static_cast<int64_t>(row), static_cast<int64_t>(m_rows.size()), "Writing"});
            return std::move(part.changes);
        };
        auto edit = TRY(EditLog(m_service->database()).applyInParts(title, next, context.stop));
        m_done.edit = edit;
        return m_done;
    }

private:
    Writer(const Service &service, const LabelOptions &options) : m_service(&service), m_options(options) { }

    /// A million of them wait for the end: labels are shown all at once, or not at all.
    struct Row {
        int64_t id;
        float confidence;
        uint32_t classes;  ///< so many of m_classes, behind those of the rows before
    };

    /// Takes out what somebody labelled, moved or removed meanwhile, and labels of a class that is gone.
    Result<void> keepFree()
    {
        auto free = m_service->examples().order({.split = Split::Unlabelled, .onlyUnlabelled = true});
        auto known = m_service->examples().labels();
        if (!free || !known)
            return free ? failure(known) : failure(free);
        std::ranges::sort(*free);
        std::set<int64_t> there;
        for (const Label &label : *known)
            there.insert(label.id);
        const auto isThere = [&](int place) { return there.contains(m_labels[static_cast<size_t>(place)]); };
        std::vector<Row> rows;
        std::vector<int> classes;
        size_t next = 0;
        for (const Row &row : m_rows) {
            const auto own = std::span(m_classes).subspan(next, row.classes);
            next += row.classes;
            if (!std::ranges::binary_search(*free, row.id) || !std::ranges::all_of(own, isThere))
                continue;
            rows.push_back(row);
            classes.insert(classes.end(), own.begin(), own.end());
        }
        m_done.taken = static_cast<int64_t>(m_rows.size() - rows.size());
        m_rows = std::move(rows);
        m_classes = std::move(classes);
        return {};
    }

    void addChanges(EditDraft &draft, const Row &row, std::span<const int> classes) const
    {
        using Field = FieldChange::Field;
        std::vector<int64_t> labels;
        for (const int place : classes)
            labels.push_back(m_labels[static_cast<size_t>(place)]);
        addLabelChanges(draft, row.id, labelSet(std::move(labels)));
        draft.changes.push_back({row.id, Field::Provenance, m_options.provenance, {}});
        draft.changes.push_back({row.id, Field::Confidence, {}, {}, std::round(1e6 * row.confidence) / 1e6});
        if (m_options.toTrain)
            draft.changes.push_back({row.id, Field::Split, {}, static_cast<int64_t>(Split::Train)});
    }

    const Service *m_service;
    LabelOptions m_options;
    std::vector<int64_t> m_labels;
    std::vector<std::string> m_names;  ///< of m_labels
    std::vector<Row> m_rows;
    std::vector<int> m_classes;
    Labelling m_done;
};

/// Texts of some of the rows; one that is gone has none.
Result<std::vector<std::string>> textsOf(const Service &service, std::span<const int64_t> ids)
{
    auto rows = TRY(service.examples().read(ids));
    std::map<int64_t, std::string> byId;
    for (Example &row : rows)
        byId[row.id] = std::move(row.text);
    std::vector<std::string> texts;
    for (const int64_t id : ids)
        texts.push_back(byId[id]);
    return texts;
}

/// For a part of many rows, `share` of a row at a time: what is reported is of all of them.
base::WorkContext ofPart(const base::WorkContext &context, size_t before, size_t all, int share = 1)
{
    base::WorkContext part;
    part.stop = context.stop;
    part.report = [&context, before, all, share](const base::Progress &progress) {
        const auto done = (static_cast<int64_t>(before) + progress.done) / share;
        context.report({done, static_cast<int64_t>(all), "Labelling"});
    };
    return part;
}

/// Which rows the teacher knew.
Result<void> remember(const Service &service, const LabelOptions &options, const std::vector<int64_t> &rows)
{
    const std::string teacher = teacherIn(options.provenance);
    return teacher.empty() ? Result<void>() : TeacherMemory::add(service, teacher, rows);
}

/// What most answers say, and how many of all do; of equals the class that comes first.
TeacherVerdict winnerOf(const std::vector<TeacherVerdict> &votes)
{
    if (votes.size() == 1)
        return votes.front();
    std::map<std::vector<int>, size_t> counts;
    for (const TeacherVerdict &vote : votes) {
        if (vote.state == State::Labelled)
            ++counts[vote.labels];
    }
    if (counts.empty())
        return votes.front();
    const auto winner = std::max_element(counts.begin(), counts.end(),
                                         [](const auto &a, const auto &b) { return a.second < b.second; });
    const auto one = std::find_if(votes.begin(), votes.end(), [&](const TeacherVerdict &vote) {
        return vote.state == State::Labelled && vote.labels == winner->first;
    });
    return {State::Labelled, winner->first, static_cast<double>(winner->second) / static_cast<double>(votes.size()),
            one->reply, true};
}

/// Which texts read like orders and get another label without them: of language models ChatAsker finds that out.
Result<std::vector<bool>> doubtfulRows(const EmbeddingTeacher &teacher, const std::vector<std::string> &texts,
                                       const engine::Matrix &answers, const base::WorkContext &context)
{
    std::vector<size_t> places;
    std::vector<std::string> before;
    for (size_t i = 0; i < texts.size(); ++i) {
        if (readsLikeInstructions(texts[i], teacher.labels())) {
            places.push_back(i);
            before.push_back(beforeOrders(texts[i], teacher.labels()));
        }
    }
    std::vector<bool> isDoubtful(texts.size(), false);
    if (places.empty())
        return isDoubtful;
    auto without = TRY(teacher.probabilities(before, {context.stop}));
    for (size_t i = 0; i < places.size(); ++i)
        isDoubtful[places[i]] = before[i].empty() || engine::answerOf(answers.row(places[i]), teacher.rule()) !=
                                                         engine::answerOf(without.row(i), teacher.rule());
    return isDoubtful;
}

}  // namespace

Result<Labelling> labelRows(const Service &service, std::shared_ptr<FeatureReader> reader, const LabelOptions &options,
                            const base::WorkContext &context)
{
    auto ids = TRY(rowsToLabel(service, options.mostRows));
    auto teacher = TRY(EmbeddingTeacher::open(service, std::move(reader), EmbeddingTeacher::Learns::Rows, context));
    auto writer = TRY(Writer::of(service, options, teacher.labels()));
    for (size_t first = 0; first < ids.size(); first += PartRows) {
        const auto part = std::span(ids).subspan(first, std::min(PartRows, ids.size() - first));
        auto texts = TRY(textsOf(service, part));
        auto answers = TRY(teacher.probabilities(texts, ofPart(context, first, ids.size())));
        auto doubted = TRY(doubtfulRows(teacher, texts, answers, context));
        for (size_t i = 0; i < part.size(); ++i) {
            const bool isDoubtful = doubted[i];
            writer.add(part[i], texts[i],
                       {isDoubtful ? State::Unsure : State::Labelled,
                        engine::answerOf(answers.row(i), teacher.rule()),
                        isDoubtful ? 0 : engine::confidenceOf(answers.row(i), teacher.rule()),
                        {},
                        true});
        }
    }
    auto known = TRY(readLabelled(service, Split::Train, teacher.labels(), LabelledBy::People));
    TRY(remember(service, options, known.ids));
    return writer.finish({}, context);
}

Result<Labelling> labelRows(const Service &service, const ChatEndpoint &endpoint, const TeacherJob &job,
                            const LabelOptions &options, const base::WorkContext &context, const AskingListener &state)
{
    TRY(mayAskInGroups(service, endpoint.model, job.ways.rowsPerQuestion));
    auto ids = TRY(rowsToLabel(service, options.mostRows));
    auto asker = TRY(ChatAsker::open(service, endpoint, job.ways, context));
    auto writer = TRY(Writer::of(service, options, asker.prompt().labels()));
    CallSummary calls;
    std::string note;
    const auto listener = [&](const AskingState &now) {
        AskingState all = now;
        all.calls.answered += calls.answered;
        all.calls.cost += calls.cost;
        if (job.votes == 1)
            all.counts.add(writer.counts());
        if (state)
            state(all);
    };
    for (size_t first = 0; first < ids.size() && calls.end == CallSummary::End::Done; first += PartRows) {
        const auto part = std::span(ids).subspan(first, std::min(PartRows, ids.size() - first));
        auto texts = TRY(textsOf(service, part));
        std::vector<std::vector<TeacherVerdict>> votes(part.size());
        for (int vote = 0; vote < job.votes && calls.end == CallSummary::End::Done; ++vote) {
            const size_t before = first * static_cast<size_t>(job.votes) + static_cast<size_t>(vote) * part.size();
            // Several votes are all drawn; one is the surest answer.
            auto asked = asker.ask(texts, job.calls.after(calls.cost), ofPart(context, before, ids.size(), job.votes),
                                   listener, job.votes > 1 ? vote + 1 : 0);
            if (!asked)
                return failure(asked);
            calls.add(asked->calls);
            if (first == 0 && vote == 0)
                note = asked->note;
            for (size_t i = 0; i < part.size(); ++i)
                votes[i].push_back(std::move(asked->verdicts[i]));
        }
        for (size_t i = 0; i < part.size(); ++i) {
            // Of several votes all or none: fewer would look surer than they are.
            const bool isKnown = std::ranges::all_of(votes[i], &TeacherVerdict::isKnown);
            if (isKnown && votes[i].size() == static_cast<size_t>(job.votes))
                writer.add(part[i], texts[i], winnerOf(votes[i]));
        }
    }
    std::vector<int64_t> shown;
    const auto &prompt = asker.prompt();
    for (const LabelledText &example : prompt.examples())
        shown.push_back(example.row);
    TRY(remember(service, options, shown));
    if (!note.empty())
        calls.notes.push_back(note);
    // A stop keeps what is labelled.
    return writer.finish(std::move(calls), {{}, context.report});
}

Result<LabelSample> sampleLabels(const Service &service, const ChatEndpoint &endpoint, const TeacherJob &job,
                                 size_t rows, const base::WorkContext &context, const AskingListener &state)
{
    LabelSample sample;
    auto all = TRY(rowsToLabel(service, 0));
    sample.allRows = static_cast<int64_t>(all.size());
    auto ids = TRY(rowsToLabel(service, rows));
    auto asker = TRY(ChatAsker::open(service, endpoint, job.ways, context));
    auto texts = TRY(textsOf(service, ids));
    auto asked = TRY(asker.ask(texts, job.calls, context, state));
    sample.labels = asker.prompt().labels();
    sample.calls = asked.calls;
    sample.inputTokens = asked.calls.usage.input + asked.calls.knownInputTokens;
    sample.outputTokens = asked.calls.usage.output + asked.calls.knownOutputTokens;
    for (size_t i = 0; i < ids.size(); ++i)
        sample.rows.push_back({ids[i], texts[i], std::move(asked.verdicts[i])});
    return sample;
}

}  // namespace core
