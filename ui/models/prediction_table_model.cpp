// SPDX-License-Identifier: Apache-2.0
#include "ui/models/prediction_table_model.h"

#include "ui/words.h"

#include <algorithm>

using base::Result;

namespace ui {

namespace {

constexpr float Confident = 0.8F;
constexpr size_t LeastSureRows = 10;

}  // namespace

Result<std::vector<Prediction>> readPredictions(const core::Service &service, const RunView &run, int epoch)
{
    auto stored = core::RunStore(service.database()).predictions(run.info.id, epoch);
    if (!stored)
        return base::failure(stored);
    auto examples = service.examples().read(stored->examples);
    auto labels = service.examples().labels();
    if (!examples)
        return base::failure(examples);
    if (!labels)
        return base::failure(labels);
    std::map<int64_t, int> index;
    for (const core::Label &label : *labels) {
        const auto found = std::find(run.info.labels.begin(), run.info.labels.end(), label.name);
        if (found != run.info.labels.end())
            index[label.id] = static_cast<int>(found - run.info.labels.begin());
    }
    engine::AnswerRule rule{run.info.config.task};
    for (const CheckpointView &checkpoint : run.checkpoints) {
        if (checkpoint.info.epoch == epoch && checkpoint.heldOut)
            rule.thresholds = checkpoint.heldOut->thresholds;
    }
    std::vector<Prediction> predictions;
    size_t place = 0;
    for (core::Example &example : *examples) {
        while (stored->examples[place] != example.id)
            ++place;
        const auto row = stored->probabilities.row(place);
        const core::LabelSet own = core::labelsOf(example);
        std::vector<int> expected;
        for (const int64_t id : own.ids) {
            if (const auto known = index.find(id); known != index.end())
                expected.push_back(known->second);
        }
        std::sort(expected.begin(), expected.end());
        const bool fits = rule.task == engine::TaskType::MultiLabel || own.ids.size() == 1;
        const bool isKnown = own.isAnswered && fits && expected.size() == own.ids.size();
        predictions.push_back({example.id,
                               std::move(example.text),
                               std::move(expected),
                               isKnown,
                               engine::answerOf(row, rule),
                               engine::confidenceOf(row, rule),
                               {row.begin(), row.end()}});
    }
    return predictions;
}

PredictionTableModel::PredictionTableModel(const Session &session, QObject *parent)
    : QAbstractTableModel(parent), m_session(session)
{
}

void PredictionTableModel::setPredictions(std::vector<Prediction> predictions, std::vector<std::string> labels)
{
    beginResetModel();
    m_all = std::move(predictions);
    m_labels = std::move(labels);
    m_shown.clear();
    endResetModel();
}

std::vector<size_t> PredictionTableModel::choose(Filter filter) const
{
    std::vector<size_t> rows;
    for (size_t i = 0; i < m_all.size(); ++i) {
        const Prediction &p = m_all[i];
        const bool every = filter == Filter::All || filter == Filter::LeastSure;
        const bool right = filter == Filter::Right;
        const bool sure = filter != Filter::ConfidentlyWrong || p.probability >= Confident;
        if (every || (p.isRight() == right && sure))
            rows.push_back(i);
    }
    const auto less = [&](size_t a, size_t b) { return m_all[a].probability < m_all[b].probability; };
    if (filter == Filter::LeastSure) {
        std::stable_sort(rows.begin(), rows.end(), less);
        rows.resize(std::min(rows.size(), LeastSureRows));
    } else if (filter == Filter::Wrong || filter == Filter::ConfidentlyWrong) {
        std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) { return less(b, a); });
    }
    return rows;
}

void PredictionTableModel::show(std::vector<size_t> rows)
{
    beginResetModel();
    m_shown = std::move(rows);
    endResetModel();
}

void PredictionTableModel::setFilter(Filter filter)
{
    show(choose(filter));
}

void PredictionTableModel::setCell(int expected, int answer)
{
    std::vector<size_t> rows;
    for (size_t i = 0; i < m_all.size(); ++i) {
        if (m_all[i].isKnown && m_all[i].expected == std::vector{expected} && m_all[i].answer == std::vector{answer})
            rows.push_back(i);
    }
    show(std::move(rows));
}

void PredictionTableModel::setClass(int label)
{
    const auto has = [&](const std::vector<int> &labels) {
        return std::binary_search(labels.begin(), labels.end(), label);
    };
    std::vector<size_t> rows;
    for (size_t i = 0; i < m_all.size(); ++i) {
        if (has(m_all[i].expected) || has(m_all[i].answer))
            rows.push_back(i);
    }
    std::stable_partition(rows.begin(), rows.end(),
                          [&](size_t i) { return has(m_all[i].expected) != has(m_all[i].answer); });
    show(std::move(rows));
}

qint64 PredictionTableModel::count(Filter filter) const
{
    return static_cast<qint64>(choose(filter).size());
}

int PredictionTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int PredictionTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Chips PredictionTableModel::chipsOf(const std::vector<int> &labels) const
{
    Chips chips;
    for (const int label : labels) {
        const std::string &name = m_labels[static_cast<size_t>(label)];
        chips << Chip{className(name), m_session.colourOf(name, label)};
    }
    return chips;
}

QVariant PredictionTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Prediction &p = predictionAt(index.row());
    const bool isExpected = index.column() == Expected;
    Chips chips = chipsOf(isExpected ? p.expected : p.answer);
    if (chips.isEmpty() && (p.isKnown || !isExpected))
        chips << Chip{tr("none of them"), NoColour};
    const auto words = [&] {
        QStringList names;
        for (const Chip &chip : chips)
            names << chip.name;
        return names.join(QStringLiteral(", "));
    };
    switch (role) {
    case ColourRole:
        return chips.isEmpty() || chips.front().colour == NoColour ? QVariant() : QVariant(chips.front().colour);
    case ChipsRole: return QVariant::fromValue(chips);
    case ShareRole: return index.column() == Sure ? QVariant(static_cast<double>(p.probability)) : QVariant();
    case Qt::ToolTipRole:
        if (index.column() == Text)
            return QString::fromStdString(p.text).left(2000);
        [[fallthrough]];
    case Qt::DisplayRole:
        switch (index.column()) {
        case Text: return QString::fromStdString(p.text).left(400).simplified();
        case Expected:
        case Answer: return words();
        case Sure: return decimals(static_cast<double>(p.probability));
        default: return {};
        }
    default: return {};
    }
}

QVariant PredictionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Text"), tr("Expected"), tr("Answer"), tr("How sure")};
    return names[section];
}

}  // namespace ui
