// SPDX-License-Identifier: Apache-2.0
// How honest the confidence is, and from which on an answer may stand without a person.
#pragma once

#include "core/engine/eval/coverage.h"
#include "core/results/cost_table.h"
#include "ui/results/result_pane.h"
#include "ui/widgets/dialogs.h"
#include "ui/widgets/share_plot.h"

class QCheckBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSlider;

namespace ui {

class ConfidencePane final : public ResultPane {
    Q_OBJECT
public:
    ConfidencePane(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    void showResults(const SharedResults &results) override;
    /// Sets the limit so that this share (0..1) of the answers is right.
    void setTarget(double rightShare);
    [[nodiscard]] const engine::AskRule &rule() const { return m_rule; }

Q_SIGNALS:
    void saveAsked(ui::SharePlot *plot);
    /// Answers of this checkpoint are to be given with the limit that is set, wherever it answers.
    void useAsked(const engine::AskRule &rule, const std::vector<std::string> &labels);

private:
    [[nodiscard]] QWidget *buildControls();
    [[nodiscard]] QWidget *buildPlots();
    void setRule(engine::AskRule rule);
    void setByTarget();
    void setByCosts();
    void readCosts();
    void keepCosts();
    void editCosts();
    void say();
    void sayInUse();
    void drawCoverage();
    void drawHonesty();
    [[nodiscard]] engine::Costs costs() const { return m_costs.of(m_results->shown.labels); }
    /// What thresholds are set by: never the exam's.
    [[nodiscard]] const std::vector<engine::Verdict> &heldOut() const { return m_results->heldOut.verdicts; }

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    core::CostTable m_costs;
    SharedResults m_results;
    engine::AskRule m_rule;
    QLabel *m_verdict;
    QLabel *m_range;
    QSlider *m_slider;
    QLabel *m_threshold;
    QDoubleSpinBox *m_target;
    QCheckBox *m_perClass;
    QDoubleSpinBox *m_wrongCost;
    QDoubleSpinBox *m_askCost;
    QPushButton *m_pairCosts;
    QLabel *m_cost;
    QLabel *m_inUse;
    QPushButton *m_use;
    QLabel *m_by;
    QWidget *m_setters;
    QLabel *m_honesty;
    SharePlot *m_coverage;
    SharePlot *m_reliability;
};

}  // namespace ui
