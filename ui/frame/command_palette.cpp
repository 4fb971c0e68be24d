// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/command_palette.h"

#include "ui/widgets/build.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>

namespace ui {

CommandPalette::CommandPalette(const QList<QAction *> &actions, QWidget *parent) : QDialog(parent), m_actions(actions)
{
    setObjectName(QStringLiteral("commandPalette"));
    setWindowTitle(tr("All actions"));
    resize(520, 420);
    auto *column = makeLayout<QVBoxLayout>({16, 16, 16, 16}, 8);
    setLayout(column);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("paletteSearch"));
    m_search->setAccessibleName(tr("Search actions"));
    m_search->setPlaceholderText(tr("Type what you want to do"));
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("Actions"));
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_search, &QLineEdit::returnPressed, this, &CommandPalette::trigger);
    connect(m_list, &QListWidget::itemActivated, this, &CommandPalette::trigger);
    fill();
}

bool CommandPalette::eventFilter(QObject *object, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentRow(std::clamp(row, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(object, event);
}

void CommandPalette::fill()
{
    m_list->clear();
    for (qsizetype i = 0; i < m_actions.size(); ++i) {
        const QAction *action = m_actions[i];
        if (!action->text().contains(m_search->text(), Qt::CaseInsensitive))
            continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto *item =
            new QListWidgetItem(keys.isEmpty() ? action->text() : action->text() + QStringLiteral("    ") + keys);
        item->setData(Qt::UserRole, static_cast<int>(i));
        if (!action->isEnabled())
            item->setFlags(Qt::NoItemFlags);
        m_list->addItem(item);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::trigger()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item || !item->flags().testFlag(Qt::ItemIsEnabled))
        return;
    QAction *action = m_actions[item->data(Qt::UserRole).toInt()];
    accept();
    action->trigger();
}

}  // namespace ui
