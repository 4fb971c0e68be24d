// SPDX-License-Identifier: Apache-2.0
#include "ui/models/checkpoint_table_model.h"

#include "ui/words.h"

#include <QFont>
#include <algorithm>
#include <tuple>

namespace ui {

CheckpointTableModel::CheckpointTableModel(const Session &session, QObject *parent)
    : QAbstractTableModel(parent), m_session(session)
{
}

void CheckpointTableModel::reload()
{
    beginResetModel();
    m_names.clear();
    if (!m_run.empty() && !m_session.runOrNull(m_run))
        m_run.clear();
    for (const RunView &run : m_session.runs()) {
        if (!m_run.empty() && run.info.id != m_run)
            continue;
        for (const CheckpointView &checkpoint : run.checkpoints) {
            const core::CheckpointName name{run.info.id, checkpoint.info.epoch};
            m_names.push_back(name);
            const auto weights = m_session.service().checkpointFolder(name.run, name.epoch) / "model.safetensors";
            std::error_code missing;
            const auto size = std::filesystem::file_size(weights, missing);
            m_sizes[name.text()] = missing ? 0 : static_cast<int64_t>(size);
        }
    }
    for (const RunView &exam : m_session.exams()) {
        if (m_run.empty())
            m_names.push_back({exam.info.id, 0});
    }
    putInOrder();
    endResetModel();
}

void CheckpointTableModel::setRun(const std::string &run)
{
    m_run = run;
    reload();
}

void CheckpointTableModel::putInOrder()
{
    const auto place = [&](const core::CheckpointName &name) {
        const auto &runs = name.isExam() ? m_session.exams() : m_session.runs();
        const auto run = std::find_if(runs.begin(), runs.end(), [&](const auto &r) { return r.info.id == name.run; });
        return std::tuple(!name.isExam(), run - runs.begin(), name.epoch);
    };
    std::sort(m_names.begin(), m_names.end(), [&](const auto &a, const auto &b) { return place(a) > place(b); });
    if (m_sortColumn < 0) {
        const auto best = m_session.best();
        std::stable_partition(m_names.begin(), m_names.end(),
                              [&](const auto &n) { return best && n.text() == best->text(); });
        return;
    }
    std::stable_sort(m_names.begin(), m_names.end(), [&](const auto &a, const auto &b) {
        const auto first = figure(a, m_sortColumn);
        const auto second = figure(b, m_sortColumn);
        if (!first || !second)
            return first.has_value() && !second;  // those without a figure come last
        return m_sortOrder == Qt::AscendingOrder ? *first < *second : *second < *first;
    });
}

void CheckpointTableModel::sort(int column, Qt::SortOrder order)
{
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    putInOrder();
    endResetModel();
}

std::optional<double> CheckpointTableModel::figure(const core::CheckpointName &name, int column) const
{
    const CheckpointView *view = m_session.checkpointOrNull(name);
    const RunView *run = m_session.runOrNull(name.run);
    if (!view || !run)
        return std::nullopt;
    const auto *shown = view->shownOrNull() ? &view->shownOrNull()->report : nullptr;
    switch (column) {
    case HeldOut: return view->heldOut ? std::optional(engine::decisiveScore(view->heldOut->report)) : std::nullopt;
    case Exam: return shown && view->kind() == core::ScoreKind::Exam ? std::optional(shown->accuracy) : std::nullopt;
    case Between: return shown ? std::optional(shown->accuracy) : std::nullopt;
    case MacroF1: return shown ? std::optional(shown->macroF1) : std::nullopt;
    case LogLoss: return shown ? std::optional(shown->logLoss) : std::nullopt;
    case Honesty: return shown ? std::optional(shown->ece) : std::nullopt;
    case TrainLoss: return name.isExam() ? std::nullopt : std::optional(view->info.trainLoss);
    case Took: return run->info.seconds > 0 ? std::optional(run->info.seconds) : std::nullopt;
    case Size: {
        const auto size = m_sizes.find(name.text());
        return size == m_sizes.end() || size->second == 0 ? std::nullopt
                                                          : std::optional(static_cast<double>(size->second));
    }
    case Against: {
        const auto compared = m_compared.find(name.text());
        return compared == m_compared.end() ? std::nullopt
                                            : std::optional(static_cast<double>(compared->second.rows.rightAfter -
                                                                                compared->second.rows.rightBefore));
    }
    default: return static_cast<double>(rowOf(name));
    }
}

void CheckpointTableModel::setCompared(AgainstReader::Compared compared)
{
    m_compared = std::move(compared);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, MacroF1), index(rowCount() - 1, Against));
}

