// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/embedding_teacher.h"

#include "core/engine/dot.h"
#include "core/engine/eval/calibration.h"
#include "core/engine/eval/metrics.h"

#include <algorithm>
#include <cmath>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Sentence encoders are trained with cosines times so much (sentence-transformers' default for contrastive losses).
constexpr double UsualScale = 20;
constexpr size_t MostRows = 2000;
/// Fewer rows say nothing of how sure it may be.
constexpr size_t FewestToCalibrate = 20;

/// Of length 1, where it is not all zeros.
void toUnit(std::span<float> vector)
{
    const float length = std::sqrt(engine::dot(vector, vector));
    for (float &value : vector)
        value /= length > 0 ? length : 1;
}

void add(std::span<float> sum, std::span<const float> vector, float weight)
{
    for (size_t i = 0; i < sum.size(); ++i)
        sum[i] += weight * vector[i];
}

engine::Matrix toUnits(engine::Matrix features)
{
    for (size_t i = 0; i < features.rows; ++i)
        toUnit(features.row(i));
    return features;
}

/// Of each text to each prototype. Multi-label: from the middle between the two nearest, so that the nearest class
/// alone is a yes.
engine::Matrix logitsOf(const engine::Matrix &units, const engine::Matrix &prototypes, engine::TaskType task,
                        double scale)
{
    engine::Matrix logits(units.rows, prototypes.rows);
    for (size_t i = 0; i < units.rows; ++i) {
        const auto row = logits.row(i);
        for (size_t c = 0; c < prototypes.rows; ++c)
            row[c] = static_cast<float>(scale) * engine::cosine(units.row(i), prototypes.row(c));
        if (task != engine::TaskType::MultiLabel)
            continue;
        std::vector<float> sorted(row.begin(), row.end());
        std::partial_sort(sorted.begin(), sorted.begin() + 2, sorted.end(), std::greater<>());
        for (float &value : row)
            value -= (sorted[0] + sorted[1]) / 2;
    }
    return logits;
}

Result<std::vector<Label>> declaredClasses(const Service &service)
{
    auto labels = TRY(service.examples().labels());
    std::erase_if(labels, [](const Label &label) { return !label.declared || label.isReject; });
    if (labels.size() < 2)
        return failure(base::ErrorCode::Blocked,
                       "There are fewer than two classes. Describe what there is to tell apart.", "classes");
    return labels;
}

/// Whether the quick classifier would know every class.
bool haveAllRows(const LabelledRows &rows, size_t classes)
{
    std::vector<int> counts(classes);
    for (const auto &row : engine::classesOf(rows.labels, rows.combinations)) {
        for (const int c : row)
            ++counts[static_cast<size_t>(c)];
    }
    return std::ranges::all_of(counts, [](int count) { return count >= QuickClassifier::FewestRowsPerClass; });
}

}  // namespace

Result<EmbeddingTeacher> EmbeddingTeacher::open(const Service &service, std::shared_ptr<FeatureReader> reader,
                                                Learns learns, const base::WorkContext &context)
{
    auto classes = TRY(declaredClasses(service));
    LabelledRows rows;
    if (learns == Learns::Rows) {
        // What a teacher has labelled, this one perhaps, teaches it nothing.
        rows = TRY(readLabelled(service, Split::Train, namesOf(classes), LabelledBy::People));
    }
    EmbeddingTeacher teacher;
    if (learns == Learns::Rows && haveAllRows(rows, classes.size())) {
        teacher.m_quick = TRY(trainQuickly(service, std::move(reader), context, LabelledBy::People));
        return teacher;
    }
    teacher.m_quick.classes = std::move(classes);
    teacher.m_quick.labels = namesOf(teacher.m_quick.classes);
    teacher.m_quick.reader = std::move(reader);
    TRY(teacher.fitPrototypes(service, evenlySpread(std::move(rows), MostRows), context));
    return teacher;
}

Result<void> EmbeddingTeacher::fitPrototypes(const Service &service, const LabelledRows &rows,
                                             const base::WorkContext &context)
{
    auto several = TRY(service.isMultiLabel());
    m_quick.rule.task = several ? engine::TaskType::MultiLabel : engine::TaskType::SingleLabel;
    std::vector<std::string> texts;
    std::vector<size_t> classOf;
    for (size_t c = 0; c < m_quick.classes.size(); ++c) {
        for (std::string &text : describingTexts(m_quick.classes[c])) {
            texts.push_back(std::move(text));
            classOf.push_back(c);
        }
    }
    const auto truth = engine::classesOf(rows.labels, rows.combinations);
    m_quick.rows = static_cast<int64_t>(rows.texts.size());
    const size_t described = texts.size();
    texts.insert(texts.end(), rows.texts.begin(), rows.texts.end());
    auto features = TRY(m_quick.reader->read(texts, context));
    const engine::Matrix units = toUnits(std::move(features));
    engine::Matrix sums(m_quick.classes.size(), units.columns);
    for (size_t i = 0; i < described; ++i)
        add(sums.row(classOf[i]), units.row(i), 1);
    for (size_t i = 0; i < rows.texts.size(); ++i) {
        for (const int c : truth[i])
            add(sums.row(static_cast<size_t>(c)), units.row(described + i), 1);
    }
    m_prototypes = toUnits(sums);
    m_scale = UsualScale;
    if (rows.texts.size() < FewestToCalibrate)
        return {};
    // Each row is answered as if its class had never seen it.
    engine::Matrix heldOut(rows.texts.size(), m_quick.classes.size());
    for (size_t i = 0; i < rows.texts.size(); ++i) {
        engine::Matrix own = m_prototypes, unit(1, units.columns);
        std::copy_n(units.row(described + i).begin(), units.columns, unit.row(0).begin());
        for (const int c : truth[i]) {
            const auto row = own.row(static_cast<size_t>(c));
            std::copy_n(sums.row(static_cast<size_t>(c)).begin(), units.columns, row.begin());
            add(row, unit.row(0), -1);
        }
        const auto logits = logitsOf(unit, own, m_quick.rule.task, UsualScale);
        std::copy_n(logits.row(0).begin(), logits.columns, heldOut.row(i).begin());
    }
    m_scale /= engine::calibrate(heldOut, rows.labels, rows.combinations).temperature;
    return {};
}

Result<engine::Matrix> EmbeddingTeacher::probabilities(const std::vector<std::string> &texts,
                                                       const base::WorkContext &context) const
{
    if (m_prototypes.rows == 0)
        return m_quick.probabilities(texts, context);
    auto features = TRY(m_quick.reader->read(texts, context));
    const auto logits = logitsOf(toUnits(std::move(features)), m_prototypes, m_quick.rule.task, m_scale);
    return engine::probabilitiesOf(logits, m_quick.rule.task);
}

}  // namespace core
