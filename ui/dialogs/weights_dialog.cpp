// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/weights_dialog.h"

#include "ui/delegates/cell_delegate.h"
#include "ui/message.h"
#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QTableView>

namespace ui {

namespace {

enum Column { Name, Here, Right, Time, Size, Languages, Licence, Columns };

QString stateText(const core::BaseWeights &weights)
{
    if (weights.isHere())
        return QObject::tr("on this machine");
    return weights.fetched > 0 ? QObject::tr("%1 fetched").arg(sizeText(weights.fetched)) : QString();
}

}  // namespace

WeightsDialog::WeightsDialog(const Theme &theme, Session &session, Dialogs &dialogs, Estimate estimate, QWidget *parent)
    : QDialog(parent), m_session(session), m_dialogs(dialogs), m_estimate(std::move(estimate))
{
    setObjectName(QStringLiteral("weightsDialog"));
    setWindowTitle(tr("Base weights"));
    resize(900, 640);
    auto *column = makeLayout<QVBoxLayout>({24, 20, 24, 16}, 8);
    setLayout(column);
    column->addWidget(makeLabel(tr("Base weights"), "title"));
    column->addWidget(
        makeLabel(tr("What a training starts from: a model that has read much, and learns your decision on "
                     "top. Each is fetched once, checked, and used offline from then on."),
                  "muted", true));
    m_model = new QStandardItemModel(0, Columns, this);
    m_model->setHorizontalHeaderLabels(
        {tr("Name"), tr("Here"), tr("Quick test"), tr("Training"), tr("Size"), tr("Languages"), tr("Licence")});
    m_table = new QTableView;
    m_table->setModel(m_model);
    setUpTable(*m_table, "weightsTable", tr("Base weights"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setItemDelegate(new CellDelegate(theme, m_table));
    constexpr int Widths[Columns] = {190, 130, 95, 85, 80, 130, 90};
    for (int i = 0; i < Columns; ++i)
        m_table->setColumnWidth(i, Widths[i]);
    m_table->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_table, 1);
    m_detail = makeLabel({}, nullptr, true);
    m_detail->setObjectName(QStringLiteral("weightsDetail"));
    m_detail->setMinimumHeight(36);
    m_detail->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(m_detail);
    auto *fields = new QFormLayout;
    const auto field = [&](const QString &name, const char *objectName, const QString &hint) {
        auto *edit = new QLineEdit;
        edit->setObjectName(QLatin1String(objectName));
        edit->setAccessibleName(name);
        edit->setPlaceholderText(hint);
        fields->addRow(name, edit);
        return edit;
    };
    m_other = field(tr("Others of the hub"), "weightsOther", tr("owner/name, instead of the list"));
    m_token = field(tr("Token"), "weightsToken", tr("only for weights whose owner asks for one; not kept"));
    m_token->setEchoMode(QLineEdit::Password);
    column->addLayout(fields);
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->hide();
    column->addWidget(m_bar);
    m_news = makeLabel({}, "muted", true);
    m_news->setObjectName(QStringLiteral("weightsNews"));
    m_news->hide();
    column->addWidget(m_news);
    auto *buttons = makeLayout<QHBoxLayout>({0, 8, 0, 0});
    m_remove = makeButton(tr("Remove..."), "weightsRemove");
    m_try = makeButton(tr("Test those here on my rows"), "weightsTry");
    auto *close = makeButton(tr("Close"), "weightsClose");
    m_fetch = makeButton(tr("Fetch"), "weightsFetch", "primary");
    m_fetch->setDefault(true);
    buttons->addWidget(m_remove);
    buttons->addWidget(m_try);
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_fetch);
    column->addLayout(buttons);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &WeightsDialog::select);
    connect(m_other, &QLineEdit::textChanged, this, &WeightsDialog::select);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_remove, &QPushButton::clicked, this, &WeightsDialog::remove);
    connect(m_try, &QPushButton::clicked, this, &WeightsDialog::tryOut);
    connect(m_fetch, &QPushButton::clicked, this, [this] {
        if (isBusy())
            m_job->cancel();
        else
            fetch();
    });
}

void WeightsDialog::showEvent(QShowEvent *event)
{
    fill();
    QDialog::showEvent(event);
}

void WeightsDialog::fill()
{
    const core::BaseWeights *selected = selectedOrNull();
    const std::string name = selected ? selected->name : std::string();
    {
        const QSignalBlocker block(m_table->selectionModel());
        m_weights = core::listWeights();
        m_model->setRowCount(0);
        for (const core::BaseWeights &weights : m_weights) {
            const auto trial = std::ranges::find(m_trials, weights.name, &core::WeightsTrial::name);
            const double seconds = m_estimate(weights.name);
            const QString texts[Columns] = {QString::fromStdString(weights.name),
                                            stateText(weights),
                                            trial == m_trials.end() ? QString()
                                                                    : shareText(trial->heldOutCorrect, trial->rows),
                                            seconds > 0 ? durationText(seconds) : QString(),
                                            sizeText(weights.bytes),
                                            QString::fromStdString(weights.languages),
                                            QString::fromStdString(weights.licence)};
            QList<QStandardItem *> items;
            for (const QString &text : texts)
                items << new QStandardItem(text);
            m_model->appendRow(items);
            if (weights.name == name || (name.empty() && m_model->rowCount() == 1))
                m_table->selectRow(m_model->rowCount() - 1);
        }
    }
    select();
}

const core::BaseWeights *WeightsDialog::selectedOrNull() const
{
    const auto rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() || static_cast<size_t>(rows.first().row()) >= m_weights.size()
               ? nullptr
               : &m_weights[static_cast<size_t>(rows.first().row())];
}

