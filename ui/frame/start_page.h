// SPDX-License-Identifier: Apache-2.0
// The user's services as tiles, or three ways to begin.
#pragma once

#include "core/jobs/job_runner.h"
#include "ui/theme/theme.h"

#include <QWidget>
#include <filesystem>

class QGridLayout;
class QLineEdit;
class QStackedLayout;

namespace ui {

/// What a tile says of a service.
struct ServiceSummary {
    std::filesystem::path folder;
    QString name;
    QString counts;  ///< "6 classes, 360 rows"
    QString score;   ///< "52 of 60 right"; empty: nothing trained
    QString between;
    QString opened;
    std::vector<qint64> colours;
    QString problem;  ///< why it cannot be shown; empty: it can
};

class StartPage final : public QWidget {
    Q_OBJECT
public:
    StartPage(const Theme &theme, core::JobRunner &runner, QWidget *parent = nullptr);

    /// Reads what the tiles show in the background.
    void setServices(const std::vector<std::pair<std::filesystem::path, QString>> &recent);
    [[nodiscard]] QString sentence() const;

Q_SIGNALS:
    void openService(const std::filesystem::path &folder);
    void findService(const std::filesystem::path &folder);
    void forgetService(const std::filesystem::path &folder);
    void newService();
    void openOther();
    void importFiles();
    void importFolder();
    void openSample();
    void summariesChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *buildEmpty();
    [[nodiscard]] QWidget *buildTiles();
    void layOut();

    const Theme &m_theme;
    core::JobRunner &m_runner;
    std::vector<ServiceSummary> m_summaries;
    QStackedLayout *m_stack;
    QLineEdit *m_search = nullptr;
    QWidget *m_toolbar = nullptr;
    QWidget *m_grid = nullptr;
    QGridLayout *m_gridLayout = nullptr;
    int m_columns = 0;
};

}  // namespace ui
