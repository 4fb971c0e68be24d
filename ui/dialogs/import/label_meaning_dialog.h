// SPDX-License-Identifier: Apache-2.0
// Which classes the labels of a file stand for.
#pragma once

#include <QDialog>
#include <map>
#include <set>
#include <string>
#include <vector>

class QComboBox;

namespace ui {

/// Labels of a file that are no class of the service.
struct StrangeLabels {
    std::map<std::string, qint64> rows;  ///< of each label
    std::set<std::string> unclear;       ///< labels whose rows are left out as long as nothing says what they mean
};

class LabelMeaningDialog final : public QDialog {
    Q_OBJECT
public:
    LabelMeaningDialog(const StrangeLabels &labels, const std::vector<std::string> &classes,
                       const std::map<std::string, std::string> &meaning, QWidget *parent);

    /// The class of each label for which one is chosen.
    [[nodiscard]] std::map<std::string, std::string> meaning() const;

private:
    std::map<std::string, QComboBox *> m_choices;
};

}  // namespace ui
