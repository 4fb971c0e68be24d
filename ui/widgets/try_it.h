// SPDX-License-Identifier: Apache-2.0
// Type a text, see the answer at once.
#pragma once

#include "ui/session/answerer.h"
#include "ui/widgets/answer_bars.h"

#include <QTimer>

class QLabel;
class QPlainTextEdit;

namespace ui {

class TryIt final : public QWidget {
    Q_OBJECT
public:
    TryIt(const Theme &theme, Session &session, QWidget *parent = nullptr);
    void focusText();

private:
    void ask();
    void show(const Answer &answer);

    Session &m_session;
    Answerer m_answerer;
    QTimer m_soon;
    QTimer m_late;  ///< the answer lets wait
    QPlainTextEdit *m_text;
    QLabel *m_state;
    AnswerBars *m_bars;
};

}  // namespace ui
