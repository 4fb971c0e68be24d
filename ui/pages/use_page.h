// SPDX-License-Identifier: Apache-2.0
// Try it, run it over files, hand it to others.
#pragma once

#include "core/tasks/export_task.h"
#include "ui/pages/page.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

class QButtonGroup;
class QFrame;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace core {
struct FileAnswers;
}

namespace ui {

class TryIt;

class UsePage final : public Page {
    Q_OBJECT
public:
    UsePage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent = nullptr);

    [[nodiscard]] QString title() const override { return tr("Use"); }
    [[nodiscard]] QString sentence() const override { return tr("Try it, run it over files, hand it to others."); }
    [[nodiscard]] Primary primary() const override;
    void primaryClicked() override;

private:
    enum Card { TryCard, FileCard, ExportCard };

    [[nodiscard]] QWidget *buildCards();
    [[nodiscard]] QWidget *buildTry();
    [[nodiscard]] QWidget *buildFile();
    [[nodiscard]] QWidget *buildExport();
    void refresh();
    void choose(int card);
    void exportPackage();
    void classifyFile();
    void showAnswered(const core::FileAnswers &answers, const QString &target);
    void showReceipt(const core::ExportSummary &summary, double seconds);
    void showFailure(const base::Error &error);

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    QButtonGroup *m_cards;
    QStackedWidget *m_pages;
    QLabel *m_what;
    QPushButton *m_export;
    QPushButton *m_classify;
    QLabel *m_classified;
    QFrame *m_receipt;
    QLabel *m_receiptTitle;
    QLabel *m_figures[4][3] = {};
    QLabel *m_receiptError;
    QPushButton *m_openFolder;
    QPushButton *m_copyPath;
    QString m_exportedTo;
};

}  // namespace ui
