// SPDX-License-Identifier: Apache-2.0
// Two classes that are mixed up, side by side: what is said of each, and the rows between them.
#pragma once

#include "ui/session/session.h"

#include <QDialog>
#include <array>

class QPlainTextEdit;

namespace ui {

class BoundaryDialog final : public QDialog {
    Q_OBJECT
public:
    /// `finding` is about two classes of the session.
    BoundaryDialog(const Session &session, const core::Finding &finding, QWidget *parent);
    /// What to apply, once accepted; without changes where nothing was typed.
    [[nodiscard]] core::EditDraft draft() const;

private:
    std::array<core::Label, 2> m_classes;
    std::array<QPlainTextEdit *, 2> m_descriptions{};
};

}  // namespace ui
