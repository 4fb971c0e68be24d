// SPDX-License-Identifier: Apache-2.0
// Runs at the left; a new training or the live view of a run at the right.
#pragma once

#include "ui/dialogs/dialogs.h"
#include "ui/pages/page.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QListWidget;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QStackedWidget;
class QTableView;

namespace ui {

class LiveChart;

class TrainingPage final : public Page {
    Q_OBJECT
public:
    TrainingPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Training"); }
    [[nodiscard]] QString sentence() const override { return tr("Your classifier learns here, on this machine."); }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;
    void activated() override;

private:
    [[nodiscard]] QWidget *buildRuns();
    [[nodiscard]] QWidget *buildForm();
    [[nodiscard]] QWidget *buildAdvanced();
    [[nodiscard]] QWidget *buildLive();
    void refresh();
    void showRun();
    void showForm();
    void estimate();
    void start();
    void resume();
    void discard();
    [[nodiscard]] const RunView *shownOrNull() const;
    [[nodiscard]] QString blockedBy() const;  ///< empty: training can begin
    [[nodiscard]] QString liveSentence(const RunView &run) const;
    void fillCharts(const RunView &run);
    void fillPasses(const RunView &run);

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    std::string m_shown;
    bool m_followNewest = false;
    QListWidget *m_runs;
    QStackedWidget *m_right;
    // the form
    QComboBox *m_base;
    QRadioButton *m_quick;
    QRadioButton *m_finetune;
    QWidget *m_advanced;
    QSpinBox *m_epochs;
    QSpinBox *m_batch;
    QSpinBox *m_length;
    QSpinBox *m_seed;
    QDoubleSpinBox *m_rate;
    QLabel *m_estimate;
    QLabel *m_blocked;
    QPushButton *m_showBlocked;
    QPushButton *m_start;
    // the run
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
