// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/report_dialog.h"

#include "core/base/atomic_file.h"
#include "ui/dialogs/dialog_buttons.h"
#include "ui/words.h"

#include <QBuffer>
#include <QCheckBox>
#include <QPdfWriter>
#include <QRadioButton>
#include <QRegularExpression>
#include <QTextDocument>

namespace ui {

namespace {

constexpr int PdfDotsPerInch = 120;

/// What QTextDocument understands of the page: no drawings, and widths that it can divide.
QString plainPage(const std::string &html)
{
    static const QRegularExpression notForText(QStringLiteral("<figure>.*?</figure>|<style>.*?</style>|<meta[^>]*>"),
                                               QRegularExpression::DotMatchesEverythingOption);
    QString page = QString::fromStdString(html).remove(notForText);
    page.replace(QStringLiteral("<table>"),
                 QStringLiteral("<table width=\"100%\" cellpadding=\"3\" cellspacing=\"0\">"));
    return page;
}

}  // namespace

ReportDialog::ReportDialog(const QString &checkpoint, QWidget *parent) : QDialog(parent)
{
    setObjectName(QStringLiteral("reportDialog"));
    setWindowTitle(tr("Report on %1").arg(checkpoint));
    setMinimumWidth(460);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    auto *brief = new QRadioButton(tr("Brief: how often it is right, each class, what next"));
    brief->setObjectName(QStringLiteral("reportBrief"));
    m_full = new QRadioButton(tr("Full: all checkpoints, intervals, charts, confusions and settings, too"));
    m_full->setObjectName(QStringLiteral("reportFull"));
    brief->setChecked(true);
    m_texts = new QCheckBox(tr("With the texts of wrong rows"));
    m_texts->setObjectName(QStringLiteral("reportTexts"));
    column->addWidget(brief);
    column->addWidget(m_full);
    column->addWidget(m_texts);
    column->addWidget(makeLabel(tr("The page is one file that opens anywhere and asks nothing of the network. Without "
                                   "the box above no text of a row is in it. A name that ends in .pdf gives a PDF, "
                                   "without the charts."),
                                "caption", true));
    addDialogButtons(*this, *column, tr("Save..."), "reportAccept");
}

core::HtmlReportOptions ReportDialog::options() const
{
    return {m_full->isChecked(), m_texts->isChecked()};
}

base::Result<void> writeReport(const std::string &html, const QString &path)
{
    if (!path.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive))
        return base::writeFile(toPath(path), html);
    QBuffer bytes;
    bytes.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&bytes);
        writer.setResolution(PdfDotsPerInch);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF(18, 18, 18, 18), QPageLayout::Millimeter);
        QTextDocument document;
        document.setDefaultStyleSheet(
            QStringLiteral("body { font-size: 10pt; } h1 { font-size: 18pt; } "
                           "h2 { font-size: 13pt; } .lead { font-size: 14pt; font-weight: 600; } "
                           "td { border-bottom: 1px solid #dedbd5; } .muted { color: #625f5a; }"));
        document.setHtml(plainPage(html));
        document.print(&writer);
    }
    return base::writeFile(toPath(path), bytes.data().toStdString());
}

}  // namespace ui
