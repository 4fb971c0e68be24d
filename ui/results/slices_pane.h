// SPDX-License-Identifier: Apache-2.0
// Kinds of texts that it does worse or better on.
#pragma once

#include "core/results/slices.h"
#include "ui/results/computed_pane.h"
#include "ui/theme/theme.h"

#include <QStandardItemModel>

class QLabel;
class QTableView;

namespace ui {

class SlicesPane final : public ComputedPane {
    Q_OBJECT
public:
    SlicesPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void rowsOpened(const std::vector<int64_t> &examples);

protected:
    void compute(const SharedResults &results) override;
    void fill() override;

private:
    Session &m_session;
    std::vector<core::Slice> m_slices;
    QStandardItemModel m_model;
    QLabel *m_note;
    QTableView *m_table;
};

}  // namespace ui
