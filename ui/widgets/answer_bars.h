// SPDX-License-Identifier: Apache-2.0
// The probabilities of one answer as bars, strongest first.
#pragma once

#include "ui/theme/theme.h"

#include <QWidget>
#include <string>
#include <vector>

namespace ui {

class Session;

class AnswerBars final : public QWidget {
    Q_OBJECT
public:
    struct Bar {
        QString name;
        qint64 colour = 0;
        double probability = 0;
    };

    explicit AnswerBars(const Theme &theme, QWidget *parent = nullptr);
    void setBars(std::vector<Bar> bars);  ///< any order
    /// One bar a label, in the colours that the service gives them.
    void setAnswer(const Session &session, const std::vector<std::string> &labels,
                   const std::vector<float> &probabilities);
    [[nodiscard]] const std::vector<Bar> &bars() const { return m_bars; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    std::vector<Bar> m_bars;
};

}  // namespace ui
