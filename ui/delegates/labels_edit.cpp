// SPDX-License-Identifier: Apache-2.0
#include "ui/delegates/labels_edit.h"

#include "core/formats/label_text.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

namespace ui {

namespace {

const QString Separator = QStringLiteral("; ");

QString listOf(const std::vector<std::string> &names)
{
    QJsonArray list;
    for (const std::string &name : names)
        list.append(QString::fromStdString(name));
    return QString::fromUtf8(QJsonDocument(list).toJson(QJsonDocument::Compact));
}

}  // namespace

LabelsEdit::LabelsEdit(const QStringList &classes, QWidget *parent)
    : QLineEdit(parent), m_names(new QCompleter(classes, this))
{
    for (const QString &name : classes)
        m_classes.push_back(name.toStdString());
    setObjectName(QStringLiteral("labelEditor"));
    setAccessibleName(tr("Labels"));
    setPlaceholderText(tr("refund; delivery"));
    setToolTip(tr("Names with ; between them. [] stands for none of the classes."));
    // Not setCompleter: that one would complete the whole line.
    m_names->setWidget(this);
    m_names->setFilterMode(Qt::MatchContains);
    m_names->setCaseSensitivity(Qt::CaseInsensitive);
    connect(m_names, qOverload<const QString &>(&QCompleter::activated), this, &LabelsEdit::take);
    connect(this, &QLineEdit::textEdited, this, &LabelsEdit::offer);
}

void LabelsEdit::setLabels(const QString &labels)
{
    const auto names = namesIn(labels);
    if (labels.isEmpty())
        setText(labels);
    else if (labels.startsWith(u'[') || namesIn(labels + Separator) != names)
        setText(listOf(names));
    else
        setText(labels + Separator);
}

/// A table chooses the whole line of its editor, and what is typed would take its place.
void LabelsEdit::showEvent(QShowEvent *event)
{
    QLineEdit::showEvent(event);
    if (!text().startsWith(u'['))
        end(false);
}

std::vector<std::string> LabelsEdit::namesIn(const QString &text) const
{
    // What is not whole yet, as it is being typed, holds no names.
    const std::set<std::string> known(m_classes.begin(), m_classes.end());
    return core::splitLabels(text.toStdString(), known).value_or(std::vector<std::string>());
}

/// Of the name that the cursor is in.
qsizetype LabelsEdit::startOfName() const
{
    const qsizetype before = cursorPosition() == 0 ? -1 : text().lastIndexOf(u';', cursorPosition() - 1);
    qsizetype start = before + 1;
    while (start < cursorPosition() && text()[start] == u' ')
        ++start;
    return start;
}

void LabelsEdit::offer()
{
    const qsizetype start = startOfName();
    const QString typed = text().mid(start, cursorPosition() - start);
    m_names->setCompletionPrefix(typed);
    if (typed.isEmpty() || m_names->completionCount() == 0)
        return m_names->popup()->hide();
    m_names->complete();
    m_names->popup()->setCurrentIndex(m_names->completionModel()->index(0, 0));
}

void LabelsEdit::take(const QString &name)
{
    const qsizetype start = startOfName();
    qsizetype end = text().indexOf(u';', cursorPosition());
    const bool isLast = end < 0;
    end = isLast ? text().size() : end;
    const QString inserted = isLast ? name + Separator : name;
    const QString line = text().left(start) + inserted + text().mid(end);
    std::vector<std::string> wanted = namesIn(text().left(start));
    const std::vector<std::string> behind = namesIn(text().mid(end));
    wanted.push_back(name.toStdString());
    wanted.insert(wanted.end(), behind.begin(), behind.end());
    const auto isMeant = [&](const std::string &each) { return std::ranges::find(wanted, each) != wanted.end(); };
    if (const auto read = namesIn(line); !std::ranges::all_of(read, isMeant)) {
        setText(listOf(wanted));
        return;
    }
    setText(line);
    setCursorPosition(static_cast<int>(start + inserted.size()));
}

}  // namespace ui
