// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/import/import_dialog.h"

#include "core/imports/import_task.h"
#include "core/imports/known_files.h"
#include "ui/delegates/cell_delegate.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QListWidget>
#include <QSignalBlocker>

using base::Result;

namespace ui {

namespace {

constexpr int CharacterWidth = 8;
constexpr int CellPadding = 20;
constexpr int WidestColumn = 440;
/// Behind the three splits, where the file says which rows go where.
constexpr int AsTheFileSays = 3;
constexpr double ExamShare = 0.2;
constexpr qint64 FewestForExam = 10;

}  // namespace

ImportDialog::ImportDialog(const Theme &theme, Session &session, Dialogs &dialogs, const QStringList &files,
                           core::Split split, QWidget *parent)
    : QDialog(parent), m_classifies(false), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    setObjectName(QStringLiteral("importDialog"));
    setWindowTitle(tr("Import"));
    build();
    addFiles(files, split);
}

ImportDialog::ImportDialog(const Theme &theme, Session &session, Dialogs &dialogs, const QString &toClassify,
                           QWidget *parent)
    : QDialog(parent), m_classifies(true), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    setObjectName(QStringLiteral("classifyDialog"));
    setWindowTitle(tr("Classify a file"));
    build();
    m_importChoices->hide();
    m_label->hide();
    const auto path = toPath(toClassify);
    m_sources.push_back({.file = {path, path.filename().string()}, .options = {.split = core::Split::Unlabelled}});
    read(0);
    showFiles();
    showPreview();
}

void ImportDialog::build()
{
    resize(1040, 640);
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    auto *middle = makeLayout<QHBoxLayout>({}, 0);
    column->addLayout(middle, 1);
    middle->addWidget(buildFiles());
    middle->addWidget(buildPreview(), 1);
    column->addWidget(buildFoot());
}

QWidget *ImportDialog::buildFiles()
{
    auto *pane = makePane("raised", "right");
    pane->setFixedWidth(260);
    auto *column = makeLayout<QVBoxLayout>({16, 16, 16, 16}, 8);
    pane->setLayout(column);
    column->addWidget(makeLabel(tr("Files"), "strong"));
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("importFiles"));
    m_list->setAccessibleName(tr("Files to import"));
    m_list->setProperty("tone", "raised");
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSpacing(2);
    auto *add = makeButton(tr("Add files..."), "importAddFiles", "small");
    add->setIcon(m_theme.icon("add"));
    m_exam = new QCheckBox(tr("Keep 20 % for the exam"));
    m_exam->setObjectName(QStringLiteral("importExam"));
    m_exam->setToolTip(tr("The exam shows how good a classifier is on rows it has not seen. The rows are chosen evenly "
                          "from all classes; rows that say nearly the same stay together."));
    m_split = new QComboBox;
    m_split->setObjectName(QStringLiteral("importSplit"));
    for (int i = 0; i < 3; ++i)
        m_split->addItem(splitText(static_cast<core::Split>(i)));
    m_duplicates = new QComboBox;
    m_duplicates->setObjectName(QStringLiteral("importDuplicates"));
    m_duplicates->addItems({tr("Leave out"), tr("Import again"), tr("Replace the rows of the file")});
    column->addWidget(m_list, 1);
    m_importChoices = new QWidget;
    column->addWidget(m_importChoices);
    column = makeLayout<QVBoxLayout>({}, 8);
    m_importChoices->setLayout(column);
    column->addWidget(add, 0, Qt::AlignLeft);
    const auto field = [&](const QString &name, QComboBox *box) {
        auto *label = makeLabel(name, "caption");
        label->setBuddy(box);
        box->setAccessibleName(name);
        column->addWidget(label);
        column->addWidget(box);
    };
    field(tr("Rows of this file go to"), m_split);
    column->addWidget(m_exam);
    field(tr("Rows that are already there"), m_duplicates);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] { showPreview(); });
    connect(add, &QPushButton::clicked, this,
            [this] { addFiles(m_dialogs.chooseFiles(this, tr("Choose files with rows")), core::Split::Train); });
    m_duplicates->setPlaceholderText(tr("Choose"));
    connect(m_duplicates, &QComboBox::activated, this, [this] {
        m_areDuplicatesChosen = true;
        showFoot();
    });
    connect(m_split, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (ImportSource *source = currentOrNull()) {
            source->options.ignoresSplits = index < AsTheFileSays;
            if (index < AsTheFileSays)
                source->options.split = static_cast<core::Split>(index);
            reshape(static_cast<size_t>(source - m_sources.data()));
        }
    });
    return pane;
}

