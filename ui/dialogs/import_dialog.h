// SPDX-License-Identifier: Apache-2.0
// Which file becomes which rows, with a live preview.
#pragma once

#include "ui/dialogs/dialogs.h"
#include "ui/dialogs/import_source.h"
#include "ui/theme/theme.h"

#include <QDialog>
#include <QStandardItemModel>

class QCheckBox;
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
    [[nodiscard]] std::vector<core::FileToImport> files() const;

private:
    [[nodiscard]] QWidget *buildFiles();
    [[nodiscard]] QWidget *buildPreview();
    [[nodiscard]] QWidget *buildFoot();
    void addFiles(const QStringList &files, core::Split split);
    void read(size_t index);
    void showFiles();
    void showPreview();
    void showReading(const ImportSource &source);
    [[nodiscard]] QWidget *buildTableChoices();
    void showTableChoices(const ImportSource &source);
    [[nodiscard]] QString foundText(const ImportSource &source) const;
    [[nodiscard]] QString foundLabel(const ImportSource &source) const;
    [[nodiscard]] QString passedOverText() const;
    void chooseReading(ImportSource &source);
    void showFoot();
    /// A file whose rows are in the service already, or nothing.
    [[nodiscard]] QString knownFile() const;
    [[nodiscard]] ImportSource *currentOrNull();

    const Theme &m_theme;
    Session &m_session;
    Dialogs &m_dialogs;
    std::vector<ImportSource> m_sources;
    std::vector<core::PassedOver> m_passedOver;
    QListWidget *m_list;
    QComboBox *m_split;
    QCheckBox *m_exam;
    QComboBox *m_text;
    QComboBox *m_label;
    QLabel *m_readingName;
    QComboBox *m_reading;  ///< the encoding, the sheet, or what becomes a row: whichever the file asks
    QComboBox *m_duplicates;
    bool m_areDuplicatesChosen = false;
    QWidget *m_tableChoices;  ///< of tables in text files, and of labels that are numbers
    QComboBox *m_separator;
    QComboBox *m_header;
    QComboBox *m_numbers;
    QLabel *m_separatorName;
    QLabel *m_headerName;
    QLabel *m_numbersName;
    QLabel *m_fileState;
    QTableView *m_preview;
    QStandardItemModel m_rows;
    QLabel *m_note;
    QLabel *m_details;
    QLabel *m_summary;
    QPushButton *m_import;
};

}  // namespace ui
