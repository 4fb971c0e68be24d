// SPDX-License-Identifier: Apache-2.0
#include "ui/results/slices_pane.h"

#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>

using base::Result;

namespace ui {

namespace {

constexpr int ValueRole = Qt::UserRole;
constexpr int NumberRole = Qt::UserRole + 1;

QString kindText(const std::string &by)
{
    return by == "length"     ? SlicesPane::tr("Length")
           : by == "language" ? SlicesPane::tr("Language")
           : by == "filter"   ? SlicesPane::tr("Saved filter")
                              : SlicesPane::tr("Source");
}

QStandardItem *makeItem(const QString &text, const QVariant &value, Qt::Alignment side = Qt::AlignRight)
{
    auto *item = new QStandardItem(text);
    item->setData(value, ValueRole);
    item->setTextAlignment(Qt::AlignVCenter | side);
    return item;
}

}  // namespace

SlicesPane::SlicesPane(const Theme &theme, Session &session, QWidget *parent) : ComputedPane(parent), m_session(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    m_note = makeLabel({}, "muted", true);
    m_note->setContentsMargins(24, 8, 24, 8);
    column->addWidget(m_note);
    m_model.setSortRole(ValueRole);
    m_table = makeReadTable(theme, m_model, "sliceTable", tr("Kinds of texts"), true);
    column->addWidget(m_table, 1);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &cell) {
        const int number = m_model.index(cell.row(), 0).data(NumberRole).toInt();
        Q_EMIT rowsOpened(m_slices[static_cast<size_t>(number)].examples);
    });
    connect(m_table, &QTableView::doubleClicked, m_table, &QTableView::activated);
}

void SlicesPane::compute(const SharedResults &results)
{
    startWork<std::vector<core::Slice>>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), results](const base::WorkContext &) -> Result<std::vector<core::Slice>> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::slicesOf(service, results->shown);
        },
        [this, results](Result<std::vector<core::Slice>> made) {
            m_slices = made ? std::move(*made) : std::vector<core::Slice>();
            finished(results);
        });
}

void SlicesPane::fill()
{
    m_model.clear();
    m_model.setHorizontalHeaderLabels(
        {tr("Kind"), tr("Texts"), tr("Rows"), tr("Right"), tr("Between"), tr("Beside the others")});
    for (const int column : {2, 3})
        m_model.horizontalHeaderItem(column)->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    m_note->setText(m_slices.empty()
                        ? tr("The texts are all of one length, language and source, or there are too few to say. A "
                             "filter that you save in Data becomes a kind, too.")
                        : tr("Kinds of texts, each beside all the others. Open one to see its rows. A filter that "
                             "you save in Data becomes a kind, too."));
    const double all = results()->report.accuracy;
    for (size_t i = 0; i < m_slices.size(); ++i) {
        const core::Slice &slice = m_slices[i];
        const bool isReal = slice.isRealDifference();
        const QString verdict = !isReal               ? tr("no real difference")
                                : slice.share() < all ? tr("worse (%1)").arg(chanceText(slice.pValue))
                                                      : tr("better (%1)").arg(chanceText(slice.pValue));
        const QString name = QString::fromStdString(slice.name);
        auto *kind = makeItem(kindText(slice.by), static_cast<int>(i), Qt::AlignLeft);
        kind->setData(static_cast<int>(i), NumberRole);
        m_model.appendRow(
            {kind, makeItem(name, static_cast<int>(i), Qt::AlignLeft),
             makeItem(countText(slice.rows()), static_cast<qlonglong>(slice.rows())),
             makeItem(percentText(slice.share()), slice.share()),
             makeItem(tr("%1 to %2").arg(percentText(slice.interval.low), percentText(slice.interval.high)),
                      slice.interval.low, Qt::AlignLeft),
             makeItem(verdict, slice.pValue, Qt::AlignLeft)});
    }
    const int widths[] = {120, 260, 100, 80, 140, 220};
    for (int column = 0; column < m_model.columnCount(); ++column)
        m_table->setColumnWidth(column, widths[column]);
}

}  // namespace ui
