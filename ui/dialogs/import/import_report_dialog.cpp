// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import/import_report_dialog.h"

#include "core/imports/import_report.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QAbstractTableModel>
#include <QHeaderView>

namespace ui {

namespace {

class RejectedModel final : public QAbstractTableModel {
public:
    RejectedModel(const std::vector<core::RejectedRow> &rows, QObject *parent)
        : QAbstractTableModel(parent), m_rows(rows)
    {
    }

    [[nodiscard]] int rowCount(const QModelIndex &parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : 3; }
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override
    {
        if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
            return {};
        const core::RejectedRow &row = m_rows[static_cast<size_t>(index.row())];
        const QString cells[] = {QString::fromStdString(row.file),
                                 row.row == 0 ? ImportReportDialog::tr("All of it") : QString::number(row.row),
                                 QString::fromStdString(row.reason)};
        const QString &text = cells[index.column()];
        return role == Qt::ToolTipRole ? text.toHtmlEscaped() : text;
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
            return {};
        return section == 0   ? ImportReportDialog::tr("File")
               : section == 1 ? ImportReportDialog::tr("Row")
                              : ImportReportDialog::tr("Why it was left out");
    }

private:
    const std::vector<core::RejectedRow> &m_rows;
};

}  // namespace

ImportReportDialog::ImportReportDialog(std::vector<core::RejectedRow> rejected, Dialogs &dialogs, QWidget *parent)
    : QDialog(parent), m_rejected(std::move(rejected)), m_dialogs(dialogs)
{
    setObjectName(QStringLiteral("importReport"));
    setWindowTitle(tr("Set aside"));
    resize(760, 440);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 12);
    setLayout(column);
    column->addWidget(makeLabel(tr("%1 set aside. The files themselves were not changed.")
                                    .arg(rowsText(static_cast<qint64>(m_rejected.size()))),
                                "strong", true));
    auto *table = new QTableView;
    setUpTable(*table, "importReportTable", tr("Rows that were set aside"));
    table->setModel(new RejectedModel(m_rejected, table));
    table->setColumnWidth(0, 190);
    table->setColumnWidth(1, 80);
    table->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(table, 1);
    auto *foot = makeLayout<QHBoxLayout>();
    m_saved = makeLabel({}, "caption");
    m_saved->setObjectName(QStringLiteral("importReportSaved"));
    auto *saveButton = makeButton(tr("Save..."), "saveImportReport");
    auto *close = makeButton(tr("Close"), "closeImportReport", "primary");
    close->setDefault(true);
    foot->addWidget(m_saved, 1);
    foot->addWidget(saveButton);
    foot->addWidget(close);
    column->addLayout(foot);
    connect(saveButton, &QPushButton::clicked, this, &ImportReportDialog::save);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

void ImportReportDialog::save()
{
    const QString to = m_dialogs.chooseSaveFile(this, tr("Save what was set aside"), tr("set aside.csv"));
    if (to.isEmpty())
        return;
    const auto written = core::writeImportReport(m_rejected, {}, toPath(to));
    m_saved->setText(written ? tr("Saved.") : QString::fromStdString(written.error().message));
}

}  // namespace ui
