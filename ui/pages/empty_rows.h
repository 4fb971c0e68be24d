// SPDX-License-Identifier: Apache-2.0
// In place of the table where there are no rows: what belongs here, and how it comes in.
#pragma once

#include "core/store/example_store.h"
#include "ui/widgets/empty_state.h"

namespace ui {

class EmptyRows final : public EmptyState {
    Q_OBJECT
public:
    explicit EmptyRows(const Theme &theme, QWidget *parent = nullptr);
    /// In a service without any rows, or where only this split has none.
    void describe(bool isServiceEmpty, core::Split split);
    void focusImport();

Q_SIGNALS:
    void importAsked();
    void pasteAsked();
    void typeAsked();

private:
    QPushButton *m_import;
};

}  // namespace ui