QWidget *ImportDialog::buildPreview()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    pane->setLayout(column);
    auto *roles = makeLayout<QHBoxLayout>({16, 12, 16, 12}, 8);
    m_text = new QComboBox;
    m_text->setObjectName(QStringLiteral("importText"));
    m_label = new QComboBox;
    m_label->setObjectName(QStringLiteral("importLabel"));
    const auto role = [&](const QString &name, QComboBox *box) {
        box->setAccessibleName(name);
        box->setMinimumWidth(170);
        if (box == m_label && m_classifies)
            return roles->addWidget(box);
        roles->addWidget(makeLabel(name, "caption"));
        roles->addWidget(box);
    };
    role(tr("Text is in"), m_text);
    role(tr("Label is in"), m_label);
    m_readingName = makeLabel({}, "caption");
    m_reading = new QComboBox;
    m_reading->setObjectName(QStringLiteral("importReading"));
    m_reading->setMinimumWidth(160);
    m_text->setMinimumWidth(200);
    m_readingName->setBuddy(m_reading);
    roles->addWidget(m_readingName);
    roles->addWidget(m_reading);
    roles->addStretch();
    column->addLayout(roles);
    column->addWidget(buildTableChoices());
    column->addWidget(buildLabelChoices());
    m_fileState = makeLabel({}, "muted", true);
    m_fileState->setContentsMargins(16, 16, 16, 16);
    column->addWidget(m_fileState);
    m_preview = new QTableView;
    setUpTable(*m_preview, "importPreview", tr("First rows of the file"));
    m_preview->setModel(&m_rows);
    m_preview->setItemDelegate(new CellDelegate(m_theme, m_preview));
    m_preview->setEditTriggers(QAbstractItemView::NoEditTriggers);
    column->addWidget(m_preview, 1);
    m_note = makeLabel({}, nullptr, true);
    m_note->setObjectName(QStringLiteral("importNote"));
    m_note->setContentsMargins(16, 10, 16, 10);
    column->addWidget(m_note);
    m_details = makeLabel({}, "caption", true);
    m_details->setObjectName(QStringLiteral("importDetails"));
    m_details->setContentsMargins(16, 0, 16, 10);
    column->addWidget(m_details);
    connect(m_reading, &QComboBox::activated, this, [this] {
        if (ImportSource *source = currentOrNull())
            chooseReading(*source);
    });
    connect(m_text, &QComboBox::activated, this, &ImportDialog::chooseColumns);
    connect(m_label, &QComboBox::activated, this, &ImportDialog::chooseColumns);
    return pane;
}

QWidget *ImportDialog::buildFoot()
{
    auto *foot = makePane("surface", "top");
    foot->setFixedHeight(57);
    auto *row = makeLayout<QHBoxLayout>({24, 0, 16, 0});
    foot->setLayout(row);
    m_summary = makeLabel({}, "muted");
    auto *cancel = makeButton(tr("Cancel"), "importCancel");
    m_import = makeButton(tr("Import"), "importAccept", "primary");
    m_import->setDefault(true);
    row->addWidget(m_summary, 1);
    row->addWidget(cancel);
    row->addWidget(m_import);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_import, &QPushButton::clicked, this, &QDialog::accept);
    return foot;
}

void ImportDialog::addFiles(const QStringList &files, core::Split split)
{
    for (const QString &file : files) {
        auto found = core::findImportPlaces({toPath(file)}, core::declaredNames(m_session.labels()));
        if (!found) {
            const auto path = toPath(file);
            m_sources.push_back({.file = {path, path.filename().string()},
                                 .options = {.split = split},
                                 .isRead = true,
                                 .error = found.error()});
            continue;
        }
        m_passedOver.insert(m_passedOver.end(), found->passedOver.begin(), found->passedOver.end());
        for (core::ImportFile &one : found->files) {
            const auto named = one.split ? one.split : core::splitOfFileName(one.path.filename().string());
            core::ImportOptions options{.split = named ? core::splitOf(*named, true) : split};
            one.split.reset();
            m_sources.push_back({.file = std::move(one), .options = std::move(options)});
            read(m_sources.size() - 1);
        }
    }
    showFiles();
    showPreview();
}

