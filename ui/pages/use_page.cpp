// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/use_page.h"

#include "core/tasks/predict_task.h"
#include "ui/dialogs/import/import_dialog.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/choice_card.h"
#include "ui/widgets/try_it.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QClipboard>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QFrame>
#include <QGuiApplication>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>
#include <QUrl>

using base::Result;

namespace ui {

namespace {

/// Beside the file, and never over answers that are there.
std::filesystem::path freeAnswers(const std::filesystem::path &source)
{
    auto target = source;
    std::error_code code;
    for (int i = 1;; ++i) {
        std::string name = source.stem().string() + " answers";
        if (i > 1)
            name += ' ' + std::to_string(i);
        target.replace_filename(name + ".csv");
        if (!std::filesystem::exists(target, code))
            return target;
    }
}

}  // namespace

UsePage::UsePage(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : Page(parent), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    auto *column = makeLayout<QVBoxLayout>({}, 0);
    setLayout(column);
    column->addWidget(buildCards());
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    m_pages = new QStackedWidget;
    m_pages->setProperty("tone", "surface");
    m_pages->addWidget(buildTry());
    m_pages->addWidget(buildFile());
    m_pages->addWidget(buildExport());
    scroll->setWidget(m_pages);
    column->addWidget(scroll, 1);
    connect(&session, &Session::runsChanged, this, &UsePage::refresh);
    choose(ExportCard);
    refresh();
}

QWidget *UsePage::buildCards()
{
    auto *pane = makePane("surface", "bottom");
    auto *row = makeLayout<QHBoxLayout>({24, 16, 24, 17}, 12);
    pane->setLayout(row);
    m_cards = new QButtonGroup(this);
    const struct {
        const char *icon, *name;
        QString title, line;
    } cards[] = {{"try", "cardTry", tr("Try it"), tr("Type, see the answer")},
                 {"file", "cardFile", tr("Classify a file"), tr("Rows in, answers out")},
                 {"export", "cardExport", tr("Export"), tr("A package for others")}};
    for (int i = 0; i < 3; ++i) {
        auto *card = new ChoiceCard(m_theme, cards[i].icon, cards[i].title, cards[i].line);
        card->setObjectName(QLatin1String(cards[i].name));
        m_cards->addButton(card, i);
        row->addWidget(card, 1);
    }
    row->addStretch(1);
    connect(m_cards, &QButtonGroup::idClicked, this, &UsePage::choose);
    return pane;
}

QWidget *UsePage::buildTry()
{
    auto *pane = makePane("surface");
    auto *row = makeLayout<QHBoxLayout>({24, 16, 24, 16});
    pane->setLayout(row);
    auto *tryIt = new TryIt(m_theme, m_session);
    tryIt->setMaximumWidth(560);
    row->addWidget(tryIt, 1);
    row->addStretch();
    return pane;
}

QWidget *UsePage::buildFile()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({24, 16, 24, 16}, 12);
    pane->setLayout(column);
    column->addWidget(makeLabel(tr("Classify a file"), "title"));
    column->addWidget(makeLabel(
        tr("Choose a file of rows. It comes back as a table, .csv or .xlsx, with each row's answer and how sure "
           "it is beside its own columns; or as JSON lines, .jsonl, with all probabilities."),
        "muted", true));
    m_classify = makeButton(tr("Choose a file..."), "classifyFile");
    m_classified = makeLabel({}, nullptr, true);
    m_classified->setObjectName(QStringLiteral("classified"));
    column->addWidget(m_classify, 0, Qt::AlignLeft);
    column->addWidget(m_classified);
    column->addStretch();
    connect(m_classify, &QPushButton::clicked, this, &UsePage::classifyFile);
    return pane;
}

