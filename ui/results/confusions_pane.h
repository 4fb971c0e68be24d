// SPDX-License-Identifier: Apache-2.0
// Which classes are taken for which.
#pragma once

#include "core/results/class_order.h"
#include "ui/models/confusion_model.h"
#include "ui/results/result_pane.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>

class QCheckBox;
class QTableView;

namespace ui {

class ConfusionsPane final : public ResultPane {
    Q_OBJECT
public:
    explicit ConfusionsPane(const Theme &theme, QWidget *parent = nullptr);

    void showResults(const SharedResults &results) override;

Q_SIGNALS:
    void cellOpened(int expected, int answer);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *buildMatrix();
    [[nodiscard]] QWidget *buildPairs();
    void fill();

    const Theme &m_theme;
    SharedResults m_results;
    ConfusionModel m_model;
    QStandardItemModel m_pairModel;
    std::vector<core::ConfusedPair> m_pairs;
    QTableView *m_matrix;
    QCheckBox *m_shares;
    QCheckBox *m_together;
    QWidget *m_pairPane;
};

}  // namespace ui
