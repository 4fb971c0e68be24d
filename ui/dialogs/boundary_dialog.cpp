// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/boundary_dialog.h"

#include "ui/dialogs/dialog_buttons.h"
#include "ui/session/class_edits.h"
#include "ui/words.h"

#include <QListWidget>
#include <QPlainTextEdit>
#include <algorithm>

namespace ui {

namespace {

constexpr size_t MostRows = 12;
constexpr int DescriptionHeight = 110;
constexpr int RowsHeight = 170;

}  // namespace

BoundaryDialog::BoundaryDialog(const Session &session, const core::Finding &finding, QWidget *parent) : QDialog(parent)
{
    for (size_t i = 0; i < 2 && i < finding.classes.size(); ++i) {
        if (const core::Label *label = session.labelOrNull(finding.classes[i]))
            m_classes[i] = *label;
    }
    setObjectName(QStringLiteral("boundaryDialog"));
    setWindowTitle(tr("Tell %1 and %2 apart").arg(className(m_classes[0].name), className(m_classes[1].name)));
    setMinimumWidth(720);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 10);
    setLayout(column);
    column->addWidget(makeLabel(QString::fromStdString(finding.message), "strong", true));
    column->addWidget(makeLabel(QString::fromStdString(finding.fix), "muted", true));
    auto *sides = makeLayout<QHBoxLayout>({}, 16);
    for (size_t i = 0; i < 2; ++i) {
        auto *side = makeLayout<QVBoxLayout>({}, 4);
        auto *caption = makeLabel(tr("What belongs to %1").arg(className(m_classes[i].name)));
        m_descriptions[i] = new QPlainTextEdit(QString::fromStdString(m_classes[i].description));
        m_descriptions[i]->setObjectName(i == 0 ? QStringLiteral("boundaryFirst") : QStringLiteral("boundarySecond"));
        m_descriptions[i]->setAccessibleName(caption->text());
        m_descriptions[i]->setPlaceholderText(tr("One or two sentences, with what does not belong here"));
        m_descriptions[i]->setTabChangesFocus(true);
        m_descriptions[i]->setMinimumHeight(DescriptionHeight);
        caption->setBuddy(m_descriptions[i]);
        side->addWidget(caption);
        side->addWidget(m_descriptions[i]);
        sides->addLayout(side);
    }
    column->addLayout(sides);
    auto ids = finding.rows;
    ids.resize(std::min(ids.size(), MostRows));
    const auto rows = session.service().examples().read(ids);
    if (rows && !rows->empty()) {
        auto *caption = makeLabel(tr("Rows between the two"));
        auto *list = new QListWidget;
        list->setObjectName(QStringLiteral("boundaryRows"));
        list->setAccessibleName(caption->text());
        list->setMinimumHeight(RowsHeight);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        for (const core::Example &row : *rows) {
            const QString words = session.labelWords(core::labelsOf(row));
            const QString text = QString::fromStdString(row.text).simplified();
            auto *item = new QListWidgetItem(
                QStringLiteral("%1:  %2").arg(words.isEmpty() ? tr("No label") : words, text), list);
            item->setToolTip(tipText(text));
        }
        column->addWidget(caption);
        column->addWidget(list, 1);
    }
    addDialogButtons(*this, *column, tr("Save"), "boundaryAccept");
}

core::EditDraft BoundaryDialog::draft() const
{
    core::EditDraft draft{
        .title =
            tr("Tell %1 and %2 apart").arg(className(m_classes[0].name), className(m_classes[1].name)).toStdString()};
    for (size_t i = 0; i < 2; ++i) {
        const QString text = m_descriptions[i]->toPlainText().trimmed();
        if (text.toStdString() != m_classes[i].description)
            draft.labels.push_back(describeDraft(m_classes[i], text).labels.front());
    }
    return draft;
}

}  // namespace ui
