// SPDX-License-Identifier: Apache-2.0
#include "ui/models/checkpoint_table_model.h"

#include "ui/models/prediction_table_model.h"
#include "ui/words.h"

#include <QFont>
#include <algorithm>

namespace ui {

namespace {

constexpr double Significant = 0.05;

}  // namespace

CheckpointTableModel::CheckpointTableModel(const Session &session, QObject *parent)
    : QAbstractTableModel(parent), m_session(session)
{
}

void CheckpointTableModel::forget()
{
    m_against.clear();
}

void CheckpointTableModel::reload()
{
    std::vector<core::CheckpointName> names;
    for (auto run = m_session.runs().rbegin(); run != m_session.runs().rend(); ++run) {
        for (auto checkpoint = run->checkpoints.rbegin(); checkpoint != run->checkpoints.rend(); ++checkpoint)
            names.push_back({run->info.id, checkpoint->info.epoch});
    }
    if (const auto best = m_session.best()) {
        std::stable_partition(names.begin(), names.end(), [&](const auto &n) { return n.text() == best->text(); });
    }
    const std::string pick = m_session.best() ? m_session.best()->text() : std::string();
    if (std::exchange(m_pick, pick) != pick)
        m_against.clear();
    beginResetModel();
    m_names = std::move(names);
    for (const auto &name : m_names) {
        if (!m_against.contains(name.text()))  // reads all answers of a checkpoint: once is enough
            m_against[name.text()] = against(name);
    }
    endResetModel();
}

QString CheckpointTableModel::against(const core::CheckpointName &name) const
{
    const auto best = m_session.best();
    if (!best)
        return {};
    if (best->text() == name.text())
        return tr("our pick");
    const RunView *run = m_session.runOrNull(name.run);
    const RunView *bestRun = m_session.runOrNull(best->run);
    if (!run || !bestRun)
        return {};
    const auto mine = readPredictions(m_session.service(), *run, name.epoch);
    const auto pick = readPredictions(m_session.service(), *bestRun, best->epoch);
    if (!mine || !pick || mine->empty() || mine->size() != pick->size())
        return {};
    int64_t more = 0, fewer = 0;
    for (size_t i = 0; i < mine->size(); ++i) {
        if ((*mine)[i].example != (*pick)[i].example)
            return tr("other exam rows");
        more += (*mine)[i].isRight() && !(*pick)[i].isRight() ? 1 : 0;
        fewer += !(*mine)[i].isRight() && (*pick)[i].isRight() ? 1 : 0;
    }
    if (engine::mcnemarPValue(more, fewer) > Significant)
        return tr("no real difference");
    return more > fewer ? tr("%1 more right").arg(more - fewer) : tr("%1 fewer right").arg(fewer - more);
}

int CheckpointTableModel::rowOf(const core::CheckpointName &name) const
{
    const auto found =
        std::find_if(m_names.begin(), m_names.end(), [&](const auto &n) { return n.text() == name.text(); });
    return found == m_names.end() ? -1 : static_cast<int>(found - m_names.begin());
}

bool CheckpointTableModel::hasCrossValidated() const
{
    return std::any_of(m_names.begin(), m_names.end(), [&](const auto &name) {
        const CheckpointView *view = m_session.checkpointOrNull(name);
        return view && view->heldOut && view->heldOut->crossValidated;
    });
}

int CheckpointTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_names.size());
}

int CheckpointTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CheckpointTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const core::CheckpointName name = nameAt(index.row());
    const CheckpointView *view = m_session.checkpointOrNull(name);
    if (!view)
        return {};
    const bool pick = m_session.best() && m_session.best()->text() == name.text();
    const auto *exam = view->exam && view->exam->report.rows > 0 ? &view->exam->report : nullptr;
    switch (role) {
    case IsPickRole: return pick;
    case LowRole: return exam ? QVariant(exam->interval.low) : QVariant();
    case HighRole: return exam ? QVariant(exam->interval.high) : QVariant();
    case MiddleRole: return exam ? QVariant(exam->accuracy) : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setPixelSize(13);
        font.setWeight(pick ? QFont::DemiBold : QFont::Normal);
        return font;
    }
    case Qt::TextAlignmentRole: {
        const bool number = index.column() == HeldOut || index.column() == Exam || index.column() == MacroF1;
        return QVariant::fromValue(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    }
    case Qt::ToolTipRole:
        return index.column() == Star && pick
                   ? tr("Our pick: best on held-out or cross-validated rows. The exam did not take part in the choice.")
                   : data(index, Qt::DisplayRole);
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return tr("%1, pass %2").arg(QString::fromStdString(name.run)).arg(name.epoch) +
                   (m_session.inUse() && m_session.inUse()->text() == name.text() ? tr(" (in use)") : QString());
        case HeldOut: {
            if (!view->heldOut)
                return {};
            const QString share = heldOutText(*view->heldOut);
            return view->heldOut->crossValidated ? share + QStringLiteral(" *") : share;
        }
        case Exam: return exam ? shareText(exam->correct, exam->rows) : QString();
        case Between: return exam ? rangeText(*exam) : QString();
        case MacroF1: return exam ? decimals(exam->macroF1) : QString();
        case Against: return m_against.at(name.text());
        default: return {};
        }
    default: return {};
    }
}

QVariant CheckpointTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return {};
    if (role == Qt::TextAlignmentRole)
        return data(index(0, section), role).isValid() ? data(index(0, section), role)
                                                       : QVariant::fromValue(Qt::AlignVCenter | Qt::AlignLeft);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {{},
                             tr("Checkpoint"),
                             tr("Held-out"),
                             tr("Exam"),
                             tr("Between"),
                             tr("Average (macro F1)"),
                             tr("Against our pick")};
    return names[section];
}

}  // namespace ui
