// SPDX-License-Identifier: Apache-2.0
// The choices of the import dialog that only some files ask: encoding or sheet, separator, quotes, first row, several
// columns, and what labels stand for.
#include "core/imports/import_task.h"
#include "ui/dialogs/import/import_dialog.h"
#include "ui/dialogs/import/row_updates_dialog.h"
#include "ui/dialogs/import/several_columns_dialog.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QComboBox>
#include <QSignalBlocker>

namespace ui {

namespace {

/// Beside the names of sheets.
enum SheetChoice { AllSheets, SheetsAreClasses };
/// The entry that asks which ones, in a list of columns.
constexpr int SeveralColumns = 0;
/// Names as they are shown in a list of choices.
constexpr qsizetype LongestName = 32;

QString shortName(const std::string &name)
{
    const QString text = QString::fromStdString(name);
    return text.size() <= LongestName ? text : text.left(LongestName) + u'\u2026';
}

QString joinedNames(const std::vector<std::string> &names)
{
    QStringList all;
    for (size_t i = 0; i < names.size() && i < 2; ++i)
        all << shortName(names[i]);
    return names.size() > 2 ? QObject::tr("%1 and %2 more").arg(all.join(QStringLiteral(", "))).arg(names.size() - 2)
                            : all.join(QStringLiteral(" + "));
}

QComboBox *addChoice(QBoxLayout &row, const QString &name, const char *object, QLabel *&label)
{
    auto *box = new QComboBox;
    box->setObjectName(QString::fromLatin1(object));
    box->setAccessibleName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(14);
    box->setMinimumWidth(130);
    label = makeLabel(name, "caption");
    label->setBuddy(box);
    row.addWidget(label);
    row.addWidget(box);
    return box;
}

/// Chooses the entry with this data, else the first one.
void chooseData(QComboBox &box, const QVariant &data)
{
    box.setCurrentIndex(std::max(0, box.findData(data)));
}

}  // namespace

QWidget *ImportDialog::buildTableChoices()
{
    m_tableChoices = new QWidget;
    auto *row = makeLayout<QHBoxLayout>({16, 0, 16, 12}, 8);
    m_tableChoices->setLayout(row);
    QLabel *label = nullptr;
    m_separator = addChoice(*row, tr("Separator"), "importSeparator", label);
    m_quote = addChoice(*row, tr("Quotes"), "importQuote", label);
    m_header = addChoice(*row, tr("First row"), "importHeader", label);
    row->addStretch();
    const auto readAgain = [this] {
        ImportSource *source = currentOrNull();
        if (!source)
            return;
        auto &table = source->options.read.table;
        table.separator = m_separator->currentData().toString().toStdString();
        table.header = static_cast<core::HeaderRow>(m_header->currentData().toInt());
        const int quote = m_quote->currentData().toInt();
        table.quote = quote < 0 ? std::nullopt : std::optional(static_cast<char>(quote));
        read(static_cast<size_t>(source - m_sources.data()));
    };
    for (QComboBox *box : {m_separator, m_quote, m_header})
        connect(box, &QComboBox::activated, this, readAgain);
    return m_tableChoices;
}

QWidget *ImportDialog::buildLabelChoices()
{
    m_labelChoices = new QWidget;
    auto *row = makeLayout<QHBoxLayout>({16, 0, 16, 12}, 8);
    m_labelChoices->setLayout(row);
    m_numbers = addChoice(*row, tr("Numbers are"), "importNumbers", m_numbersName);
    m_group = addChoice(*row, tr("Kept together by"), "importGroup", m_groupName);
    m_group->setToolTip(tr("Rows with the same value, as of one customer or thread, stay on one side when an exam or "
                           "held-out rows are chosen."));
    m_meaning = makeButton({}, "importMeaning", "small");
    m_changes = makeButton(tr("What changes..."), "importChanges", "small");
    row->addWidget(m_meaning);
    row->addWidget(m_changes);
    row->addStretch();
    connect(m_numbers, &QComboBox::activated, this, [this] {
        if (ImportSource *source = currentOrNull()) {
            source->options.numbers = static_cast<core::NumberLabels>(m_numbers->currentData().toInt());
            reshape(static_cast<size_t>(source - m_sources.data()));
        }
    });
    connect(m_group, &QComboBox::activated, this, [this] {
        if (ImportSource *source = currentOrNull())
            source->options.groupColumn = m_group->currentData().toString().toStdString();
    });
    connect(m_meaning, &QPushButton::clicked, this, &ImportDialog::chooseMeaning);
    connect(m_changes, &QPushButton::clicked, this, &ImportDialog::showChanges);
    return m_labelChoices;
}

void ImportDialog::fillColumns(QComboBox &box, const std::vector<std::string> &columns,
                               const std::vector<std::string> &chosen, const QString &automatic) const
{
    const QSignalBlocker block(box);
    box.clear();
    box.addItem(automatic, QString());
    for (const std::string &column : columns)
        box.addItem(QString::fromStdString(column), QString::fromStdString(column));
    QStringList several;
    for (const std::string &column : chosen)
        several << QString::fromStdString(column);
    if (several.size() > 1)
        box.addItem(joinedNames(chosen), several);
    if (columns.size() > 1)
        box.addItem(tr("Several columns..."), SeveralColumns);
    chooseData(box, several.size() > 1 ? QVariant(several) : QVariant(several.value(0)));
}

std::vector<std::string> ImportDialog::chosenColumns(const QComboBox &box, const QString &question,
                                                     const std::vector<std::string> &before)
{
    const QVariant entry = box.currentData();
    std::vector<std::string> names;
    if (entry.typeId() == QMetaType::Int) {
        SeveralColumnsDialog dialog(question, currentOrNull()->columns(), before, this);
        return m_dialogs.run(dialog) ? dialog.chosen() : before;
    }
    for (const QString &name : entry.toStringList()) {
        if (!name.isEmpty())
            names.push_back(name.toStdString());
    }
    return names;
}

void ImportDialog::chooseColumns()
{
    ImportSource *source = currentOrNull();
    if (!source)
        return;
    auto &options = source->options;
    options.textColumns = chosenColumns(*m_text, tr("The text is what stands in these columns, each with its name."),
                                        options.textColumns);
    options.labelColumns = chosenColumns(*m_label,
                                         tr("Each of these columns that is filled gives a label. Columns with 1 and 0 "
                                            "are classes: 1 is set, 0 is not."),
                                         options.labelColumns);
    reshape(static_cast<size_t>(source - m_sources.data()));
}

void ImportDialog::chooseMeaning()
{
    ImportSource *source = currentOrNull();
    if (!source)
        return;
    LabelMeaningDialog dialog(source->strange, core::declaredNames(m_session.labels()), source->options.meaning, this);
    if (!m_dialogs.run(dialog))
        return;
    source->options.meaning = dialog.meaning();
    reshape(static_cast<size_t>(source - m_sources.data()));
}

void ImportDialog::showChanges()
{
    const ImportSource *source = currentOrNull();
    if (!source || !source->rehearsal)
        return;
    RowUpdatesDialog dialog(m_theme, source->rehearsal->updates, source->rehearsal->updated, this);
    static_cast<void>(m_dialogs.run(dialog));
}

void ImportDialog::showTableChoices(const ImportSource &source)
{
    const QSignalBlocker blocks[] = {QSignalBlocker(m_separator), QSignalBlocker(m_quote), QSignalBlocker(m_header),
                                     QSignalBlocker(m_numbers)};
    const bool asksNumbers = !source.roles.numbers.empty() && !source.roles.reading.classes.empty();
    const auto strange = static_cast<qint64>(source.strange.rows.size());
    const bool changes = source.rehearsal && source.rehearsal->updated > 0;
    m_tableChoices->setVisible(source.isTextTable());
    m_numbers->setVisible(asksNumbers);
    m_numbersName->setVisible(asksNumbers);
    m_meaning->setVisible(strange > 0);
    m_meaning->setText(strange == 1 ? tr("1 label is no class...") : tr("%1 labels are no class...").arg(strange));
    m_meaning->setAccessibleName(m_meaning->text());
    m_changes->setVisible(changes);
    const bool hasGroups = !m_classifies && !source.others.empty();
    showGroups(source);
    m_group->setVisible(hasGroups);
    m_groupName->setVisible(hasGroups);
    m_labelChoices->setVisible(asksNumbers || hasGroups || strange > 0 || changes);
    const core::TableOptions &table = source.options.read.table;
    m_separator->clear();
    const std::pair<QString, QString> separators[] = {{tr("Detected"), QString()},
                                                      {tr("Comma"), QStringLiteral(",")},
                                                      {tr("Semicolon"), QStringLiteral(";")},
                                                      {tr("Tab"), QStringLiteral("\t")},
                                                      {tr("Bar"), QStringLiteral("|")}};
    for (const auto &[name, value] : separators)
        m_separator->addItem(name, value);
    chooseData(*m_separator, QString::fromStdString(table.separator));
    m_quote->clear();
    const std::pair<QString, int> quotes[] = {
        {tr("Detected"), -1}, {tr("Double: \"a\""), '"'}, {tr("Single: 'a'"), '\''}, {tr("None"), 0}};
    for (const auto &[name, value] : quotes)
        m_quote->addItem(name, value);
    chooseData(*m_quote, table.quote ? static_cast<int>(*table.quote) : -1);
    m_header->clear();
    const QString found = source.content->hasHeader ? tr("Detected: names") : tr("Detected: a row");
    m_header->addItem(found, static_cast<int>(core::HeaderRow::Automatic));
    m_header->addItem(tr("Names the columns"), static_cast<int>(core::HeaderRow::Present));
    m_header->addItem(tr("Is a row"), static_cast<int>(core::HeaderRow::Absent));
    chooseData(*m_header, static_cast<int>(table.header));
    m_numbers->clear();
    const std::pair<core::NumberLabels, QString> readings[] = {{core::NumberLabels::Automatic, tr("Detected")},
                                                               {core::NumberLabels::Names, tr("Names of classes")},
                                                               {core::NumberLabels::FromZero, {}},
                                                               {core::NumberLabels::FromOne, {}},
                                                               {core::NumberLabels::LostZeros, {}}};
    for (const auto &[numbers, name] : readings) {
        core::LabelReading reading = source.roles.reading;
        reading.numbers = numbers;
        const QString mapping =
            name.isEmpty() ? QString::fromStdString(core::mappingText(source.roles.numbers, reading)) : name;
        if (!mapping.isEmpty() && m_numbers->findText(mapping) < 0)
            m_numbers->addItem(mapping, static_cast<int>(numbers));
    }
    chooseData(*m_numbers, static_cast<int>(source.options.numbers));
}

void ImportDialog::showGroups(const ImportSource &source)
{
    const QSignalBlocker block(m_group);
    m_group->clear();
    const auto now = m_session.service().groupColumn();
    m_group->addItem(now && !now->empty() ? tr("%1 (as before)").arg(shortName(*now)) : tr("No column"), QString());
    for (const std::string &column : source.others)
        m_group->addItem(QString::fromStdString(column), QString::fromStdString(column));
    chooseData(*m_group, QString::fromStdString(source.options.groupColumn));
}

void ImportDialog::showReading(const ImportSource &source)
{
    const QSignalBlocker block(m_reading);
    m_reading->clear();
    const core::RecordFile &file = *source.content;
    QString name, current;
    const auto add = [&](const std::string &value) {
        const QString text = QString::fromStdString(value);
        if (!value.empty() && m_reading->findText(text, Qt::MatchFixedString) < 0)
            m_reading->addItem(text, text);
    };
    if (!file.sheets.empty()) {
        name = tr("Sheet");
        std::for_each(file.sheets.begin(), file.sheets.end(), add);
        if (file.sheets.size() > 1) {
            m_reading->addItem(tr("All sheets"), AllSheets);
            m_reading->addItem(tr("All, each named as its class"), SheetsAreClasses);
        }
        current = source.options.labelsFromSheets ? tr("All, each named as its class")
                  : source.options.read.allSheets ? tr("All sheets")
                                                  : QString::fromStdString(file.sheet);
    } else if (core::isDocument(source.file.path)) {
        name = tr("A row is");
        const std::pair<core::TextUnit, QString> units[] = {{core::TextUnit::Automatic, tr("found out")},
                                                            {core::TextUnit::Chunks, tr("as much as fits")},
                                                            {core::TextUnit::Paragraphs, tr("a paragraph")},
                                                            {core::TextUnit::Lines, tr("a line")},
                                                            {core::TextUnit::Whole, tr("the whole file")}};
        for (const auto &[unit, text] : units) {
            m_reading->addItem(text, static_cast<int>(unit));
            if (unit == source.options.read.unit)
                current = text;
        }
    } else {
        name = tr("Encoding");
        current = QString::fromStdString(file.encoding);
        add(file.encoding);
        std::for_each(file.offeredEncodings.begin(), file.offeredEncodings.end(), add);
        for (const char *encoding : {"UTF-8", "windows-1252", "windows-1250", "windows-1251", "windows-1254",
                                     "windows-31j", "GB18030", "windows-949", "Big5", "UTF-16LE"})
            add(encoding);
    }
    m_readingName->setText(name);
    m_reading->setAccessibleName(name);
    m_reading->setCurrentText(current);
}

void ImportDialog::chooseReading(ImportSource &source)
{
    const core::RecordFile &file = *source.content;
    if (!file.sheets.empty()) {
        const QVariant chosen = m_reading->currentData();
        const bool isOne = chosen.typeId() == QMetaType::QString;
        source.options.read.allSheets = !isOne;
        source.options.labelsFromSheets = !isOne && chosen.toInt() == SheetsAreClasses;
        source.options.read.sheet = isOne ? chosen.toString().toStdString() : std::string();
    } else if (core::isDocument(source.file.path))
        source.options.read.unit = static_cast<core::TextUnit>(m_reading->currentData().toInt());
    else
        source.options.read.encoding = m_reading->currentData().toString().toStdString();
    read(static_cast<size_t>(&source - m_sources.data()));
}

QString ImportDialog::foundText(const ImportSource &source) const
{
    std::vector<std::string> names;
    for (const auto &twins : source.roles.text)
        names.push_back(twins.front());
    return names.empty() ? tr("Choose") : tr("%1 (detected)").arg(joinedNames(names));
}

QString ImportDialog::foundLabel(const ImportSource &source) const
{
    if (!source.file.label.empty())
        return tr("the folder's name");
    if (source.options.split == core::Split::Unlabelled && source.roles.split.empty())
        return tr("Not needed");
    return source.roles.label.empty() ? tr("No column found")
                                      : tr("%1 (detected)").arg(joinedNames(source.roles.label));
}

QString ImportDialog::passedOverText() const
{
    QStringList names;
    for (size_t i = 0; i < m_passedOver.size() && i < 3; ++i)
        names << QString::fromStdString(m_passedOver[i].file);
    const auto more = static_cast<qint64>(m_passedOver.size()) - names.size();
    return names.join(QStringLiteral(", ")) + (more > 0 ? tr(" and %1 more").arg(more) : QString());
}

}  // namespace ui