void ImportDialog::read(size_t index)
{
    struct FileRead {
        std::shared_ptr<const core::RecordFile> content;
        bool isKnown = false;
    };
    startWork<FileRead>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), file = m_sources[index].file,
         options = m_sources[index].options.read](const base::WorkContext &context) -> Result<FileRead> {
            auto content = TRY(core::readImportFile(file, options, context));
            auto service = TRY(core::Service::openAgain(folder));
            auto known = TRY(core::wasImported(service, file));
            return FileRead{std::make_shared<const core::RecordFile>(std::move(content)), known};
        },
        [this, index](Result<FileRead> file) {
            ImportSource &source = m_sources[index];
            source.isRead = true;
            source.error.reset();
            if (file) {
                source.content = std::move(file->content);
                source.isKnown = file->isKnown;
            } else {
                source.error = file.error();
            }
            reshape(index);
        });
}

void ImportDialog::reshape(size_t index)
{
    m_sources[index].shape(m_session);
    if (m_sources[index].isOwn)
        rehearse(index);
    showFiles();
    showPreview();
}

void ImportDialog::rehearse(size_t index)
{
    const ImportSource &source = m_sources[index];
    core::ImportOptions options = source.options;
    options.isRehearsal = true;
    startWork<core::ImportSummary>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), file = source.file,
         options = std::move(options)](const base::WorkContext &context) -> Result<core::ImportSummary> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::importPlaces(service, {.files = {file}}, options, context);
        },
        [this, index](Result<core::ImportSummary> summary) {
            m_sources[index].rehearsal.reset();
            if (summary)
                m_sources[index].rehearsal = std::move(*summary);
            showPreview();
        });
}

QString ImportDialog::knownFile() const
{
    for (const ImportSource &source : m_sources) {
        if (!source.error && source.isKnown)
            return QString::fromStdString(source.file.name);
    }
    return {};
}

ImportSource *ImportDialog::currentOrNull()
{
    const int row = m_list->currentRow();
    return row >= 0 && static_cast<size_t>(row) < m_sources.size() ? &m_sources[static_cast<size_t>(row)] : nullptr;
}

void ImportDialog::showFiles()
{
    const QSignalBlocker block(m_list);
    const int current = m_list->currentRow();
    m_list->clear();
    for (const ImportSource &source : m_sources) {
        const auto aside = static_cast<qint64>(source.setAside.size());
        const QString state = !source.isRead              ? tr("reading")
                              : source.error              ? tr("cannot be read")
                              : !source.problem.isEmpty() ? tr("no text found")
                              : aside > 0                 ? tr("%1, %2 aside").arg(rowsText(source.usable)).arg(aside)
                                                          : rowsText(source.usable);
        auto *item = new QListWidgetItem(QString::fromStdString(source.file.name) + u'\n' + state +
                                         (source.error       ? QString()
                                          : source.hasSplits ? tr(", split as it says")
                                                             : tr(", to %1").arg(splitText(source.options.split))));
        item->setIcon(m_theme.icon("file"));
        item->setToolTip(toQString(source.file.path));
        m_list->addItem(item);
    }
    m_list->setCurrentRow(current < 0 && m_list->count() > 0 ? 0 : current);
    showFoot();
}

