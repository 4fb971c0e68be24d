// SPDX-License-Identifier: Apache-2.0
// What each mistake costs: a row a class that was expected, a column a class that was answered.
#pragma once

#include "core/results/cost_table.h"

#include <QDialog>

class QTableWidget;

namespace ui {

class CostsDialog final : public QDialog {
    Q_OBJECT
public:
    CostsDialog(core::CostTable costs, std::vector<std::string> labels, QWidget *parent = nullptr);

    /// With what was typed; an empty cell costs what any mistake does.
    [[nodiscard]] core::CostTable costs() const;

private:
    core::CostTable m_costs;
    std::vector<std::string> m_labels;
    QTableWidget *m_table;
};

}  // namespace ui
