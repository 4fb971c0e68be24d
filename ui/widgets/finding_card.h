// SPDX-License-Identifier: Apache-2.0
// One finding of the check: what, how many rows, show them, fix it.
#pragma once

#include "core/quality/audit.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace ui {

class FindingCard final : public QWidget {
    Q_OBJECT
public:
    /// What its second button does; None: there is no button, the sentence says what to do.
    enum class Fix {
        None,
        Remove,
        Mask,
        Unlabel,
        DeclareClass,
        Define,
        MergeClasses,
        MergeSpelling,
        DropLabel,
        TellApart,
        MakeExam
    };

    FindingCard(const Theme &theme, const core::Finding &finding, QWidget *parent = nullptr);

    [[nodiscard]] static Fix fixOf(const core::Finding &finding);

Q_SIGNALS:
    void showRowsClicked();
    void fixClicked();
    void ignoreClicked();
};

}  // namespace ui