void ImportDialog::showPreview()
{
    ImportSource *source = currentOrNull();
    m_rows.clear();
    const bool readable = source && source->content && !source->error;
    m_preview->setVisible(readable);
    m_note->clear();
    m_details->clear();
    m_fileState->setVisible(!readable);
    m_tableChoices->hide();
    m_labelChoices->hide();
    for (QComboBox *box : {m_text, m_label, m_split})
        box->setEnabled(readable);
    if (source && source->content)
        showReading(*source);
    m_reading->setVisible(source && source->content);
    m_readingName->setVisible(source && source->content);
    if (!readable) {
        m_fileState->setText(!source         ? tr("Add a file to see its rows.")
                             : source->error ? QString::fromStdString(source->error->message)
                                             : tr("Reading the file."));
        return;
    }
    {
        const QSignalBlocker block(m_split);
        if (m_split->count() > AsTheFileSays)
            m_split->removeItem(AsTheFileSays);
        if (!source->roles.split.empty())
            m_split->addItem(tr("As the file says"));
        m_split->setCurrentIndex(source->hasSplits ? AsTheFileSays : static_cast<int>(source->options.split));
    }
    const auto columns = source->columns();
    fillColumns(*m_text, columns, source->options.textColumns, foundText(*source));
    fillColumns(*m_label, columns, source->options.labelColumns, foundLabel(*source));
    showTableChoices(*source);
    QStringList headers{tr("Row")};
    for (const std::string &column : columns)
        headers << QString::fromStdString(column);
    m_rows.setHorizontalHeaderLabels(headers);
    const auto &records = source->content->records;
    for (size_t i = 0; i < records.size() && i < ImportSource::PreviewRows; ++i) {
        QList<QStandardItem *> items{new QStandardItem(QString::number(records[i].row))};
        for (const std::string &column : columns) {
            const auto found = records[i].fields.find(column);
            items << new QStandardItem(found == records[i].fields.end() ? QString() : ImportSource::cellText(*found));
        }
        m_rows.appendRow(items);
    }
    m_preview->setColumnWidth(0, 56);
    for (int column = 1; column < m_rows.columnCount(); ++column) {
        qsizetype longest = m_rows.headerData(column, Qt::Horizontal).toString().size();
        for (int row = 0; row < m_rows.rowCount(); ++row)
            longest = std::max(longest, m_rows.index(row, column).data().toString().size());
        m_preview->setColumnWidth(
            column, std::clamp(static_cast<int>(longest) * CharacterWidth + CellPadding, 90, WidestColumn));
    }
    m_preview->horizontalHeader()->setStretchLastSection(true);
    if (!source->setAside.empty()) {
        const auto &first = source->setAside.front();
        const QString reason = QString::fromStdString(first.reason);
        m_note->setText(tr("Row %1 of %2 is set aside: %3 %4 can be imported.")
                            .arg(first.row)
                            .arg(QString::fromStdString(source->file.name),
                                 reason.endsWith(u'.') ? reason : reason + u'.', rowsText(source->usable)));
    }
    if (!source->problem.isEmpty())
        m_note->setText(source->problem);
    m_details->setText(source->details(m_session));
}

void ImportDialog::showFoot()
{
    const bool hasExam = m_session.counts().test > 0 || std::any_of(m_sources.begin(), m_sources.end(),
                                                                    [](const auto &source) { return source.hasExam; });
    qint64 labelled = 0;
    for (const ImportSource &source : m_sources)
        labelled += source.labelled;
    m_exam->setEnabled(!hasExam && labelled >= FewestForExam);
    qint64 usable = 0, aside = 0;
    std::set<std::string> labels;
    bool reading = false;
    for (const ImportSource &source : m_sources) {
        usable += source.usable;
        aside += static_cast<qint64>(source.setAside.size());
        labels.insert(source.labels.begin(), source.labels.end());
        reading = reading || !source.isRead;
    }
    if (m_classifies) {
        m_import->setEnabled(usable > 0 && !reading);
        m_import->setText(tr("Classify %1").arg(rowsText(usable)));
        return m_summary->setText(tr("The answers stand beside the rows of the file."));
    }
    const QString known = knownFile();
    if (!m_areDuplicatesChosen)
        m_duplicates->setCurrentIndex(known.isEmpty() ? 0 : -1);
    const bool asks = !known.isEmpty() && !m_areDuplicatesChosen;
    m_import->setEnabled(usable > 0 && !reading && !asks);
    m_import->setText(aside > 0 ? tr("Import %1, %2 set aside").arg(rowsText(usable)).arg(aside)
                                : tr("Import %1").arg(rowsText(usable)));
    const QString kept =
        m_passedOver.empty()
            ? tr("Rows set aside stay in the report.")
            : tr("%1 not read: %2.")
                  .arg(plural(static_cast<qint64>(m_passedOver.size()), tr("file"), tr("files")), passedOverText());
    if (asks)
        return m_summary->setText(tr("%1 has been imported before. Choose on the left what becomes of rows that are "
                                     "there.")
                                      .arg(known));
    const auto classes = static_cast<qint64>(labels.size());
    m_summary->setText(classes == 0 ? kept : tr("%1 found. %2").arg(plural(classes, tr("class"), tr("classes")), kept));
}

std::vector<core::FileToImport> ImportDialog::files() const
{
    std::vector<core::FileToImport> files;
    for (const ImportSource &source : m_sources) {
        if (!source.content || source.error || source.usable == 0)
            continue;
        core::ImportOptions options = source.options;
        options.examShare = m_exam->isEnabled() && m_exam->isChecked() ? ExamShare : 0;
        options.skipDuplicates = m_duplicates->currentIndex() == 0;
        options.replaceSource = m_duplicates->currentIndex() == 2;
        files.push_back({source.file.path, options, source.file});
    }
    if (!files.empty())
        files.front().passedOver = m_passedOver;
    return files;
}

core::PredictReading ImportDialog::reading() const
{
    const core::ImportOptions &options = m_sources.front().options;
    return {options.read, options.textColumns};
}

}  // namespace ui
