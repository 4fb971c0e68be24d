// SPDX-License-Identifier: Apache-2.0
// The journey at the left: six steps with a live line and a mark.
#pragma once

#include "ui/pages/page.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>

class QLabel;
class QVBoxLayout;

namespace ui {

/// A line of the rail: icon, name, live line, mark.
class RailItem final : public QAbstractButton {
    Q_OBJECT
public:
    RailItem(const Theme &theme, const char *iconName, const QString &name, bool isStep, QWidget *parent);

    void setLine(const QString &line, Mark mark);
    void setCompact(bool compact);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void describe();

    const Theme &m_theme;
    QIcon m_icon;
    QString m_line;
    Mark m_mark = Mark::Empty;
    bool m_isStep;
    bool m_compact = false;
};

/// At the top: the service, or all services.
class ServiceSwitcher final : public QAbstractButton {
    Q_OBJECT
public:
    ServiceSwitcher(const Theme &theme, QWidget *parent);
    void setService(const QString &name);  ///< empty: all services
    void setCompact(bool compact);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    bool m_compact = false;
};

class Rail final : public QWidget {
    Q_OBJECT
public:
    explicit Rail(const Theme &theme, QWidget *parent = nullptr);

    void setCompact(bool compact);
    void setServiceName(const QString &name);
    /// No step is current and none can be opened while no service is open.
    void setJourneyOnly(bool journeyOnly);
    void setCurrent(Step step);
    [[nodiscard]] RailItem &item(Step step) { return *m_steps[static_cast<int>(step)]; }
    [[nodiscard]] ServiceSwitcher &switcher() { return *m_switcher; }

Q_SIGNALS:
    void stepChosen(ui::Step step);
    void settingsChosen();
    void helpChosen();

private:
    const Theme &m_theme;
    ServiceSwitcher *m_switcher;
    RailItem *m_steps[StepCount] = {};
    RailItem *m_settings;
    RailItem *m_help;
};

}  // namespace ui
