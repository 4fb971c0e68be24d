// SPDX-License-Identifier: Apache-2.0
// How often it is right, and where it is not.
#pragma once

#include "ui/models/checkpoint_table_model.h"
#include "ui/pages/page.h"
#include "ui/results/confidence_pane.h"
#include "ui/results/next_pane.h"
#include "ui/results/rows_pane.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/share_plot.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace ui {

class ResultsPage final : public Page {
    Q_OBJECT
public:
    ResultsPage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Results"); }
    [[nodiscard]] QString sentence() const override { return tr("How often it is right, and where it is not."); }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;
    void activated() override;
    [[nodiscard]] QJsonObject state() const override;
    void restore(const QJsonObject &state) override;

Q_SIGNALS:
    void showRows(const std::vector<int64_t> &rows);
    void trainFrom(const QString &checkpoint);

private:
    [[nodiscard]] QWidget *buildTop();
    [[nodiscard]] QWidget *buildCheckpoints();
    [[nodiscard]] QWidget *buildTabs();
    void refresh();
    void readAgain();
    void showState();
    void fillRuns();
    void showCheckpoint();
    void showResults(const SharedResults &results);
    void useLimit(const engine::AskRule &rule, const std::vector<std::string> &labels);
    void follow(const core::Advice &advice);
    void saveChart(SharePlot *plot);
    void saveReport();
    void sayWhy(const core::CheckpointName &name, core::ScoreKind kind);
    [[nodiscard]] std::optional<core::CheckpointName> shown() const;

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    CheckpointTableModel m_checkpoints;
    ResultsReader m_reader;
    AgainstReader m_against;
    RowsPane *m_rows;
    ConfidencePane *m_confidence;
    std::vector<ResultPane *> m_panes;  ///< in the order of the tabs
    QStackedWidget *m_all;
    QLabel *m_verdict;
    QLabel *m_reason;
    QTableView *m_checkpointTable;
    QLabel *m_note;
    QComboBox *m_runs;  ///< whose checkpoints are shown
    QTabBar *m_tabs;
    QStackedWidget *m_tabPages;
    QLabel *m_reading;  ///< instead of the tabs' pages while answers are read
    QTimer m_slow;
    bool m_isRead = false;  ///< the pages show the chosen checkpoint
    bool m_hasExam = false;
    std::string m_shownName;
    std::string m_state;  ///< of all runs when they were last read
};

}  // namespace ui
