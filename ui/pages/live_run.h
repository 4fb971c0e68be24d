// SPDX-License-Identifier: Apache-2.0
// One run, live or past: a sentence, score and loss over the passes, the passes as a table.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class LiveChart;

class LiveRun final : public QWidget {
    Q_OBJECT
public:
    LiveRun(const Theme &theme, Session &session, QWidget *parent = nullptr);
    void show(const RunView &run);

Q_SIGNALS:
    void stop();
    void resume();
    void discard();

private:
    [[nodiscard]] static QString sentenceOf(const RunView &run);
    void fillCharts(const RunView &run);
    void fillPasses(const RunView &run);

    const Theme &m_theme;
    Session &m_session;
    QLabel *m_sentence;
    QLabel *m_under;
    QPushButton *m_stop;
    QPushButton *m_resume;
    QPushButton *m_discard;
    LiveChart *m_score;
    LiveChart *m_loss;
    QTableView *m_passes;
    QStandardItemModel m_passRows;
    QLabel *m_facts;
};

}  // namespace ui
