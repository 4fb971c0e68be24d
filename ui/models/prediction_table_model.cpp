// SPDX-License-Identifier: Apache-2.0
#include "ui/models/prediction_table_model.h"

#include "ui/words.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr float Confident = 0.8F;
constexpr size_t LeastSureRows = 100;
/// So many rows are read at once, and kept at most.
constexpr size_t BlockRows = 64;
constexpr size_t MostRead = 2048;

}  // namespace

PredictionTableModel::PredictionTableModel(const Session &session, QObject *parent)
    : QAbstractTableModel(parent), m_session(session)
{
}

void PredictionTableModel::setResults(SharedResults results)
{
    beginResetModel();
    m_results = std::move(results);
    m_shown.clear();
    m_read.clear();
    endResetModel();
}

std::vector<size_t> PredictionTableModel::choose(Filter filter) const
{
    const auto &verdicts = answers().verdicts;
    std::vector<size_t> rows;
    for (size_t i = 0; i < verdicts.size(); ++i) {
        const bool every = filter == Filter::All || filter == Filter::LeastSure;
        const bool sure = filter != Filter::ConfidentlyWrong || verdicts[i].confidence >= Confident;
        if (every || (verdicts[i].isRight() == (filter == Filter::Right) && sure))
            rows.push_back(i);
    }
    const auto less = [&](size_t a, size_t b) { return verdicts[a].confidence < verdicts[b].confidence; };
    if (filter == Filter::LeastSure) {
        std::stable_sort(rows.begin(), rows.end(), less);
        rows.resize(std::min(rows.size(), LeastSureRows));
    } else if (filter != Filter::All) {
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
    for (size_t i = 0; i < answers().size(); ++i) {
        const engine::Verdict &verdict = answers().verdicts[i];
        if (verdict.expected == std::vector{expected} && verdict.answer == std::vector{answer})
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
    for (size_t i = 0; i < answers().size(); ++i) {
        if (has(answers().verdicts[i].expected) || has(answers().verdicts[i].answer))
            rows.push_back(i);
    }
    std::stable_partition(rows.begin(), rows.end(), [&](size_t i) {
        return has(answers().verdicts[i].expected) != has(answers().verdicts[i].answer);
    });
    show(std::move(rows));
}

void PredictionTableModel::setExamples(const std::vector<int64_t> &examples)
{
    std::vector<size_t> rows;
    for (size_t i = 0; i < answers().size(); ++i) {
        if (std::binary_search(examples.begin(), examples.end(), answers().examples[i]))
            rows.push_back(i);
    }
    std::stable_partition(rows.begin(), rows.end(), [&](size_t i) { return !answers().verdicts[i].isRight(); });
    show(std::move(rows));
}

void PredictionTableModel::sort(int column, Qt::SortOrder order)
{
    const auto &verdicts = answers().verdicts;
    const auto sortBy = [&](auto keyOf) {
        std::vector<size_t> rows = m_shown;
        std::stable_sort(rows.begin(), rows.end(), [&](size_t a, size_t b) {
            return order == Qt::AscendingOrder ? keyOf(a) < keyOf(b) : keyOf(b) < keyOf(a);
        });
        show(std::move(rows));
    };
    switch (column) {
    case Expected: return sortBy([&](size_t i) -> const auto & { return verdicts[i].expected; });
    case Answer: return sortBy([&](size_t i) -> const auto & { return verdicts[i].answer; });
    case Sure: return sortBy([&](size_t i) { return verdicts[i].confidence; });
    case Margin: return sortBy([&](size_t i) { return marginOf(i); });
    default: return sortBy([&](size_t i) { return answers().examples[i]; });  // as they lie in the service
    }
}

float PredictionTableModel::marginOf(size_t place) const
{
    const auto row = answers().probabilities.row(place);
    if (answers().rule.task == engine::TaskType::MultiLabel) {
        float least = 1;
        for (size_t c = 0; c < row.size(); ++c)
            least = std::min(least, std::abs(row[c] - answers().rule.thresholdOf(c)));
        return least;
    }
    float first = 0, second = 0;
    for (const float value : row) {
        second = std::max(second, std::min(first, value));
        first = std::max(first, value);
    }
    return first - second;
}

const core::Example &PredictionTableModel::exampleOf(int row) const
{
    if (const auto known = m_read.find(exampleAt(row)); known != m_read.end())
        return known->second;
    if (m_read.size() > MostRead)
        m_read.clear();
    const size_t begin = static_cast<size_t>(row) / BlockRows * BlockRows;
    std::vector<int64_t> ids;
    for (size_t i = begin; i < std::min(begin + BlockRows, m_shown.size()); ++i)
        ids.push_back(answers().examples[m_shown[i]]);
    auto read = m_session.service().examples().read(ids);
    for (core::Example &example : read ? *read : std::vector<core::Example>())
        m_read[example.id] = std::move(example);
    return m_read[exampleAt(row)];  // empty where it is gone meanwhile
}

QString PredictionTableModel::textAt(int row) const
{
    return QString::fromStdString(exampleOf(row).text);
}

std::vector<float> PredictionTableModel::probabilitiesAt(int row) const
{
    const auto values = answers().probabilities.row(place(row));
    return {values.begin(), values.end()};
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
        const std::string &name = answers().labels[static_cast<size_t>(label)];
        chips << Chip{className(name), m_session.colourOf(name, label)};
    }
    if (chips.isEmpty())
        chips << Chip{tr("none of them"), NoColour};
    return chips;
}

QVariant PredictionTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const engine::Verdict &verdict = verdictAt(index.row());
    const auto chips = [&] { return chipsOf(index.column() == Expected ? verdict.expected : verdict.answer); };
    const auto words = [&] {
        QStringList names;
        const Chips shown = chips();
        for (const Chip &chip : shown)
            names << chip.name;
        return names.join(QStringLiteral(", "));
    };
    switch (role) {
    case ColourRole: {
        const auto colour = chips().front().colour;
        return colour == NoColour ? QVariant() : QVariant(colour);
    }
    case ChipsRole: return QVariant::fromValue(chips());
    case ShareRole: return index.column() == Sure ? QVariant(static_cast<double>(verdict.confidence)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() == Margin ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole:
        return tipText(index.column() == Text ? textAt(index.row()).left(2000)
                                              : data(index, Qt::DisplayRole).toString());
    case Qt::DisplayRole:
        switch (index.column()) {
        case Text: return textAt(index.row()).left(400).simplified();
        case Expected:
        case Answer: return words();
        case Sure: return decimals(static_cast<double>(verdict.confidence));
        case Margin: return decimals(static_cast<double>(marginOf(place(index.row()))));
        case Source: return QString::fromStdString(exampleOf(index.row()).source);
        default: return {};
        }
    default: return {};
    }
}

QVariant PredictionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return {};
    if (role == Qt::ToolTipRole && section == Margin)
        return tr("How far the answer is ahead of the next class: rows near 0 are decided by little.");
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (section == Margin ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Text"), tr("Expected"), tr("Answer"), tr("How sure"), tr("Margin"), tr("Source")};
    return names[section];
}

}  // namespace ui
