// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/prompt_dialog.h"

#include "core/teacher/label_prompt.h"
#include "ui/dialogs/dialog_buttons.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace ui {

PromptDialog::PromptDialog(const core::Service &service, core::PromptVersions versions, std::string row,
                           QWidget *parent)
    : QDialog(parent), m_service(service), m_versions(std::move(versions)), m_row(std::move(row)),
      m_current(m_versions.chosen())
{
    setObjectName(QStringLiteral("promptDialog"));
    setWindowTitle(tr("What the teacher is told"));
    resize(960, 640);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 10);
    setLayout(column);
    column->addWidget(
        makeLabel(tr("{{task}} stands for what should be decided, {{classes}} for your classes with their "
                     "descriptions, {{form}} for how to answer. The text of a row follows by itself, "
                     "marked as data. Up to three versions can be examined side by side."),
                  "muted", true));
    auto *bar = makeLayout<QHBoxLayout>();
    m_version = new QComboBox;
    m_version->setObjectName(QStringLiteral("promptVersion"));
    m_version->setAccessibleName(tr("Version"));
    m_version->setMinimumWidth(180);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("promptName"));
    m_name->setAccessibleName(tr("Name of the version"));
    m_name->setMaximumWidth(180);
    m_add = makeButton(tr("New version"), "addPrompt", "small");
    m_remove = makeButton(tr("Remove"), "removePrompt", "small");
    auto *restore = makeButton(tr("Restore the default"), "restorePrompt", "small");
    bar->addWidget(m_version);
    bar->addWidget(m_name);
    bar->addWidget(m_add);
    bar->addWidget(m_remove);
    bar->addStretch();
    bar->addWidget(restore);
    column->addLayout(bar);
    auto *texts = makeLayout<QHBoxLayout>({}, 12);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("promptText"));
    m_text->setAccessibleName(tr("Text of the prompt"));
    m_preview = new QPlainTextEdit;
    m_preview->setObjectName(QStringLiteral("promptPreview"));
    m_preview->setAccessibleName(tr("What is asked about a row of yours"));
    m_preview->setReadOnly(true);
    for (auto [caption, edit] : {std::pair(tr("Prompt"), m_text), std::pair(m_preview->accessibleName(), m_preview)}) {
        auto *part = makeLayout<QVBoxLayout>({}, 4);
        part->addWidget(makeLabel(caption, "caption"));
        part->addWidget(edit, 1);
        texts->addLayout(part, 1);
    }
    column->addLayout(texts, 1);
    m_problem = makeLabel({}, "danger", true);
    m_problem->setObjectName(QStringLiteral("promptProblem"));
    column->addWidget(m_problem);
    m_accept = addDialogButtons(*this, *column, tr("Use this version"), "promptAccept");
    connect(m_version, &QComboBox::activated, this, [this](int index) {
        m_current = static_cast<size_t>(index);
        fill();
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, &PromptDialog::take);
    connect(m_name, &QLineEdit::textEdited, this, &PromptDialog::take);
    connect(restore, &QPushButton::clicked, this,
            [this] { m_text->setPlainText(QString::fromStdString(core::defaultLabelPrompt())); });
    connect(m_add, &QPushButton::clicked, this, [this] {
        const std::string text = m_versions.versions()[m_current].text;
        size_t number = m_versions.versions().size() + 1;
        while (m_versions.find("version " + std::to_string(number)))
            ++number;
        if (m_versions.set(m_versions.versions().size(), {"version " + std::to_string(number), text}))
            m_current = m_versions.versions().size() - 1;
        fill();
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_versions.remove(m_current);
        m_current = 0;
        fill();
    });
    fill();
}

void PromptDialog::fill()
{
    m_isFilling = true;
    const auto &all = m_versions.versions();
    m_version->clear();
    for (const core::PromptVersion &version : all)
        m_version->addItem(QString::fromStdString(version.name));
    m_version->setCurrentIndex(static_cast<int>(m_current));
    m_name->setText(QString::fromStdString(all[m_current].name));
    m_text->setPlainText(QString::fromStdString(all[m_current].text));
    m_add->setEnabled(all.size() < core::PromptVersions::Most);
    m_remove->setEnabled(all.size() > 1);
    m_isFilling = false;
    m_versions.choose(m_current);
    take();
}

/// What would not do is said and not taken.
void PromptDialog::take()
{
    if (m_isFilling)
        return;
    const auto set =
        m_versions.set(m_current, {m_name->text().trimmed().toStdString(), m_text->toPlainText().toStdString()});
    m_problem->setText(set ? QString() : QString::fromStdString(set.error().message));
    m_accept->setEnabled(set.has_value());
    m_version->setEnabled(set.has_value());
    if (!set)
        return;
    m_version->setItemText(static_cast<int>(m_current), m_name->text().trimmed());
    preview();
}

void PromptDialog::preview()
{
    const auto prompt = core::LabelPrompt::of(m_service, m_versions.versions()[m_current].text);
    if (!prompt)
        return m_preview->setPlainText(QString::fromStdString(prompt.error().message));
    const auto question = prompt->question(0, m_row, {});
    m_preview->setPlainText(QString::fromStdString(question.chat.system + "\n\n" + question.chat.turns.back().text));
}

}  // namespace ui
