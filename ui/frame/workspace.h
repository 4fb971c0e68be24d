// SPDX-License-Identifier: Apache-2.0
// The pages of one open service, and what the rail says of them.
#pragma once

#include "ui/frame/rail.h"
#include "ui/pages/page.h"
#include "ui/session/session.h"
#include "ui/widgets/dialogs.h"

#include <QStackedWidget>
#include <QVariantAnimation>

namespace ui {

class DataPage;
class ResultsPage;
class TeacherPage;
class TryIt;

class Workspace final : public QWidget {
    Q_OBJECT
public:
    Workspace(const Theme &theme, std::unique_ptr<Session> session, Dialogs &dialogs, QWidget *parent = nullptr);
    ~Workspace() override;

    [[nodiscard]] Session &session() { return *m_session; }
    [[nodiscard]] Page &page(Step step) { return *m_pages[static_cast<int>(step)]; }
    [[nodiscard]] Step current() const { return m_current; }
    void show(Step step);
    /// The one filled button of the current page. As long as there is nothing, it leads to the data.
    [[nodiscard]] Primary primary() const;
    void primaryClicked();
    void toggleTryIt();
    void import(const QStringList &files);
    /// What an import brought and left out, as after one that began here.
    void sayImported(const core::ImportSummary &summary);
    void search();
    void findAndReplace();
    /// Writes the live line and mark of every step.
    void describe(Rail &rail) const;

Q_SIGNALS:
    void stepChanged();
    void headChanged();  ///< of the current page, or a line of the rail
    void message(const ui::Message &message);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] bool leadsToData() const;
    void connectSession();
    void showTryIt(bool on);
    void placeTryIt();
    void restoreState();
    void saveState() const;

    std::unique_ptr<Session> m_session;
    Dialogs &m_dialogs;
    QStackedWidget *m_stack;
    Page *m_pages[StepCount] = {};
    DataPage *m_data;
    TeacherPage *m_teacher;
    QWidget *m_tryPanel;
    QVariantAnimation m_trySlide;  ///< 0: outside, 1: in its place
    TryIt *m_tryIt;
    Step m_current = Step::Define;
    bool m_firstClassifier = true;
};

}  // namespace ui
