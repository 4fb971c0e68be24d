// SPDX-License-Identifier: Apache-2.0
// A line for several class names, "refund; delivery", each completed as it is typed.
#pragma once

#include <QLineEdit>
#include <string>
#include <vector>

class QCompleter;

namespace ui {

class LabelsEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit LabelsEdit(const QStringList &classes, QWidget *parent = nullptr);
    /// What is there, ready for the next name behind it. A list in brackets where a name has a separator in it.
    void setLabels(const QString &labels);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void offer();
    void take(const QString &name);
    [[nodiscard]] std::vector<std::string> namesIn(const QString &text) const;
    [[nodiscard]] qsizetype startOfName() const;

    std::vector<std::string> m_classes;
    QCompleter *m_names;
};

}  // namespace ui
