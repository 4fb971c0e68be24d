// SPDX-License-Identifier: Apache-2.0
// A window under test: real widgets, dialogs answered in advance, settings of its own.
#pragma once

#include "core/jobs/job_runner.h"
#include "tests/support/support.h"
#include "ui/frame/workspace.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <deque>

namespace support {

/// Answers of the dialogs, in the order in which they will be asked; what is not foreseen is cancelled and counted.
class ScriptedDialogs final : public ui::Dialogs {
public:
    std::deque<QString> texts;          ///< for askText
    std::deque<QString> folders;        ///< for chooseFolder and chooseSaveFile
    std::deque<QStringList> files;      ///< for chooseFiles
    std::deque<int> choices;            ///< for choose
    std::function<bool(QDialog &)> on;  ///< for run: fills the dialog in and says whether it is accepted
    int unforeseen = 0;

    QString chooseFolder(QWidget *, const QString &) override { return take(folders, QString()); }
    QStringList chooseFiles(QWidget *, const QString &) override { return take(files, QStringList()); }
    QString chooseSaveFile(QWidget *, const QString &, const QString &) override { return take(folders, QString()); }
    QString askText(QWidget *, const QString &, const QString &, const QString &) override
    {
        return take(texts, QString());
    }
    int choose(QWidget *, const QString &, const QString &, const QStringList &) override { return take(choices, -1); }
    bool run(QDialog &dialog) override
    {
        dialog.show();
        if (on)
            return on(dialog);
        ++unforeseen;
        return false;
    }

private:
    template <class T>
    T take(std::deque<T> &answers, T otherwise)
    {
        if (answers.empty()) {
            ++unforeseen;
            return otherwise;
        }
        T answer = answers.front();
        answers.pop_front();
        return answer;
    }
};

/// The light theme, with settings and caches that belong to tests.
inline std::unique_ptr<ui::Theme> makeTheme()
{
    QStandardPaths::setTestModeEnabled(true);
    static const TempFolder config;
    qputenv("XDG_CONFIG_HOME", config.path().c_str());
    auto theme = std::make_unique<ui::Theme>(*qApp);
    theme->setScheme(ui::Theme::Scheme::Light);
    return theme;
}

/// Everything that app/application makes, in a temporary folder.
class WindowUnderTest {
public:
    /// `settings`: the text of the settings file; empty: there is none.
    explicit WindowUnderTest(ui::Theme &theme, const std::string &settings = {})
        : m_settings(loaded(folder / "settings.yaml", settings)),
          window({theme, runner, m_settings, dialogs, SAMPLES_FOLDER,
                  QString::fromStdString((folder / "services").string())})
    {
        window.show();
    }

    template <class T>
    T *find(const char *name)
    {
        return window.findChild<T *>(QLatin1String(name));
    }
    /// As a person does who leaves the field then.
    void type(const char *name, const QString &text)
    {
        auto *edit = find<QLineEdit>(name);
        edit->setText(text);
        edit->setModified(true);
        Q_EMIT edit->editingFinished();
    }
    ui::Session &session() { return window.workspaceOrNull()->session(); }
    [[nodiscard]] QString path(const std::string &name) const
    {
        return QString::fromStdString((folder / name).string());
    }

    /// Names a new service in its dialog, as a person would.
    void newService(const QString &name)
    {
        dialogs.on = [name](QDialog &dialog) {
            dialog.findChild<QPlainTextEdit *>("newTask")->setPlainText("Which mail is it?");
            dialog.findChild<QLineEdit *>("newName")->setText(name);
            return dialog.findChild<QPushButton *>("newCreate")->isEnabled();
        };
        find<QPushButton>("startNew")->click();
        dialogs.on = {};
    }
    /// Adds two classes by their dialog, and as a block of cells so many rows of each to Train and to the exam.
    void fill(int rowsPerClass)
    {
        for (const char *name : {"refund", "delivery"}) {
            dialogs.texts.push_back(name);
            find<QPushButton>("addClass")->click();
        }
        window.workspaceOrNull()->show(ui::Step::Data);
        for (const int split : {0, 1}) {
            find<QTabBar>("splitTabs")->setCurrentIndex(split);
            QString block;
            for (int i = 0; i < rowsPerClass; ++i)
                block += QStringLiteral("I want my money back %1%2\trefund\nWhere is my parcel %1%2\tdelivery\n")
                             .arg(split)
                             .arg(i);
            QGuiApplication::clipboard()->setText(block);
            find<QPushButton>("emptyPaste")->click();
        }
        find<QTabBar>("splitTabs")->setCurrentIndex(0);
    }

    TempFolder folder;
    ScriptedDialogs dialogs;
    core::JobRunner runner;

private:
    static core::AppSettings loaded(const std::filesystem::path &file, const std::string &text)
    {
        if (!text.empty())
            write(file, text);
        return *core::AppSettings::load(file);
    }

    core::AppSettings m_settings;

public:
    ui::MainWindow window;
};

/// Selects whole rows, with the current cell in the first of them.
inline void chooseRows(QTableView *table, int first, int last, int column = 0)
{
    table->setCurrentIndex(table->model()->index(first, column));
    table->selectionModel()->select(
        QItemSelection(table->model()->index(first, 0), table->model()->index(last, table->model()->columnCount() - 1)),
        QItemSelectionModel::ClearAndSelect);
}

}  // namespace support
