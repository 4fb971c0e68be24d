// SPDX-License-Identifier: Apache-2.0
// Search, class, source and "only problems" above a table of rows.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QJsonObject>
#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace ui {

class FilterBar final : public QWidget {
    Q_OBJECT
public:
    FilterBar(const Theme &theme, Session &session, QWidget *parent = nullptr);

    void setSplit(core::Split split);
    /// What is chosen, for the split.
    [[nodiscard]] core::ExampleQuery query() const;
    void showLabel(int64_t label);
    /// Only these rows, until the choice is cleared.
    void showRows(std::vector<int64_t> rows);
    void clear();
    void focusSearch();
    /// What is chosen, to be chosen again when the service is opened; never single rows.
    [[nodiscard]] QJsonObject state() const;
    void restore(const QJsonObject &state);

Q_SIGNALS:
    void changed();

private:
    void fill();

    Session &m_session;
    core::Split m_split = core::Split::Train;
    std::optional<std::vector<int64_t>> m_only;
    QTimer m_typing;
    QLineEdit *m_search;
    QComboBox *m_label;
    QComboBox *m_source;
    QCheckBox *m_problems;
};

}  // namespace ui
