// SPDX-License-Identifier: Apache-2.0
// Which file becomes which rows, with a live preview.
#pragma once

#include "core/formats/row_file.h"
#include "ui/dialogs/dialogs.h"
#include "ui/session/session.h"
#include "ui/theme/theme.h"

#include <QDialog>
#include <QStandardItemModel>
#include <set>

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QTableView;

namespace ui {

class ImportDialog final : public QDialog {
    Q_OBJECT
public:
    /// Files are read in the background. A folder stands for the files of rows below it.
    ImportDialog(const Theme &theme, Session &session, Dialogs &dialogs, const QStringList &files, core::Split split,
                 QWidget *parent);

    /// What to import, as chosen.
    [[nodiscard]] std::vector<Session::FileToImport> files() const;

private:
    struct Source {
        std::filesystem::path path;
        core::Split split = core::Split::Train;
        std::string textColumn, labelColumn;  ///< empty: found by its known name
        core::ReadOptions read;               ///< as chosen
        bool isRead = false;
        std::optional<base::Error> error;
        std::shared_ptr<const core::RecordFile> content;
        // What the chosen columns make of it:
        qint64 usable = 0;
        std::vector<core::Rejection> setAside;
        std::set<std::string> labels;
    };

    [[nodiscard]] QWidget *buildFiles();
    [[nodiscard]] QWidget *buildPreview();
    [[nodiscard]] QWidget *buildFoot();
    void addFiles(const QStringList &files, core::Split split);
    void read(size_t index);
    void shape(Source &source) const;
    void showFiles();
    void showPreview();
    void showReading(const Source &source);
    void chooseReading(Source &source);
    [[nodiscard]] QString detailsOf(const Source &source) const;
    void showFoot();
    [[nodiscard]] Source *currentOrNull();
    [[nodiscard]] static core::Split guessSplit(const std::filesystem::path &path, core::Split otherwise);

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    std::vector<Source> m_sources;
    QListWidget *m_list;
    QComboBox *m_split;
    QComboBox *m_text;
    QComboBox *m_label;
    QLabel *m_readingName;
    QComboBox *m_reading;  ///< the encoding, the sheet, or what becomes a row: whichever the file asks
    QComboBox *m_duplicates;
    QLabel *m_fileState;
    QTableView *m_preview;
    QStandardItemModel m_rows;
    QLabel *m_note;
    QLabel *m_details;
    QLabel *m_summary;
    QPushButton *m_import;
};

}  // namespace ui
