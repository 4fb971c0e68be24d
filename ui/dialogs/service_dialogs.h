// SPDX-License-Identifier: Apache-2.0
// New service, settings, about.
#pragma once

#include "core/settings/app_settings.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace ui {

/// Asks what should be decided, how the service is called and where it lives.
class NewServiceDialog final : public QDialog {
    Q_OBJECT
public:
    NewServiceDialog(Dialogs &dialogs, const QString &parentFolder, QWidget *parent);
    [[nodiscard]] QString task() const;
    [[nodiscard]] QString name() const;
    [[nodiscard]] QString folder() const;

private:
    void update();
    Dialogs &m_dialogs;
    QString m_parentFolder;
    QPlainTextEdit *m_task;
    QLineEdit *m_name;
    QLabel *m_where;
    QPushButton *m_create;
};

/// Each change is taken at once.
class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    SettingsDialog(Theme &theme, core::AppSettings &settings, QWidget *parent);
};

class AboutDialog final : public QDialog {
    Q_OBJECT
public:
    AboutDialog(const QString &device, QWidget *parent);
};

}  // namespace ui
