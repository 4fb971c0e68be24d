// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/report_dialog.h"

#include "core/base/atomic_file.h"
#include "ui/dialogs/dialog_buttons.h"
#include "ui/words.h"

#include <QBuffer>
#include <QCheckBox>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTextDocument>
#include <QUrl>

namespace ui {

namespace {

constexpr int PdfDotsPerInch = 120;

/// Pixels a point of the page; charts are drawn at so many.
constexpr int ChartScale = 3;
/// QSvgRenderer knows no variables.
constexpr const char *ChartStyle =
    "<style>text{fill:#625f5a;font-size:11px;font-family:sans-serif}.grid{stroke:#dedbd5;fill:none}"
    ".first{stroke:#0b6b74;fill:none;stroke-width:2}.second{stroke:#625f5a;fill:none;stroke-dasharray:5 3}"
    ".guide{stroke:#625f5a;fill:none;stroke-dasharray:1 3}.dot{fill:#0b6b74;stroke:#0b6b74}</style>";

/// A chart of the page, drawn; a null image where it is none.
QImage drawn(QString svg)
{
    svg.replace(QStringLiteral("&nbsp;"), QStringLiteral("&#160;"));
    svg.replace(svg.indexOf(u'>') + 1, 0, QLatin1String(ChartStyle));
    if (!svg.contains(QStringLiteral("xmlns")))
        svg.replace(QStringLiteral("<svg "), QStringLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" "));
    QSvgRenderer renderer(svg.toUtf8());
    if (!renderer.isValid())
        return {};
    QImage image(renderer.defaultSize() * ChartScale, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    return image;
}

/// What QTextDocument understands of the page: widths that it can divide, and charts as images, side by side in pairs.
void fillDocument(QTextDocument &document, const std::string &html)
{
    static const QRegularExpression notForText(QStringLiteral("<style>.*?</style>|<meta[^>]*>"),
                                               QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression figure(
        QStringLiteral("<figure>(<svg.*?</svg>)<figcaption>(.*?)</figcaption></figure>"),
        QRegularExpression::DotMatchesEverythingOption);
    QString page = QString::fromStdString(html).remove(notForText);
    page.replace(QStringLiteral("<table>"),
                 QStringLiteral("<table width=\"100%\" cellpadding=\"3\" cellspacing=\"0\">"));
    int number = 0;
    for (auto found = figure.match(page); found.hasMatch(); found = figure.match(page, found.capturedStart())) {
        const QImage image = drawn(found.captured(1));
        const QString name = QStringLiteral("chart%1").arg(++number);
        document.addResource(QTextDocument::ImageResource, QUrl(name), image);
        page.replace(found.capturedStart(), found.capturedLength(),
                     QStringLiteral("<p><img src=\"%1\" width=\"%2\" height=\"%3\"><br>%4</p>")
                         .arg(name)
                         .arg(image.width() / ChartScale)
                         .arg(image.height() / ChartScale)
                         .arg(found.captured(2)));
    }
    document.setHtml(page);
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
                                   "the box above no text of a row is in it. A name that ends in .pdf gives a PDF."),
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
        fillDocument(document, html);
        document.print(&writer);
    }
    return base::writeFile(toPath(path), bytes.data().toStdString());
}

}  // namespace ui
