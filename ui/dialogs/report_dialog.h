// SPDX-License-Identifier: Apache-2.0
// What a report on a checkpoint should hold.
#pragma once

#include "core/results/html_report.h"

#include <QDialog>

class QCheckBox;
class QRadioButton;

namespace ui {

class ReportDialog final : public QDialog {
    Q_OBJECT
public:
    explicit ReportDialog(const QString &checkpoint, QWidget *parent);

    [[nodiscard]] core::HtmlReportOptions options() const;

private:
    QRadioButton *m_full;
    QCheckBox *m_texts;
};

/// Writes a page as it is, or as PDF where the path ends so: without its charts, which PDF's plain text flow cannot
/// hold. On the GUI thread.
[[nodiscard]] base::Result<void> writeReport(const std::string &html, const QString &path);

}  // namespace ui
