// SPDX-License-Identifier: Apache-2.0
// What each threshold of a class would bring.
#pragma once

#include "ui/results/computed_pane.h"
#include "ui/widgets/share_plot.h"

#include <QStandardItemModel>

class QButtonGroup;
class QTableView;

namespace ui {

class CurvesPane final : public ComputedPane {
    Q_OBJECT
public:
    CurvesPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void saveAsked(ui::SharePlot *plot);

protected:
    void compute(const SharedResults &results) override;
    void fill() override;

private:
    void draw();
    [[nodiscard]] const core::Curves &shown() const;

    const Theme &m_theme;
    Session &m_session;
    core::CurveSet m_curves;
    QStandardItemModel m_model;
    QTableView *m_table;
    QButtonGroup *m_kind;
    SharePlot *m_plot;
};

}  // namespace ui
