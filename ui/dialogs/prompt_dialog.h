// SPDX-License-Identifier: Apache-2.0
// The instructions that a service gives to language models, with what they become for a real row.
#pragma once

#include "core/teacher/prompt_versions.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace ui {

class PromptDialog final : public QDialog {
    Q_OBJECT
public:
    /// `row`: a text to preview with.
    PromptDialog(const core::Service &service, core::PromptVersions versions, std::string row,
                 QWidget *parent = nullptr);

    [[nodiscard]] const core::PromptVersions &versions() const { return m_versions; }

private:
    void fill();
    void take();
    void preview();

    const core::Service &m_service;
    core::PromptVersions m_versions;
    std::string m_row;
    size_t m_current = 0;
    bool m_isFilling = false;
    QComboBox *m_version;
    QLineEdit *m_name;
    QPlainTextEdit *m_text, *m_preview;
    QLabel *m_problem;
    QPushButton *m_add, *m_remove, *m_accept;
};

}  // namespace ui
