// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/find_dialog.h"

#include "ui/dialogs/dialog_buttons.h"
#include "ui/session/start_work.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>

using base::Result;

namespace ui {

namespace {

constexpr int TypingPauseMs = 200;

}  // namespace

FindDialog::FindDialog(Session &session, std::vector<int64_t> selected, std::vector<int64_t> shown, QWidget *parent)
    : QDialog(parent), m_session(session), m_rows{std::move(selected), std::move(shown)}
{
    setObjectName(QStringLiteral("findDialog"));
    setWindowTitle(tr("Find and replace"));
    setMinimumWidth(520);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 12);
    setLayout(column);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(12);
    column->addLayout(grid);
    const auto field = [&](const QString &text, const char *name, QWidget *edit) {
        auto *label = makeLabel(text);
        label->setBuddy(edit);
        edit->setObjectName(QLatin1String(name));
        edit->setAccessibleName(text);
        const int row = grid->rowCount();
        grid->addWidget(label, row, 0);
        grid->addWidget(edit, row, 1);
    };
    m_find = new QLineEdit;
    m_replace = new QLineEdit;
    m_where = new QComboBox;
    m_where->addItem(tr("the chosen rows (%1)").arg(countText(static_cast<qint64>(m_rows[0].size()))));
    m_where->addItem(tr("all rows shown (%1)").arg(countText(static_cast<qint64>(m_rows[1].size()))));
    m_where->setCurrentIndex(m_rows[0].size() > 1 ? 0 : 1);
    field(tr("Find"), "findText", m_find);
    field(tr("Replace by"), "replaceText", m_replace);
    field(tr("In"), "findWhere", m_where);
    m_case = new QCheckBox(tr("Capitals count"));
    m_case->setObjectName(QStringLiteral("findCase"));
    m_regex = new QCheckBox(tr("Regular expression"));
    m_regex->setObjectName(QStringLiteral("findRegex"));
    m_regex->setToolTip(
        tr("For example: order \\d+ finds every order number; \\1 in the replacement is the first group."));
    auto *checks = makeLayout<QHBoxLayout>({}, 16);
    checks->addWidget(m_case);
    checks->addWidget(m_regex);
    checks->addStretch();
    grid->addLayout(checks, grid->rowCount(), 1);
    m_count = makeLabel({}, "muted", true);
    m_count->setObjectName(QStringLiteral("findCount"));
    m_count->setMinimumHeight(36);
    m_count->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_count);
    m_accept = addDialogButtons(*this, *column, tr("Replace"), "replaceAll");
    m_typing.setSingleShot(true);
    m_typing.setInterval(TypingPauseMs);
    connect(&m_typing, &QTimer::timeout, this, &FindDialog::count);
    const auto changed = [this] {
        m_accept->setEnabled(false);
        m_typing.start();
    };
    connect(m_find, &QLineEdit::textChanged, this, changed);
    connect(m_replace, &QLineEdit::textChanged, this, changed);
    connect(m_where, &QComboBox::currentIndexChanged, this, changed);
    connect(m_case, &QCheckBox::toggled, this, changed);
    connect(m_regex, &QCheckBox::toggled, this, changed);
    show(core::Replacements{});
}

core::FindReplace FindDialog::what() const
{
    return {m_find->text().toStdString(), m_replace->text().toStdString(), m_regex->isChecked(), m_case->isChecked()};
}

void FindDialog::count()
{
    if (m_job) {
        m_job->disconnect(this);
        m_job->cancel();
    }
    m_job = startWork<core::Replacements>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), rows = m_rows[m_where->currentIndex()],
         what = what()](const base::WorkContext &context) -> Result<core::Replacements> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::findReplacements(service, rows, what, context);
        },
        [this](const Result<core::Replacements> &found) {
            m_job = nullptr;
            show(found);
        });
}

void FindDialog::show(const Result<core::Replacements> &found)
{
    m_found = found ? *found : core::Replacements{};
    const auto rows = static_cast<qint64>(m_found.changes.size());
    m_accept->setEnabled(rows > 0);
    m_accept->setText(rows > 0 ? tr("Replace in %1").arg(rowsText(rows)) : tr("Replace"));
    m_accept->setAccessibleName(m_accept->text());
    if (!found)
        m_count->setText(QString::fromStdString(found.error().message));
    else if (m_find->text().isEmpty())
        m_count->setText(tr("Nothing is changed before you press Replace, and undo takes it back."));
    else
        m_count->setText(rows == 0
                             ? tr("Not found.")
                             : tr("%1 in %2.").arg(plural(m_found.places, tr("place"), tr("places")), rowsText(rows)));
}

core::EditDraft FindDialog::draft() const
{
    return {.title = tr("Replace \"%1\" in %2")
                         .arg(m_find->text().left(40), rowsText(static_cast<qint64>(m_found.changes.size())))
                         .toStdString(),
            .changes = m_found.changes};
}

}  // namespace ui
