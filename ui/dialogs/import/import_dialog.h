// SPDX-License-Identifier: Apache-2.0
// How files are read, with a live preview: for an import, or to be classified.
#pragma once

#include "core/tasks/predict_task.h"
#include "ui/dialogs/import/import_source.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

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
    /// A file that is classified: only what says how it is read is asked.
    ImportDialog(const Theme &theme, Session &session, Dialogs &dialogs, const QString &toClassify, QWidget *parent);

    /// What to import, as chosen.
    [[nodiscard]] std::vector<core::FileToImport> files() const;
    /// How the file that is classified is read.
    [[nodiscard]] core::PredictReading reading() const;

private:
    void build();
    [[nodiscard]] QWidget *buildFiles();
    [[nodiscard]] QWidget *buildPreview();
    [[nodiscard]] QWidget *buildFoot();
    void addFiles(const QStringList &files, core::Split split);
    void read(size_t index);
    /// After a choice: what it makes of the file, and of an own export what would change.
    void reshape(size_t index);
    void rehearse(size_t index);
    void showFiles();
    void showPreview();
    void showReading(const ImportSource &source);
    void fillColumns(QComboBox &box, const std::vector<std::string> &columns, const std::vector<std::string> &chosen,
                     const QString &automatic) const;
    /// What is chosen in a list of columns; asks where it is "several".
    [[nodiscard]] std::vector<std::string> chosenColumns(const QComboBox &box, const QString &question,
                                                         const std::vector<std::string> &before);
    void chooseColumns();
    void chooseMeaning();
    void showChanges();
    [[nodiscard]] QWidget *buildTableChoices();
    [[nodiscard]] QWidget *buildLabelChoices();
    void showTableChoices(const ImportSource &source);
    void showGroups(const ImportSource &source);
    [[nodiscard]] QString foundText(const ImportSource &source) const;
    [[nodiscard]] QString foundLabel(const ImportSource &source) const;
    [[nodiscard]] QString passedOverText() const;
    void chooseReading(ImportSource &source);
    void showFoot();
    /// A file whose rows are in the service already, or nothing.
    [[nodiscard]] QString knownFile() const;
    [[nodiscard]] ImportSource *currentOrNull();

    const bool m_classifies;
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
    QWidget *m_importChoices;  ///< where rows go
    QLabel *m_readingName;
    QComboBox *m_reading;  ///< the encoding, the sheet, or what becomes a row: whichever the file asks
    QComboBox *m_duplicates;
    bool m_areDuplicatesChosen = false;
    QWidget *m_tableChoices;  ///< of tables in text files
    QWidget *m_labelChoices;  ///< of labels that are numbers or no class, of rows that come back, and of groups
    QComboBox *m_separator;
    QComboBox *m_quote;
    QComboBox *m_header;
    QComboBox *m_numbers;
    QLabel *m_numbersName;
    QComboBox *m_group;  ///< the column whose equal values belong together
    QLabel *m_groupName;
    QPushButton *m_meaning;
    QPushButton *m_changes;
    QLabel *m_fileState;
    QTableView *m_preview;
    QStandardItemModel m_rows;
    QLabel *m_note;
    QLabel *m_details;
    QLabel *m_summary;
    QPushButton *m_import;
};

}  // namespace ui