void WeightsDialog::select()
{
    const core::BaseWeights *selected = selectedOrNull();
    const QString other = m_other->text().trimmed();
    const bool isListed = other.isEmpty();
    QString detail;
    if (!isListed) {
        detail = tr("Fetched from %1. Its licence is on its page there.")
                     .arg(QString::fromStdString(core::HubAccess::fromEnvironment().address + "/") + other);
    } else if (selected) {
        detail = QString::fromStdString(selected->summary) + u'.';
        if (selected->source && !selected->isHere())
            detail += u' ' + tr("Comes from %1, under the licence %2.")
                                 .arg(QString::fromStdString(core::HubAccess::fromEnvironment().address + "/" +
                                                             selected->source->hubId),
                                      QString::fromStdString(selected->licence));
    }
    m_detail->setText(detail);
    const bool canFetch = isListed ? selected && !selected->isHere() : true;
    m_fetch->setEnabled(isBusy() || canFetch);
    m_fetch->setText(isBusy()                                        ? tr("Stop")
                     : isListed && selected && selected->fetched > 0 ? tr("Go on fetching")
                                                                     : tr("Fetch"));
    m_try->setEnabled(!isBusy());
    m_remove->setEnabled(!isBusy() && isListed && selected && (selected->isHere() || selected->fetched > 0));
}

void WeightsDialog::fetch()
{
    const core::BaseWeights *selected = selectedOrNull();
    const QString other = m_other->text().trimmed();
    if (other.isEmpty() && !selected)
        return;
    auto request = core::downloadOf(other.isEmpty() ? selected->name : other.toStdString());
    if (!request)
        return sayError(request.error());
    if (!m_token->text().trimmed().isEmpty())
        request->hub.token = m_token->text().trimmed().toStdString();
    const QString name = QString::fromStdString(request->name);
    say(tr("Asking the hub for %1...").arg(name), false);
    begin(startWork<core::DownloadOutcome>(
        m_session.runner(), tr("Fetching %1").arg(name), core::Lane::Shared, this,
        [request = *request](const base::WorkContext &context) { return core::fetchWeights(request, context); },
        [this, name](const base::Result<core::DownloadOutcome> &outcome) { finished(outcome, name); }));
}

void WeightsDialog::tryOut()
{
    say(tr("Each reads your training rows once, and answers those that were left out."), false);
    begin(startWork<std::vector<core::WeightsTrial>>(
        m_session.runner(), tr("Testing base weights"), core::Lane::Exclusive, this,
        [folder =
             m_session.folder()](const base::WorkContext &context) -> base::Result<std::vector<core::WeightsTrial>> {
            auto service = TRY(core::Service::open(folder));
            return core::tryWeights(service, context);
        },
        [this](const base::Result<std::vector<core::WeightsTrial>> &trials) {
            ended();
            if (!trials)
                return sayError(trials.error());
            m_trials = *trials;
            say(tr("Right when left out of training, by the quick recipe. Fine-tuning moves all of them up, mostly the "
                   "large ones."),
                false);
            fill();
        }));
}

void WeightsDialog::begin(core::Job *job)
{
    m_job = job;
    m_bar->setRange(0, 0);
    m_bar->show();
    connect(m_job, &core::Job::progressChanged, this, &WeightsDialog::showProgress);
    select();
}

void WeightsDialog::ended()
{
    m_bar->hide();
    m_job.clear();
    fill();
}

void WeightsDialog::showProgress()
{
    const base::Progress &progress = m_job->progress();
    m_bar->setRange(0, 1000);
    m_bar->setValue(static_cast<int>(progress.done * 1000 / std::max(progress.total, int64_t{1})));
}

void WeightsDialog::finished(const base::Result<core::DownloadOutcome> &outcome, const QString &name)
{
    ended();
    if (!outcome)
        return sayError(outcome.error());
    m_other->clear();
    m_token->clear();
    say(outcome->licence.empty()
            ? tr("%1 is here, every byte checked.").arg(name)
            : tr("%1 is here, every byte checked. Licence: %2.").arg(name, QString::fromStdString(outcome->licence)),
        false);
    Q_EMIT changed(name);
}

void WeightsDialog::remove()
{
    const core::BaseWeights *selected = selectedOrNull();
    if (!selected)
        return;
    const QString name = QString::fromStdString(selected->name);
    if (m_dialogs.choose(this, tr("Remove %1?").arg(name),
                         tr("It frees %1. What was trained from it stays usable; a new training needs it again.")
                             .arg(sizeText(selected->isHere() ? selected->bytes : selected->fetched)),
                         {tr("Remove"), tr("Cancel")}) != 0)
        return;
    if (auto removed = core::removeWeights(selected->name); !removed)
        sayError(removed.error());
    else
        say(tr("%1 is removed.").arg(name), false);
    fill();
    Q_EMIT changed({});
}

void WeightsDialog::sayError(const base::Error &error)
{
    const Message message = errorMessage(error);
    const bool isStopped = error.code == base::ErrorCode::Cancelled;
    say(isStopped ? tr("Stopped. What was fetched is kept.") : message.cause + u' ' + message.follows, !isStopped);
}

void WeightsDialog::say(const QString &text, bool isProblem)
{
    m_news->setProperty("role", isProblem ? "danger" : "muted");
    m_news->style()->unpolish(m_news);
    m_news->style()->polish(m_news);
    m_news->setText(text);
    m_news->setVisible(!text.isEmpty());
}

}  // namespace ui
