// SPDX-License-Identifier: Apache-2.0
// Offers to keep a part of Train for the exam, where there is none.
#pragma once

#include "ui/session/session.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace ui {

/// Says what it will do, and does it. Hidden where there is an exam, or nothing that could become one.
class ExamOffer final : public QWidget {
    Q_OBJECT
public:
    explicit ExamOffer(Session &session, QWidget *parent = nullptr);

private:
    void refresh();

    Session &m_session;
    QLabel *m_words;
    QPushButton *m_make;
};

}  // namespace ui
