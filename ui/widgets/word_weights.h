// SPDX-License-Identifier: Apache-2.0
// A text whose words show how much they speak for an answer or against it.
#pragma once

#include "core/classify/explanation.h"
#include "ui/theme/theme.h"

#include <QLabel>

namespace ui {

/// Shows the plain text until it is told what its words weigh.
class WordWeights final : public QLabel {
    Q_OBJECT
public:
    explicit WordWeights(const Theme &theme, QWidget *parent = nullptr);

    void showText(const QString &text);
    /// `colour`: the class's, for words that speak for it; those against it are underlined.
    void showExplanation(const core::Explanation &explanation, qint64 colour);

private:
    void draw();

    const Theme &m_theme;
    core::Explanation m_explanation;
    qint64 m_colour = 0;
    bool m_isExplained = false;
};

/// "refund +1.9, card +0.8; against it: when -0.4": what the strongest words add, in log-odds. Empty where none do.
[[nodiscard]] QString decidingText(const core::Explanation &explanation);

}  // namespace ui
