// SPDX-License-Identifier: Apache-2.0
// One run, live or past: a sentence, its score and what it recorded at its steps, other runs beside it, and the rest in
// tabs.
#pragma once

#include "core/results/run_history.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;

namespace ui {

class LiveChart;
class RunTabs;

class LiveRun final : public QWidget {
    Q_OBJECT
public:
    LiveRun(const Theme &theme, Session &session, QWidget *parent = nullptr);
    void show(const RunView &run);

Q_SIGNALS:
    void stop();
    void resume();
    void discard();
    void saveChartAsked(ui::LiveChart *chart);
    void saveFiguresAsked(const QString &name, const std::string &csv);

private:
    [[nodiscard]] static QString sentenceOf(const RunView &run);
    void fillBeside(const RunView &run);
    void fillScore(const RunView &run);
    void fillSteps();
    [[nodiscard]] QString timeLeft(const RunView &run) const;

    const Theme &m_theme;
    Session &m_session;
    QLabel *m_sentence;
    QLabel *m_under;
    QPushButton *m_stop;
    QPushButton *m_resume;
    QPushButton *m_discard;
    LiveChart *m_score;
    LiveChart *m_steps;
    QComboBox *m_figure;  ///< what the second chart shows
    QPushButton *m_beside;
    QMenu *m_besideMenu;
    QStringList m_besideRuns;  ///< that are shown beside the run
    RunTabs *m_tabs;
    std::string m_run;
    core::RunHistory m_history;
    QLabel *m_facts;
};

}  // namespace ui
