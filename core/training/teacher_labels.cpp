// SPDX-License-Identifier: Apache-2.0
#include "core/training/teacher_labels.h"

#include "core/results/report_json.h"
#include "core/store/run_store.h"
#include "core/teacher/teacher_kinds.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_set>

using base::failure;
using base::Result;

namespace core {

namespace {

/// An exam has few rows of a class: so many more count as if they were as good as all.
constexpr double PriorRows = 4;
constexpr double LeastReliable = 0.05, MostReliable = 0.98;

double logit(double p)
{
    return std::log(p / (1 - p));
}

double clampedLogit(double confidence)
{
    return logit(std::clamp(confidence, 1 - MostSureOfWords, MostSureOfWords));
}

/// The newest exam of a teacher.
Result<std::optional<RunInfo>> examOf(const RunStore &store, const std::string &teacher)
{
    auto exams = TRY(store.exams());
    for (auto exam = exams.rbegin(); exam != exams.rend(); ++exam) {
        const bool isBuiltIn = exam->examined == BuiltInTeacher && teacher == BuiltInTeacherName;
        const bool isChat = exam->examined != BuiltInTeacher && exam->examined != UntrainedTeacher;
        if (isBuiltIn || (isChat && exam->base == teacher))
            return *exam;
    }
    return std::optional<RunInfo>();
}

std::vector<char> verdictsOf(const engine::Matrix &logits, const engine::LabelledTexts &train)
{
    const engine::AnswerRule rule{engine::taskOf(train.combinations)};
    const auto truth =
        engine::classesOf(std::span(train.labels).first(train.labels.size() - train.taught), train.combinations);
    const auto answers = engine::probabilitiesOf(logits, rule.task);
    std::vector<char> right;
    for (size_t i = 0; i < truth.size(); ++i)
        right.push_back(engine::answerOf(answers.row(i), rule) == truth[i] ? 1 : 0);
    return right;
}

/// Whether people's rows have every class that the teacher's have.
bool coverClasses(const engine::LabelledTexts &train)
{
    const auto classes = engine::classesOf(train.labels, train.combinations);
    const size_t people = classes.size() - train.taught;
    std::unordered_set<int> known;
    for (size_t i = 0; i < people; ++i)
        known.insert(classes[i].begin(), classes[i].end());
    for (size_t i = people; i < classes.size(); ++i) {
        if (!std::ranges::all_of(classes[i], [&](int c) { return known.contains(c); }))
            return false;
    }
    return true;
}

}  // namespace

std::map<std::string, std::set<int64_t>> TeacherMemory::read(const std::string &text)
{
    std::map<std::string, std::set<int64_t>> seen;
    const auto root = nlohmann::json::parse(text, nullptr, false);
    if (!root.is_object())
        return seen;
    for (const auto &[teacher, rows] : root.items()) {
        for (const auto &row : rows) {
            if (row.is_number_integer())
                seen[teacher].insert(row.get<int64_t>());
        }
    }
    return seen;
}

Result<TeacherMemory> TeacherMemory::of(const Service &service)
{
    auto text = TRY(service.setting(keys::TeacherMemory));
    TeacherMemory memory;
    memory.m_seen = read(text);
    return memory;
}

Result<void> TeacherMemory::add(const Service &service, const std::string &teacher, const std::vector<int64_t> &rows)
{
    // A window and a command line may label at the same time.
    return service.changeSetting(keys::TeacherMemory, [&](const std::string &now) {
        auto seen = read(now);
        seen[teacher].insert(rows.begin(), rows.end());
        return nlohmann::json(seen).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    });
}

bool TeacherMemory::hasSeen(const std::string &teacher, int64_t row) const
{
    const auto known = m_seen.find(teacher);
    return known != m_seen.end() && known->second.contains(row);
}

Result<TeacherRecord> TeacherRecord::of(const Service &service, const std::string &teacher)
{
    const RunStore store(service.database());
    TeacherRecord record;
    auto exam = TRY(examOf(store, teacher));
    if (!exam)
        return record;
    const std::string &id = exam->id;
    auto checkpoints = TRY(store.checkpoints(id));
    const auto stored = checkpoints.empty() ? std::nullopt : parseReport(checkpoints.front().test);
    auto answers = TRY(store.predictions(id, 0));
    if (!stored || stored->report.rows == 0)
        return record;
    record.m_otherwise = engine::decisiveScore(stored->report);
    for (size_t i = 0; i < stored->labels.size() && i < stored->report.perClass.size(); ++i) {
        const auto &of = stored->report.perClass[i];
        const auto rows = static_cast<double>(of.support);
        record.m_precision[stored->labels[i]] =
            (of.precision * rows + record.m_otherwise * PriorRows) / (rows + PriorRows);
    }
    double sum = 0;
    for (size_t i = 0; i < answers.probabilities.rows; ++i)
        sum += clampedLogit(engine::confidenceOf(answers.probabilities.row(i), {stored->report.task}));
    if (answers.probabilities.rows > 0)
        record.m_meanLogit = sum / static_cast<double>(answers.probabilities.rows);
    return record;
}

double TeacherRecord::reliability(const std::vector<std::string> &labels, std::optional<double> confidence) const
{
    double precision = labels.empty() ? m_otherwise : 0;
    for (const std::string &label : labels) {
        const auto known = m_precision.find(label);
        precision += (known == m_precision.end() ? m_otherwise : known->second) / static_cast<double>(labels.size());
    }
    precision = std::clamp(precision, LeastReliable, MostReliable);
    if (!confidence || !m_meanLogit)
        return precision;
    const double odds = logit(precision) + clampedLogit(*confidence) - *m_meanLogit;
    return std::clamp(1 / (1 + std::exp(-odds)), LeastReliable, MostReliable);
}

Result<TaughtRows> readTaught(const Service &service, const std::vector<std::string> &labels,
                              const std::vector<int64_t> &withoutGroups, engine::Combinations &combinations)
{
    auto all = TRY(readLabelled(service, Split::Train, labels, LabelledBy::Teachers));
    TaughtRows taught;
    if (all.ids.empty())
        return taught;
    auto examples = TRY(service.examples().read(all.ids));
    std::map<int64_t, const Example *> byId;
    for (const Example &example : examples)
        byId[example.id] = &example;
    const std::unordered_set<int64_t> left(withoutGroups.begin(), withoutGroups.end());
    const auto classes = engine::classesOf(all.labels, all.combinations);
    std::map<std::string, TeacherRecord> records;
    std::vector<size_t> kept;
    for (size_t i = 0; i < all.ids.size(); ++i) {
        if (left.contains(all.groups[i]) || !byId.contains(all.ids[i]))
            continue;
        const Example &example = *byId[all.ids[i]];
        const std::string teacher = teacherIn(example.provenance);
        if (!records.contains(teacher)) {
            records[teacher] = TRY(TeacherRecord::of(service, teacher));
        }
        std::vector<std::string> names;
        for (const int c : classes[i])
            names.push_back(labels[static_cast<size_t>(c)]);
        kept.push_back(i);
        taught.teachers.insert(teacher);
        taught.weights.push_back(static_cast<float>(records[teacher].reliability(names, example.confidence)));
    }
    taught.rows = picked(std::move(all), kept);
    for (int &label : taught.rows.labels) {
        if (taught.rows.combinations.empty())
            break;
        const auto &own = taught.rows.combinations[static_cast<size_t>(label)];
        const auto known = std::ranges::find(combinations, own);
        label = static_cast<int>(known - combinations.begin());
        if (known == combinations.end())
            combinations.push_back(own);
    }
    return taught;
}

bool TaughtTrial::helps() const
{
    if (!covers)
        return true;
    return rows >= FewestRows && fixed > broken &&
           static_cast<double>(fixed - broken) >= std::sqrt(static_cast<double>(fixed + broken));
}

Result<TaughtTrial> tryTaught(engine::Nets &nets, const engine::TrainRequest &request,
                              const std::vector<bool> &isUnseen, const base::WorkContext &context)
{
    TaughtTrial trial;
    const auto &train = request.train;
    const size_t people = train.texts.size() - train.taught;
    trial.rows = std::ranges::count(isUnseen, true);
    trial.covers = people > 0 && coverClasses(train);
    if (!trial.covers || trial.rows < TaughtTrial::FewestRows)
        return trial;
    auto embedder = TRY(nets.loadEmbedder(request.base, request.config.threads, request.windows));
    auto features = TRY(embedder->features(train.texts, context));
    engine::HeadFitData data;
    data.features = std::move(features);
    data.labels = train.labels;
    data.groups = train.groups;
    data.combinations = train.combinations;
    data.classes = static_cast<int>(request.labels.size());
    data.weights.assign(train.weights.begin(), train.weights.end());
    data.taught = train.taught;
    data.seed = request.config.seed;
    if (!request.extra.texts.empty()) {
        auto extra = TRY(embedder->features(request.extra.texts, context));
        data.extraFeatures = std::move(extra);
        data.extraLabels = request.extra.labels;
    }
    auto with = TRY(nets.fitHead(data, context));
    data.features.rows = people;
    data.features.values.resize(people * data.features.columns);
    data.labels.resize(people);
    data.groups.resize(std::min(data.groups.size(), people));
    data.weights.clear();
    data.taught = 0;
    auto without = TRY(nets.fitHead(data, context));
    const auto withTaught = verdictsOf(with.heldOutLogits, train);
    const auto alone = verdictsOf(without.heldOutLogits, train);
    for (size_t i = 0; i < people; ++i) {
        if (!isUnseen[i])
            continue;
        trial.with += withTaught[i];
        trial.without += alone[i];
        trial.fixed += withTaught[i] > alone[i] ? 1 : 0;
        trial.broken += withTaught[i] < alone[i] ? 1 : 0;
    }
    return trial;
}

}  // namespace core
