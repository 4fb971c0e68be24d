// SPDX-License-Identifier: Apache-2.0
// Search, class, source and "only problems" above a table of rows, and filters that were saved by name.
#pragma once

#include "ui/session/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

#include <QJsonObject>
#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace ui {

class FilterBar final : public QWidget {
    Q_OBJECT
public:
    FilterBar(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    void setSplit(core::Split split);
    /// What is chosen, for the split.
    [[nodiscard]] core::ExampleQuery query() const;
    void showLabel(int64_t label);
    /// Only these rows, until the choice is cleared; `asGiven`: in this order, however the table is sorted.
    void showRows(std::vector<int64_t> rows, bool asGiven = false);
    void clear();
    void focusSearch();
    /// What is chosen, to be chosen again when the service is opened; never single rows.
    [[nodiscard]] QJsonObject state() const;
    void restore(const QJsonObject &state);

Q_SIGNALS:
    void changed();

private:
    void fill();
    void showSaved();
    void save(const QString &name);

    Session &m_session;
    Dialogs &m_dialogs;
    core::Split m_split = core::Split::Train;
    std::optional<std::vector<int64_t>> m_only;
    QTimer m_typing;
    QLineEdit *m_search;
    QComboBox *m_label;
    QComboBox *m_source;
    QCheckBox *m_problems;
    QPushButton *m_saved;
    bool m_asGiven = false;
};

}  // namespace ui
