// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import/row_updates_dialog.h"

#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QHeaderView>
#include <QStandardItemModel>

namespace ui {

RowUpdatesDialog::RowUpdatesDialog(const Theme &theme, const std::vector<core::RowUpdate> &updates, qint64 updated,
                                   QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("rowUpdates"));
    setWindowTitle(tr("Rows that change"));
    resize(760, 440);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 12);
    setLayout(column);
    const auto shown = static_cast<qint64>(updates.size());
    column->addWidget(makeLabel(shown < updated
                                    ? tr("%1 change; the first %2 are shown.").arg(rowsText(updated), countText(shown))
                                    : tr("%1 change.").arg(rowsText(updated)),
                                "strong", true));
    auto *model = new QStandardItemModel(0, 3, this);
    model->setHorizontalHeaderLabels({tr("Text"), tr("As it is"), tr("As the file has it")});
    const auto cell = [](const std::string &text) {
        return new QStandardItem(QString::fromStdString(text).simplified());
    };
    for (const core::RowUpdate &update : updates)
        model->appendRow({cell(update.text), cell(update.before), cell(update.after)});
    auto *table = makeReadTable(theme, *model, "rowUpdatesTable", tr("Rows that change"));
    table->setColumnWidth(0, 340);
    table->setColumnWidth(1, 180);
    table->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(table, 1);
    auto *foot = makeLayout<QHBoxLayout>();
    auto *close = makeButton(tr("Close"), "rowUpdatesClose", "primary");
    close->setDefault(true);
    foot->addStretch();
    foot->addWidget(close);
    column->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

}  // namespace ui
