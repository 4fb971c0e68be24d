// SPDX-License-Identifier: Apache-2.0
#include "ui/session/clipboard_table.h"

#include <QMimeData>
#include <QTextDocument>
#include <QTextTable>
#include <algorithm>

namespace ui {

namespace {

/// Parsing more would be felt; the text says the same.
constexpr qsizetype MostHtml = 8'000'000;

/// Loads nothing.
class ClosedDocument final : public QTextDocument {
public:
    using QTextDocument::QTextDocument;

protected:
    QVariant loadResource(int, const QUrl &) override { return QByteArray(); }
};

QTextTable *firstTable(QTextFrame *frame)
{
    for (QTextFrame *child : frame->childFrames()) {
        if (auto *table = qobject_cast<QTextTable *>(child))
            return table;
        if (auto *inside = firstTable(child))
            return inside;
    }
    return nullptr;
}

QString textOf(const QTextTableCell &cell)
{
    QTextCursor cursor = cell.firstCursorPosition();
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor::KeepAnchor);
    QString text = cursor.selectedText();
    text.replace(QChar::ParagraphSeparator, u'\n').replace(QChar::LineSeparator, u'\n').replace(QChar::Nbsp, u' ');
    return text;
}

CellTable cellsOfHtml(const QString &html)
{
    ClosedDocument document;
    document.setHtml(html);
    CellTable cells;
    const QTextTable *table = firstTable(document.rootFrame());
    if (!table)
        return cells;
    for (int row = 0; row < table->rows(); ++row) {
        QStringList line;
        for (int column = 0; column < table->columns(); ++column) {
            const QTextTableCell cell = table->cellAt(row, column);
            // A merged cell has its text once.
            line << (cell.row() == row && cell.column() == column ? textOf(cell) : QString());
        }
        cells << line;
    }
    return cells;
}

void dropEmptyRows(CellTable &cells)
{
    cells.removeIf([](const QStringList &row) {
        return std::all_of(row.begin(), row.end(), [](const QString &cell) { return cell.trimmed().isEmpty(); });
    });
}

QString quoted(QString text)
{
    if (text.contains(u'\t') || text.contains(u'\n') || text.contains(u'"'))
        return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return text;
}

}  // namespace

CellTable cellsOf(const QString &block)
{
    CellTable rows{QStringList(QString())};
    bool quoted = false;
    for (qsizetype i = 0; i < block.size(); ++i) {
        const QChar c = block[i];
        QString &cell = rows.back().back();
        if (quoted) {
            if (c != u'"')
                cell += c;
            else if (i + 1 < block.size() && block[i + 1] == u'"')
                cell += block[++i];
            else
                quoted = false;
        } else if (c == u'"' && cell.isEmpty()) {
            quoted = true;
        } else if (c == u'\t') {
            rows.back() << QString();
        } else if (c == u'\n') {
            rows << QStringList(QString());
        } else if (c != u'\r') {
            cell += c;
        }
    }
    if (quoted && block.count(u'"') % 2 == 1) {  // a quotation mark that nothing closes is a character
        rows.clear();
        for (const QString &line : block.split(u'\n'))
            rows << (line.endsWith(u'\r') ? line.chopped(1) : line).split(u'\t');
    }
    dropEmptyRows(rows);
    return rows;
}

CellTable cellsOf(const QMimeData &clipboard)
{
    if (clipboard.hasHtml() && clipboard.html().size() <= MostHtml) {
        CellTable cells = cellsOfHtml(clipboard.html());
        dropEmptyRows(cells);
        if (!cells.isEmpty())
            return cells;
    }
    return cellsOf(clipboard.text());
}

QMimeData *toClipboard(const CellTable &table)
{
    QString text, html = QStringLiteral("<meta charset=\"utf-8\"><table>");
    for (const QStringList &row : table) {
        html += QStringLiteral("<tr>");
        for (qsizetype i = 0; i < row.size(); ++i) {
            text += (i > 0 ? QStringLiteral("\t") : QString()) + quoted(row[i]);
            // Excel makes a new cell of a plain <br>.
            html +=
                QStringLiteral("<td style=\"mso-data-placement:same-cell;white-space:pre-wrap\">") +
                row[i].toHtmlEscaped().replace(u'\n', QStringLiteral("<br style=\"mso-data-placement:same-cell\">")) +
                QStringLiteral("</td>");
        }
        text += u'\n';
        html += QStringLiteral("</tr>");
    }
    auto *data = new QMimeData;
    data->setText(text);
    data->setHtml(html + QStringLiteral("</table>"));
    return data;
}

PasteColumns guessColumns(const CellTable &table)
{
    static const QStringList Texts{QStringLiteral("text"),      QStringLiteral("question"), QStringLiteral("prompt"),
                                   QStringLiteral("input"),     QStringLiteral("context"),  QStringLiteral("message"),
                                   QStringLiteral("input_text")};
    static const QStringList Labels{QStringLiteral("label"),      QStringLiteral("answer"),
                                    QStringLiteral("class"),      QStringLiteral("category"),
                                    QStringLiteral("completion"), QStringLiteral("expected_output")};
    PasteColumns columns;
    qsizetype widest = 0;
    for (const QStringList &row : table)
        widest = std::max(widest, row.size());
    const auto named = [&](const QStringList &names) {
        for (qsizetype i = 0; !table.isEmpty() && i < table.front().size(); ++i) {
            if (names.contains(table.front()[i].trimmed(), Qt::CaseInsensitive))
                return static_cast<int>(i);
        }
        return -1;
    };
    const int text = named(Texts), label = named(Labels);
    columns.hasHeader = text >= 0 && (label >= 0 || widest == 1) && table.size() > 1;
    if (columns.hasHeader) {
        columns.text = text;
        columns.label = label;
        columns.comment = named({QStringLiteral("comment"), QStringLiteral("note"), QStringLiteral("notes")});
    } else if (widest > 2) {  // the longest cells are the texts
        QList<qsizetype> lengths(widest, 0);
        for (const QStringList &row : table) {
            for (qsizetype i = 0; i < row.size(); ++i)
                lengths[i] += row[i].size();
        }
        columns.text = static_cast<int>(std::max_element(lengths.begin(), lengths.end()) - lengths.begin());
        columns.label = columns.text + 1 < widest ? columns.text + 1 : columns.text - 1;
    } else {
        columns.label = widest > 1 ? 1 : -1;
    }
    columns.isUnusual = columns.hasHeader || widest > 2;
    return columns;
}

}  // namespace ui
