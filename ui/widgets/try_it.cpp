// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/try_it.h"

#include "core/formats/blank_text.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QPlainTextEdit>
#include <algorithm>

namespace ui {

namespace {

constexpr int TypingPauseMs = 150;
/// Waiting is not mentioned before.
constexpr int NoticedMs = 300;

}  // namespace

TryIt::TryIt(const Theme &theme, Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_answerer(session)
{
    auto *column = makeLayout<QVBoxLayout>({}, 12);
    setLayout(column);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("tryItText"));
    m_text->setAccessibleName(tr("Text to try"));
    m_text->setPlaceholderText(tr("Type or paste a text"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(120);
    m_state = makeLabel({}, "caption", true);
    m_state->setObjectName(QStringLiteral("tryItState"));
    m_bars = new AnswerBars(theme);
    column->addWidget(m_text);
    column->addWidget(m_state);
    column->addWidget(m_bars);
    column->addStretch();
    m_soon.setSingleShot(true);
    m_soon.setInterval(TypingPauseMs);
    connect(&m_soon, &QTimer::timeout, this, &TryIt::ask);
    m_late.setSingleShot(true);
    m_late.setInterval(NoticedMs);
    connect(&m_late, &QTimer::timeout, this, [this] { m_state->setText(tr("The classifier is being loaded.")); });
    connect(m_text, &QPlainTextEdit::textChanged, &m_soon, qOverload<>(&QTimer::start));
    connect(&m_answerer, &Answerer::answered, this, &TryIt::show);
    connect(&m_answerer, &Answerer::failed, this, [this](const base::Error &error) {
        m_late.stop();
        m_state->setText(QString::fromStdString(error.message));
    });
    connect(&session, &Session::quickChanged, this, &TryIt::ask);
    connect(&session, &Session::runsChanged, this, [this, last = session.inUse()]() mutable {
        const auto now = m_session.inUse();
        const bool same = last.has_value() == now.has_value() && (!now || last->text() == now->text());
        last = now;
        if (!same)
            ask();
    });
    ask();
}

void TryIt::focusText()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
}

void TryIt::ask()
{
    if (!m_answerer.canAnswer()) {
        m_state->setText(tr("No classifier yet. Label three rows of two classes, and the first one trains by itself."));
        m_bars->setBars({});
        return;
    }
    const QString text = m_text->toPlainText();
    if (core::isBlankText(text.toStdString())) {
        m_late.stop();
        m_state->setText(text.isEmpty() ? QString() : tr("This text is empty: there is nothing to answer."));
        m_bars->setBars({});
        return;
    }
    m_answerer.ask(text);
    m_late.start();
}

void TryIt::show(const Answer &answer)
{
    m_late.stop();
    if (core::isBlankText(m_text->toPlainText().toStdString()))
        return;
    m_bars->setAnswer(m_session, answer.labels, answer.probabilities);
    m_state->setText(answer.asks ? tr("Answered by %1, which is too unsure here: a person is asked.").arg(answer.by)
                                 : tr("Answered by %1").arg(answer.by));
}

}  // namespace ui
