// SPDX-License-Identifier: Apache-2.0
// What each threshold of a class would bring.
#pragma once

#include "ui/results/result_pane.h"
#include "ui/widgets/share_plot.h"

#include <QStandardItemModel>

class QButtonGroup;
class QTableView;

namespace ui {

class CurvesPane final : public ResultPane {
    Q_OBJECT
public:
    CurvesPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

    void showResults(const SharedResults &results) override;

Q_SIGNALS:
    void saveAsked(ui::SharePlot *plot);

protected:
    void showEvent(QShowEvent *event) override;

private:
    /// Sorting every class's answers takes a while: it is done once the pane is looked at.
    void compute();
    void fill();
    void draw();
    [[nodiscard]] const core::Curves &shown() const;

    const Theme &m_theme;
    Session &m_session;
    SharedResults m_results;
    SharedResults m_computed;  ///< that the curves are of
    core::CurveSet m_curves;
    bool m_computing = false;
    QStandardItemModel m_model;
    QTableView *m_table;
    QButtonGroup *m_kind;
    SharePlot *m_plot;
};

}  // namespace ui
