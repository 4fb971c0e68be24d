// SPDX-License-Identifier: Apache-2.0
// A line for several class names, "refund; delivery", each completed as it is typed.
#pragma once

#include <QLineEdit>

class QCompleter;

namespace ui {

class LabelsEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit LabelsEdit(const QStringList &classes, QWidget *parent = nullptr);
    /// What is there, ready for the next name behind it.
    void setLabels(const QString &labels);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void offer();
    void take(const QString &name);
    [[nodiscard]] qsizetype startOfName() const;

    QCompleter *m_names;
};

}  // namespace ui
