// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import/label_meaning_dialog.h"

#include "ui/dialogs/dialog_buttons.h"
#include "ui/words.h"

#include <QComboBox>
#include <QGridLayout>

namespace ui {

LabelMeaningDialog::LabelMeaningDialog(const StrangeLabels &labels, const std::vector<std::string> &classes,
                                       const std::map<std::string, std::string> &meaning, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("labelMeaning"));
    setWindowTitle(tr("Labels that are no class"));
    resize(560, 440);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    column->addWidget(makeLabel(tr("Choose the class for which a label of the file stands."), nullptr, true));
    auto *content = makePane("surface");
    auto *grid = makeLayout<QGridLayout>({0, 8, 8, 0}, 8);
    content->setLayout(grid);
    grid->setColumnStretch(0, 1);
    int row = 0;
    for (const auto &[label, rows] : labels.rows) {
        auto *name = makeLabel(className(label));
        name->setToolTip(tipText(QString::fromStdString(label)));
        auto *choice = new QComboBox;
        choice->setObjectName(QStringLiteral("meaningOf ") + QString::fromStdString(label));
        choice->setAccessibleName(tr("Class of the label %1").arg(className(label)));
        choice->addItem(labels.unclear.contains(label) ? tr("Leave its rows out") : tr("Take it as it is"), QString());
        for (const std::string &one : classes)
            choice->addItem(className(one), QString::fromStdString(one));
        const auto said = meaning.find(label);
        const QString suggested = QString::fromStdString(said != meaning.end() ? said->second : label);
        choice->setCurrentIndex(std::max(0, choice->findData(suggested, Qt::UserRole, Qt::MatchFixedString)));
        choice->setMinimumWidth(200);
        name->setBuddy(choice);
        grid->addWidget(name, row, 0);
        grid->addWidget(makeLabel(rowsText(rows), "muted"), row, 1);
        grid->addWidget(choice, row, 2);
        m_choices[label] = choice;
        ++row;
    }
    grid->setRowStretch(row, 1);
    column->addWidget(makeScroll(content), 1);
    addDialogButtons(*this, *column, tr("Use these classes"), "labelMeaningAccept");
}

std::map<std::string, std::string> LabelMeaningDialog::meaning() const
{
    std::map<std::string, std::string> meaning;
    for (const auto &[label, choice] : m_choices) {
        if (const QString chosen = choice->currentData().toString(); !chosen.isEmpty())
            meaning[label] = chosen.toStdString();
    }
    return meaning;
}

}  // namespace ui