QWidget *UsePage::buildExport()
{
    auto *pane = makePane("surface");
    auto *outer = makeLayout<QHBoxLayout>({24, 16, 24, 16});
    pane->setLayout(outer);
    auto *content = new QWidget;
    content->setMaximumWidth(960);
    outer->addWidget(content, 100);
    outer->addStretch(1);
    auto *column = makeLayout<QVBoxLayout>({}, 12);
    content->setLayout(column);
    auto *head = makeLayout<QHBoxLayout>();
    head->addWidget(makeLabel(tr("Export"), "title"));
    m_what = makeLabel({}, "muted", true);
    head->addWidget(m_what, 1);
    column->addLayout(head);
    auto *card = new QFrame;
    card->setProperty("frame", "card");
    auto *cardRow = makeLayout<QHBoxLayout>({16, 12, 16, 12}, 12);
    card->setLayout(cardRow);
    auto *words = makeLayout<QVBoxLayout>({}, 2);
    words->addWidget(makeLabel(tr("Model folder"), "strong"));
    words->addWidget(
        makeLabel(tr("For engineers who load it in Python with one line, no extra code: weights, tokenizer, class "
                     "names, model card. It is loaded again and checked before it appears."),
                  "muted", true));
    cardRow->addLayout(words, 1);
    m_export = makeButton(tr("Export..."), "exportPackage");
    cardRow->addWidget(m_export, 0, Qt::AlignVCenter);
    column->addWidget(card);
    m_receipt = new QFrame;
    m_receipt->setObjectName(QStringLiteral("receipt"));
    auto *receipt = makeLayout<QVBoxLayout>({20, 16, 20, 16}, 12);
    m_receipt->setLayout(receipt);
    m_receiptTitle = makeLabel({}, "title", true);
    m_receiptError = makeLabel({}, nullptr, true);
    receipt->addWidget(m_receiptTitle);
    receipt->addWidget(m_receiptError);
    auto *figures = makeLayout<QHBoxLayout>({}, 16);
    for (auto &figure : m_figures) {
        auto *one = makeLayout<QVBoxLayout>({}, 0);
        static constexpr const char *Roles[] = {"caption", "figure", "caption"};
        for (int i = 0; i < 3; ++i) {
            figure[i] = makeLabel({}, Roles[i]);
            one->addWidget(figure[i]);
        }
        figures->addLayout(one, 1);
    }
    receipt->addLayout(figures);
    auto *buttons = makeLayout<QHBoxLayout>();
    m_openFolder = makeButton(tr("Open folder"), "openExport", "small");
    m_openFolder->setIcon(m_theme.icon("folder"));
    m_copyPath = makeButton(tr("Copy path"), "copyExportPath", "small");
    m_copyPath->setIcon(m_theme.icon("copy"));
    buttons->addWidget(m_openFolder);
    buttons->addWidget(m_copyPath);
    buttons->addStretch();
    receipt->addLayout(buttons);
    m_receipt->hide();
    column->addWidget(m_receipt);
    column->addStretch();
    connect(m_export, &QPushButton::clicked, this, &UsePage::exportPackage);
    connect(m_openFolder, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_exportedTo)); });
    connect(m_copyPath, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_exportedTo); });
    return pane;
}

Primary UsePage::primary() const
{
    return {tr("Export..."), m_session.inUse().has_value(), tr("Train first: there is no checkpoint to export yet.")};
}

void UsePage::primaryClicked()
{
    choose(ExportCard);
    exportPackage();
}

void UsePage::choose(int card)
{
    m_cards->button(card)->setChecked(true);
    m_pages->setCurrentIndex(card);
}

void UsePage::refresh()
{
    const auto name = m_session.inUse();
    m_export->setEnabled(name.has_value());
    m_classify->setEnabled(name.has_value());
    const QString missing = tr("Train first: there is no checkpoint yet.");
    m_export->setToolTip(name ? QString() : missing);
    m_classify->setToolTip(name ? QString() : missing);
    if (!name) {
        m_what->setText(missing);
    } else {
        const CheckpointView *view = m_session.checkpointOrNull(*name);
        QString text = tr("%1, pass %2.").arg(QString::fromStdString(name->run)).arg(name->epoch);
        if (const auto *shown = view ? view->shownOrNull() : nullptr)
            text += (view->kind() == core::ScoreKind::Exam             ? tr(" Right on %1 exam rows.")
                     : view->kind() == core::ScoreKind::CrossValidated ? tr(" Cross-validated: right on %1 rows.")
                                                                       : tr(" Right on %1 held-out rows."))
                        .arg(shareText(shown->report.correct, shown->report.rows));
        m_what->setText(text);
    }
    Q_EMIT headChanged();
}

void UsePage::exportPackage()
{
    const auto name = m_session.inUse();
    if (!name)
        return;
    const QString suggestion =
        toQString(m_session.folder() / "exports" / (name->run + "-" + std::to_string(name->epoch)));
    const QString target = m_dialogs.chooseSaveFile(this, tr("Export to a new folder"), suggestion);
    if (target.isEmpty())
        return;
    m_export->setEnabled(false);
    QElapsedTimer timer;
    timer.start();
    startWork<core::ExportSummary>(
        m_session.runner(), tr("Exporting"), core::Lane::Interactive, this,
        [folder = m_session.folder(), name = name->text(),
         target = toPath(target)](const base::WorkContext &context) -> Result<core::ExportSummary> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::exportPackage(service, name, target, context);
        },
        [this, timer](const Result<core::ExportSummary> &summary) {
            m_export->setEnabled(true);
            if (summary)
                showReceipt(*summary, static_cast<double>(timer.elapsed()) / 1000);
            else if (summary.error().code != base::ErrorCode::Cancelled)
                showFailure(summary.error());
        });
}

