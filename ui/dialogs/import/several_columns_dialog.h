// SPDX-License-Identifier: Apache-2.0
// Which columns together are the text, or hold the labels.
#pragma once

#include <QDialog>
#include <string>
#include <vector>

class QListWidget;
class QPushButton;

namespace ui {

class SeveralColumnsDialog final : public QDialog {
    Q_OBJECT
public:
    SeveralColumnsDialog(const QString &question, const std::vector<std::string> &columns,
                         const std::vector<std::string> &chosen, QWidget *parent);

    /// The chosen ones, in the order of the file.
    [[nodiscard]] std::vector<std::string> chosen() const;

private:
    QListWidget *m_columns;
    QPushButton *m_accept;
};

}  // namespace ui
