// SPDX-License-Identifier: Apache-2.0
// The choices of the import dialog that only some files ask: separator, first row, and what numbers stand for.
#include "ui/dialogs/import_dialog.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QComboBox>
#include <QSignalBlocker>

namespace ui {

namespace {

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

}  // namespace

QWidget *ImportDialog::buildTableChoices()
{
    m_tableChoices = new QWidget;
    auto *row = makeLayout<QHBoxLayout>({16, 0, 16, 12}, 8);
    m_tableChoices->setLayout(row);
    const auto choice = [&](const QString &name, const char *object, QLabel *&label) {
        auto *box = new QComboBox;
        box->setObjectName(QString::fromLatin1(object));
        box->setAccessibleName(name);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(14);
        box->setMinimumWidth(130);
        label = makeLabel(name, "caption");
        label->setBuddy(box);
        row->addWidget(label);
        row->addWidget(box);
        return box;
    };
    m_separator = choice(tr("Separator"), "importSeparator", m_separatorName);
    m_header = choice(tr("First row"), "importHeader", m_headerName);
    m_numbers = choice(tr("Numbers are"), "importNumbers", m_numbersName);
    row->addStretch();
    const auto readAgain = [this] {
        ImportSource *source = currentOrNull();
        if (!source)
            return;
        source->options.read.table.separator = m_separator->currentData().toString().toStdString();
        source->options.read.table.header = static_cast<core::HeaderRow>(m_header->currentData().toInt());
        read(static_cast<size_t>(source - m_sources.data()));
    };
    connect(m_separator, &QComboBox::activated, this, readAgain);
    connect(m_header, &QComboBox::activated, this, readAgain);
    connect(m_numbers, &QComboBox::activated, this, [this] {
        ImportSource *source = currentOrNull();
        if (!source)
            return;
        source->options.numbers = static_cast<core::NumberLabels>(m_numbers->currentData().toInt());
        source->shape(m_session);
        showFiles();
        showPreview();
    });
    return m_tableChoices;
}

void ImportDialog::showTableChoices(const ImportSource &source)
{
    const QSignalBlocker blocks[] = {QSignalBlocker(m_separator), QSignalBlocker(m_header), QSignalBlocker(m_numbers)};
    const bool isTable = source.isTextTable();
    const bool asksNumbers = !source.roles.numbers.empty() && !source.roles.reading.classes.empty();
    for (QWidget *widget : {static_cast<QWidget *>(m_separator), static_cast<QWidget *>(m_separatorName),
                            static_cast<QWidget *>(m_header), static_cast<QWidget *>(m_headerName)})
        widget->setVisible(isTable);
    m_numbers->setVisible(asksNumbers);
    m_numbersName->setVisible(asksNumbers);
    m_tableChoices->setVisible(isTable || asksNumbers);
    m_separator->clear();
    const std::pair<QString, QString> separators[] = {{tr("Detected"), QString()},
                                                      {tr("Comma"), QStringLiteral(",")},
                                                      {tr("Semicolon"), QStringLiteral(";")},
                                                      {tr("Tab"), QStringLiteral("\t")},
                                                      {tr("Bar"), QStringLiteral("|")}};
    for (const auto &[name, value] : separators)
        m_separator->addItem(name, value);
    m_separator->setCurrentIndex(
        std::max(0, m_separator->findData(QString::fromStdString(source.options.read.table.separator))));
    m_header->clear();
    const QString found = source.content->hasHeader ? tr("Detected: names") : tr("Detected: a row");
    m_header->addItem(found, static_cast<int>(core::HeaderRow::Automatic));
    m_header->addItem(tr("Names the columns"), static_cast<int>(core::HeaderRow::Present));
    m_header->addItem(tr("Is a row"), static_cast<int>(core::HeaderRow::Absent));
    m_header->setCurrentIndex(std::max(0, m_header->findData(static_cast<int>(source.options.read.table.header))));
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
    m_numbers->setCurrentIndex(std::max(0, m_numbers->findData(static_cast<int>(source.options.numbers))));
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