void UsePage::showReceipt(const core::ExportSummary &summary, double seconds)
{
    m_exportedTo = toQString(summary.path);
    m_receipt->setProperty("frame", "receipt");
    m_receipt->style()->unpolish(m_receipt);
    m_receipt->style()->polish(m_receipt);
    m_receiptTitle->setText(tr("Exported, loaded again and checked in %1").arg(durationText(seconds)));
    m_receiptError->hide();
    const auto same = static_cast<qint64>(std::lround(summary.agreement * static_cast<double>(summary.rows)));
    const QString texts[4][3] = {
        {tr("Rows checked"), countText(summary.rows),
         summary.checkedOn == "test" ? tr("the whole exam") : tr("of Train: there is no exam")},
        {tr("Same answers"), tr("%1 of %2").arg(same).arg(summary.rows), tr("as in this window")},
        {tr("Largest difference"), decimals(summary.maxProbabilityDifference, 6), tr("in any probability")},
        {tr("Size"), sizeText(summary.bytes), tr("on disk")}};
    for (int i = 0; i < 4; ++i) {
        for (int j = 0; j < 3; ++j) {
            m_figures[i][j]->setText(texts[i][j]);
            m_figures[i][j]->show();
        }
    }
    m_openFolder->show();
    m_copyPath->show();
    m_receipt->setAccessibleName(m_receiptTitle->text());
    m_receipt->show();
}

void UsePage::showFailure(const base::Error &error)
{
    m_receipt->setProperty("frame", "failed");
    m_receipt->style()->unpolish(m_receipt);
    m_receipt->style()->polish(m_receipt);
    m_receiptTitle->setText(tr("Not exported. Nothing was left behind."));
    const Message message = errorMessage(error);
    m_receiptError->setText(message.cause + u' ' + message.follows);
    m_receiptError->show();
    for (auto &figure : m_figures) {
        for (QLabel *label : figure)
            label->hide();
    }
    m_openFolder->hide();
    m_copyPath->hide();
    m_receipt->show();
}

void UsePage::showAnswered(const core::FileAnswers &answers, const QString &target)
{
    const QString reason = QString::fromStdString(answers.firstProblem);
    QStringList words;
    if (answers.failed == answers.rows)
        words << tr("None of %1 could be classified. The first one: %2.").arg(rowsText(answers.rows), reason);
    else
        words << tr("%1 answered.").arg(rowsText(answers.rows - answers.failed));
    if (answers.failed > 0 && answers.failed < answers.rows)
        words << tr("Left without an answer: %1. The first one: %2.").arg(rowsText(answers.failed), reason);
    words << tr("Written to %1").arg(target);
    for (const std::string &note : answers.notes)
        words << QString::fromStdString(note);
    m_classified->setText(words.join(u' '));
}

void UsePage::classifyFile()
{
    const auto name = m_session.inUse();
    const QStringList chosen = m_dialogs.chooseFiles(this, tr("Choose a file to classify"));
    if (!name || chosen.isEmpty())
        return;
    const auto source = toPath(chosen.front());
    ImportDialog how(m_theme, m_session, m_dialogs, chosen.front(), this);
    if (!m_dialogs.run(how))
        return;
    const QString to = m_dialogs.chooseSaveFile(this, tr("Write the answers to a .csv, .tsv, .xlsx or .jsonl file"),
                                                toQString(freeAnswers(source)));
    if (to.isEmpty())
        return;
    const auto target = toPath(to);
    m_classified->setText(tr("Reading the file."));
    startWork<core::FileAnswers>(
        m_session.runner(), tr("Classifying %1").arg(toQString(source.filename())), core::Lane::Interactive, this,
        [folder = m_session.service().checkpointFolder(name->run, name->epoch), source, target,
         reading = how.reading()](const base::WorkContext &context) {
            return core::predictFile(folder, source, target, {.reading = reading}, 1, context);
        },
        [this, target](const Result<core::FileAnswers> &answers) {
            if (answers) {
                showAnswered(*answers, toQString(target));
            } else if (answers.error().code == base::ErrorCode::Cancelled) {
                m_classified->setText(tr("Stopped. Classify the same file again to go on where it was."));
            } else {
                const Message message = errorMessage(answers.error());
                m_classified->setText(message.cause + u' ' + message.follows);
            }
        });
}

}  // namespace ui
