// SPDX-License-Identifier: Apache-2.0
// What could be done next: at most three cards, each with what it promises and a button that goes there.
#pragma once

#include "core/results/advice.h"
#include "ui/results/result_pane.h"
#include "ui/theme/theme.h"

class QVBoxLayout;

namespace ui {

class NextPane final : public ResultPane {
    Q_OBJECT
public:
    NextPane(const Theme &theme, Session &session, QWidget *parent = nullptr);

    void showResults(const SharedResults &results) override;

Q_SIGNALS:
    void chosen(const core::Advice &advice);
    void failed(const base::Error &error);

private:
    [[nodiscard]] QWidget *makeCard(const core::Advice &advice);

    const Theme &m_theme;
    Session &m_session;
    QVBoxLayout *m_cards;
    QWidget *m_list = nullptr;  ///< of the cards; made anew for each checkpoint
};

}  // namespace ui
