// SPDX-License-Identifier: Apache-2.0
// How each class fares.
#pragma once

#include "ui/results/result_pane.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>

class QLabel;
class QTableView;

namespace ui {

class ClassesPane final : public ResultPane {
    Q_OBJECT
public:
    explicit ClassesPane(const Theme &theme, QWidget *parent = nullptr);

    void showResults(const SharedResults &results) override;

Q_SIGNALS:
    void classOpened(int label);

private:
    QStandardItemModel m_model;
    QTableView *m_table;
    QLabel *m_summary;
};

}  // namespace ui
