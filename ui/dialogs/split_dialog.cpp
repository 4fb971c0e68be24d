// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/split_dialog.h"

#include "ui/dialogs/dialog_buttons.h"
#include "ui/session/class_edits.h"
#include "ui/words.h"

#include <QLineEdit>
#include <algorithm>

namespace ui {

SplitDialog::SplitDialog(const Session &session, core::Label label, QWidget *parent)
    : QDialog(parent), m_session(session), m_label(std::move(label))
{
    setObjectName(QStringLiteral("splitDialog"));
    setWindowTitle(tr("Split %1").arg(className(m_label.name)));
    setMinimumWidth(460);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    const auto field = [&](const QString &text, const char *name) {
        auto *edit = new QLineEdit;
        edit->setObjectName(QLatin1String(name));
        edit->setAccessibleName(text);
        auto *caption = makeLabel(text);
        caption->setBuddy(edit);
        column->addWidget(caption);
        column->addWidget(edit);
        connect(edit, &QLineEdit::textChanged, this, &SplitDialog::count);
        return edit;
    };
    m_name = field(tr("Name of the new class"), "splitName");
    m_contains = field(tr("Its rows contain"), "splitContains");
    m_count = makeLabel({}, "muted", true);
    m_count->setObjectName(QStringLiteral("splitCount"));
    column->addWidget(m_count);
    column->addWidget(
        makeLabel(tr("To choose rows by hand instead, select them in the table and type the new name as their label."),
                  "caption", true));
    m_accept = addDialogButtons(*this, *column, tr("Split"), "splitAccept");
    count();
}

void SplitDialog::count()
{
    m_rows.clear();
    const QString contains = m_contains->text();
    if (!contains.isEmpty()) {
        if (auto rows = rowsToSplitOff(m_session, m_label, contains))
            m_rows = std::move(*rows);
    }
    const std::string name = m_name->text().trimmed().toStdString();
    const auto &labels = m_session.labels();
    const bool taken = std::any_of(labels.begin(), labels.end(), [&](const core::Label &l) { return l.name == name; });
    const qint64 all = m_session.countsOf(m_label.id).total();
    m_accept->setEnabled(!name.empty() && !taken && !m_rows.empty());
    m_count->setText(
        taken ? tr("There is a class of this name already.")
              : tr("%1 of %2 go to the new class.").arg(countText(static_cast<qint64>(m_rows.size())), rowsText(all)));
}

base::Result<core::EditDraft> SplitDialog::draft() const
{
    return splitDraft(m_session, m_label, m_name->text().trimmed(), m_rows);
}

}  // namespace ui
