// SPDX-License-Identifier: Apache-2.0
// Figures that the user defines, with their scores and an editor.
#pragma once

#include "core/results/custom_metric.h"
#include "ui/results/computed_pane.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace ui {

class MetricsPane final : public ComputedPane {
    Q_OBJECT
public:
    MetricsPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void rowsOpened(const std::vector<int64_t> &examples);

protected:
    void compute(const SharedResults &results) override;
    void fill() override;

private:
    struct Outcome {
        core::CustomMetric metric;
        base::Result<core::MetricScore> score;
        core::MetricFailure failed;
    };
    /// Of any thread.
    [[nodiscard]] static Outcome outcomeOf(const core::CustomMetric &metric, const core::Service &service,
                                           const core::CheckpointResults &results, const base::WorkContext &context);
    [[nodiscard]] QWidget *buildEditor();
    void show(const core::CustomMetric &metric);
    void tryIt();
    void say(const Outcome &outcome);
    void keep();
    void forget();

    const Theme &m_theme;
    Session &m_session;
    std::vector<Outcome> m_outcomes;  ///< of what the service keeps, for results()
    QStandardItemModel m_model;
    QTableView *m_table;
    QLabel *m_empty;
    QComboBox *m_ready;
    QLineEdit *m_name;
    QPlainTextEdit *m_code;
    QPushButton *m_try, *m_keep, *m_forget;
    QLabel *m_said;
    QPushButton *m_openRow;
    int64_t m_failedRow = 0;
    bool m_isTrying = false;
};

}  // namespace ui