QString CheckpointTableModel::against(const core::CheckpointName &name) const
{
    if (m_session.best() && m_session.best()->text() == name.text())
        return tr("our pick");
    const auto found = m_compared.find(name.text());
    if (found == m_compared.end() || found->second.rows.rows == 0)
        return {};
    const core::ComparedRows &compared = found->second.rows;
    if (!compared.isRealDifference())
        return tr("no real difference");
    const int64_t more = compared.rightAfter - compared.rightBefore;
    return more > 0 ? tr("%1 more right").arg(more) : tr("%1 fewer right").arg(-more);
}

int CheckpointTableModel::rowOf(const core::CheckpointName &name) const
{
    const auto found =
        std::find_if(m_names.begin(), m_names.end(), [&](const auto &n) { return n.text() == name.text(); });
    return found == m_names.end() ? -1 : static_cast<int>(found - m_names.begin());
}

QString CheckpointTableModel::marks() const
{
    bool isCrossValidated = false, isHeldOut = false;
    for (const core::CheckpointName &name : m_names) {
        const CheckpointView *view = m_session.checkpointOrNull(name);
        if (!view || !view->heldOut)
            continue;
        isCrossValidated = isCrossValidated || view->heldOut->crossValidated;
        isHeldOut = isHeldOut || (view->shownOrNull() && view->kind() == core::ScoreKind::HeldOut);
    }
    QStringList lines;
    if (isCrossValidated)
        lines << tr("* cross-validated on Train: each row was left out once and answered by what the others teach");
    if (isHeldOut)
        lines << tr("** counted on the held-out rows, as there was no exam");
    return lines.join(u'\n');
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
    const auto *shown = view->shownOrNull() ? &view->shownOrNull()->report : nullptr;
    const auto marked = [&](const QString &text) {
        return view->kind() == core::ScoreKind::Exam             ? text
               : view->kind() == core::ScoreKind::CrossValidated ? text + QStringLiteral(" *")
                                                                 : text + QStringLiteral(" **");
    };
    switch (role) {
    case IsPickRole: return pick;
    case LowRole: return shown ? QVariant(shown->interval.low) : QVariant();
    case HighRole: return shown ? QVariant(shown->interval.high) : QVariant();
    case MiddleRole: return shown ? QVariant(shown->accuracy) : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setPixelSize(13);
        font.setWeight(pick ? QFont::DemiBold : QFont::Normal);
        return font;
    }
    case Qt::TextAlignmentRole: {
        const bool number = index.column() > Name && index.column() != Between && index.column() != Against;
        return QVariant::fromValue(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
    }
    case Qt::ToolTipRole:
        return index.column() == Star && pick
                   ? tr("Our pick: best on held-out or cross-validated rows. The exam did not take part in the choice.")
                   : data(index, Qt::DisplayRole);
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return checkpointText(name, m_session.runOrNull(name.run)->info) +
                   (!view->isThere                                                  ? tr(" (weights gone)")
                    : m_session.inUse() && m_session.inUse()->text() == name.text() ? tr(" (in use)")
                                                                                    : QString());
        case HeldOut: {
            if (!view->heldOut)
                return {};
            const QString share = heldOutText(*view->heldOut);
            return view->heldOut->crossValidated ? share + QStringLiteral(" *") : share;
        }
        case Exam:
            return shown && view->kind() == core::ScoreKind::Exam ? shareText(shown->correct, shown->rows) : QString();
        case Between: return shown ? marked(rangeText(*shown)) : QString();
        case MacroF1: {
            const auto standing = m_compared.find(name.text());
            return !shown ? QString()
                   : standing == m_compared.end()
                       ? marked(decimals(shown->macroF1))
                       : marked(tr("%1 (%2 to %3)")
                                    .arg(decimals(shown->macroF1), decimals(standing->second.macroF1.low),
                                         decimals(standing->second.macroF1.high)));
        }
        case Against: return against(name);
        case LogLoss: return shown ? marked(decimals(shown->logLoss)) : QString();
        case Honesty: return shown ? marked(percentText(shown->ece)) : QString();
        case TrainLoss: return name.isExam() ? QString() : decimals(view->info.trainLoss);
        case Took: {
            const auto seconds = figure(name, Took);
            return seconds ? durationText(*seconds) : QString();
        }
        case Size: {
            const auto size = figure(name, Size);
            return size ? sizeText(static_cast<qint64>(*size)) : QString();
        }
        default: return {};
        }
    default: return {};
    }
}

QVariant CheckpointTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical)
        return {};
    if (role == Qt::ToolTipRole && section == Honesty)
        return tr("How far the confidence is from how often it is right, on average (ECE)");
    if (role == Qt::ToolTipRole && section == Took)
        return tr("Of the whole training; of a teacher its exam");
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
                             tr("Against our pick"),
                             tr("Log-loss"),
                             tr("Confidence off by"),
                             tr("Train loss"),
                             tr("Training took"),
                             tr("Size")};
    return names[section];
}

}  // namespace ui
