// SPDX-License-Identifier: Apache-2.0
// One step of the journey.
#pragma once

#include "ui/message.h"

#include <QJsonObject>
#include <QWidget>

namespace ui {

enum class Step { Define, Data, Teacher, Training, Results, Use };
constexpr int StepCount = 6;

/// The one filled button of the head.
struct Primary {
    QString text;
    bool enabled = true;
    QString missing;  ///< why it is not enabled
};

class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    [[nodiscard]] virtual QString title() const = 0;
    [[nodiscard]] virtual QString sentence() const = 0;
    [[nodiscard]] virtual Primary primary() const = 0;
    virtual void primaryClicked() = 0;
    /// The page is shown from now on.
    virtual void activated() { }
    /// What the service remembers of the page: tabs, filters, widths.
    [[nodiscard]] virtual QJsonObject state() const { return {}; }
    /// May be empty, or of an older version.
    virtual void restore(const QJsonObject &) { }

Q_SIGNALS:
    void headChanged();
    void message(const ui::Message &message);
    void goTo(ui::Step step);
};

}  // namespace ui
