// SPDX-License-Identifier: Apache-2.0
// How often it is right, and where it is not.
#pragma once

#include "ui/models/checkpoint_table_model.h"
#include "ui/models/confusion_model.h"
#include "ui/models/prediction_table_model.h"
#include "ui/pages/page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/answer_bars.h"

#include <QStandardItemModel>

class QButtonGroup;
class QLabel;
class QStackedWidget;
class QTabBar;
class QTableView;

namespace ui {

class ResultsPage final : public Page {
    Q_OBJECT
public:
    ResultsPage(const Theme &theme, Session &session, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Results"); }
    [[nodiscard]] QString sentence() const override { return tr("How often it is right, and where it is not."); }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;
    void activated() override;
    [[nodiscard]] QJsonObject state() const override;
    void restore(const QJsonObject &state) override;

Q_SIGNALS:
    void showExample(qint64 id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *buildTop();
    [[nodiscard]] QWidget *buildCheckpoints();
    [[nodiscard]] QWidget *buildTabs();
    [[nodiscard]] QWidget *buildRows();
    [[nodiscard]] QWidget *buildConfusions();
    [[nodiscard]] QWidget *buildPerClass();
    void refresh();
    void showState();
    void showCheckpoint();
    void showFilter(PredictionTableModel::Filter filter);
    void showPrediction(int row);
    void fillPerClass(const core::StoredReport &report);
    [[nodiscard]] QString verdict(const core::StoredReport &report) const;
    [[nodiscard]] std::optional<core::CheckpointName> shown() const;

    const Theme &m_theme;
    Session &m_session;
    CheckpointTableModel m_checkpoints;
    PredictionTableModel m_predictions;
    ConfusionModel m_confusion;
    QStandardItemModel m_perClass;
    QStackedWidget *m_all;
    QLabel *m_verdict;
    QLabel *m_reason;
    QTableView *m_checkpointTable;
    QLabel *m_note;
    QTabBar *m_tabs;
    QStackedWidget *m_tabPages;
    QButtonGroup *m_filters;
    QTableView *m_rows;
    QWidget *m_rowPanel;
    QLabel *m_rowText;
    AnswerBars *m_bars;
    QTableView *m_matrix;
    QTableView *m_classTable;
    std::string m_shownName;
    std::string m_state;  ///< of all runs when they were last read
};

}  // namespace ui
