// SPDX-License-Identifier: Apache-2.0
#include "ui/results/metrics_pane.h"

#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>

using base::Result;

namespace ui {

namespace {

constexpr int EditorWidth = 560;
constexpr int LowestCode = 120;

QString figureText(double value)
{
    return decimals(value, std::abs(value) < 10 ? 3 : 1);
}

}  // namespace

MetricsPane::MetricsPane(const Theme &theme, Session &session, QWidget *parent)
    : ComputedPane(parent), m_theme(theme), m_session(session)
{
    auto *row = makeLayout<QHBoxLayout>({}, 0);
    setLayout(row);
    auto *left = makeLayout<QVBoxLayout>({}, 0);
    m_empty = makeLabel(tr("Figures of your own: a small function is called for each row that Results counts, and its "
                           "mean is the score. Begin with a ready-made one."),
                        "muted", true);
    m_empty->setContentsMargins(24, 12, 24, 12);
    left->addWidget(m_empty);
    m_table = makeReadTable(theme, m_model, "metricTable", tr("Figures of your own"));
    left->addWidget(m_table, 1);
    left->addStretch();
    row->addLayout(left, 1);
    row->addWidget(buildEditor());
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        if (now.isValid() && static_cast<size_t>(now.row()) < m_outcomes.size()) {
            show(m_outcomes[static_cast<size_t>(now.row())].metric);
            say(m_outcomes[static_cast<size_t>(now.row())]);
        }
    });
}

QWidget *MetricsPane::buildEditor()
{
    auto *pane = makePane("raised", "left");
    auto *column = makeLayout<QVBoxLayout>({16, 12, 16, 12}, 8);
    pane->setLayout(column);
    auto *top = makeLayout<QHBoxLayout>({}, 8);
    m_name = new QLineEdit;
    m_name->setObjectName(QStringLiteral("metricName"));
    m_name->setAccessibleName(tr("Name of the figure"));
    m_name->setPlaceholderText(tr("What it is called"));
    m_ready = new QComboBox;
    m_ready->setObjectName(QStringLiteral("readyMetrics"));
    m_ready->setAccessibleName(tr("Ready-made figures"));
    m_ready->addItem(tr("Ready-made..."));
    for (const core::CustomMetric &metric : core::readyMetrics())
        m_ready->addItem(QString::fromStdString(metric.name));
    top->addWidget(m_name, 1);
    top->addWidget(m_ready);
    column->addLayout(top);
    m_code = new QPlainTextEdit;
    m_code->setObjectName(QStringLiteral("metricCode"));
    m_code->setAccessibleName(tr("Its function"));
    m_code->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_code->setPlaceholderText(QStringLiteral("(text, expected, predicted, probabilities) => ..."));
    m_code->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_code->setTabChangesFocus(true);
    m_code->setMinimumHeight(LowestCode);
    column->addWidget(m_code, 1);
    m_said = makeLabel({}, nullptr, true);
    m_said->setObjectName(QStringLiteral("metricSaid"));
    m_said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_said);
    auto *buttons = makeLayout<QHBoxLayout>({}, 8);
    m_try = makeButton(tr("Try it"), "tryMetric", "small");
    m_keep = makeButton(tr("Keep"), "keepMetric", "small");
    m_forget = makeButton(tr("Forget"), "forgetMetric", "small");
    m_openRow = makeButton(tr("Show the row"), "openMetricRow", "small");
    m_openRow->hide();
    for (auto *button : {m_try, m_keep, m_forget})
        buttons->addWidget(button);
    buttons->addStretch();
    buttons->addWidget(m_openRow);
    column->addLayout(buttons);
    column->addWidget(makeLabel(tr("JavaScript in a process of its own, without files or network; two seconds a row. "
                                   "Where a row may have several classes, expected and predicted are lists."),
                                "caption", true));
    auto *scroll = makeScroll(pane);
    scroll->setFixedWidth(EditorWidth);
    const auto fit = [this] {
        const bool hasCode = !m_code->toPlainText().trimmed().isEmpty();
        m_try->setEnabled(hasCode && !m_isTrying);
        m_keep->setEnabled(hasCode && !m_name->text().trimmed().isEmpty());
        const std::string name = m_name->text().trimmed().toStdString();
        m_forget->setEnabled(std::any_of(m_outcomes.begin(), m_outcomes.end(),
                                         [&](const Outcome &outcome) { return outcome.metric.name == name; }));
    };
    connect(m_name, &QLineEdit::textChanged, this, fit);
    connect(m_code, &QPlainTextEdit::textChanged, this, fit);
    connect(m_ready, &QComboBox::activated, this, [this](int index) {
        if (index > 0)
            show(core::readyMetrics()[static_cast<size_t>(index) - 1]);
        m_ready->setCurrentIndex(0);
    });
    connect(m_try, &QPushButton::clicked, this, &MetricsPane::tryIt);
    connect(m_keep, &QPushButton::clicked, this, &MetricsPane::keep);
    connect(m_forget, &QPushButton::clicked, this, &MetricsPane::forget);
    connect(m_openRow, &QPushButton::clicked, this, [this] { Q_EMIT rowsOpened({m_failedRow}); });
    fit();
    return scroll;
}

void MetricsPane::show(const core::CustomMetric &metric)
{
    m_name->setText(QString::fromStdString(metric.name));
    m_code->setPlainText(QString::fromStdString(metric.code));
    m_said->clear();
    m_openRow->hide();
}

MetricsPane::Outcome MetricsPane::outcomeOf(const core::CustomMetric &metric, const core::Service &service,
                                            const core::CheckpointResults &results, const base::WorkContext &context)
{
    core::MetricFailure failed;
    auto score = core::scoreBy(metric, service, results.shown, context, &failed);
    return {metric, std::move(score), std::move(failed)};
}

void MetricsPane::compute(const SharedResults &results)
{
    auto kept = core::metricsOf(m_session.service());
    startWork<std::vector<Outcome>>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), results, metrics = kept ? std::move(*kept) : std::vector<core::CustomMetric>()](
            const base::WorkContext &context) -> Result<std::vector<Outcome>> {
            auto service = TRY(core::Service::openAgain(folder));
            std::vector<Outcome> outcomes;
            for (const core::CustomMetric &metric : metrics)
                outcomes.push_back(outcomeOf(metric, service, *results, context));
            return outcomes;
        },
        [this, results](Result<std::vector<Outcome>> made) {
            m_outcomes = made ? std::move(*made) : std::vector<Outcome>();
            finished(results);
        });
}

void MetricsPane::fill()
{
    m_empty->setVisible(m_outcomes.empty());
    m_table->setVisible(!m_outcomes.empty());
    m_model.clear();
    m_model.setHorizontalHeaderLabels({tr("Figure"), tr("Mean"), tr("Between")});
    m_model.horizontalHeaderItem(1)->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
    for (const Outcome &outcome : m_outcomes) {
        const auto &score = outcome.score;
        auto *mean = new QStandardItem(score ? figureText(score->mean) : tr("failed"));
        mean->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
        auto *range = new QStandardItem(
            score ? tr("%1 to %2").arg(figureText(score->interval.low), figureText(score->interval.high)) : QString());
        if (!score)
            range->setToolTip(QString::fromStdString(score.error().message).toHtmlEscaped());
        m_model.appendRow({new QStandardItem(QString::fromStdString(outcome.metric.name)), mean, range});
    }
    const int widths[] = {240, 90, 160};
    for (int column = 0; column < m_model.columnCount(); ++column)
        m_table->setColumnWidth(column, widths[column]);
    Q_EMIT m_name->textChanged(m_name->text());
}

void MetricsPane::tryIt()
{
    if (!results())
        return;
    m_isTrying = true;
    m_try->setEnabled(false);
    m_said->setText(tr("Calling it for each row..."));
    m_openRow->hide();
    const core::CustomMetric metric{m_name->text().trimmed().toStdString(), m_code->toPlainText().toStdString()};
    startWork<Outcome>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [folder = m_session.folder(), shown = results(), metric](const base::WorkContext &context) -> Result<Outcome> {
            auto service = TRY(core::Service::openAgain(folder));
            return outcomeOf(metric, service, *shown, context);
        },
        [this](Result<Outcome> made) {
            m_isTrying = false;
            m_try->setEnabled(true);
            if (made)
                say(*made);
            else
                m_said->setText(QString::fromStdString(made.error().message));
        });
}

void MetricsPane::say(const Outcome &outcome)
{
    const auto &score = outcome.score;
    m_said->setText(score ? tr("%1 on average over %2 (between %3 and %4).")
                                .arg(figureText(score->mean), rowsText(static_cast<qint64>(score->values.size())),
                                     figureText(score->interval.low), figureText(score->interval.high))
                          : QString::fromStdString(score.error().message));
    m_failedRow = outcome.failed.example;
    m_openRow->setVisible(m_failedRow > 0);
}

void MetricsPane::keep()
{
    if (m_session.isReadOnly())
        return;
    const auto kept = core::keepMetric(m_session.service(),
                                       {m_name->text().trimmed().toStdString(), m_code->toPlainText().toStdString()});
    if (!kept)
        m_said->setText(QString::fromStdString(kept.error().message));
    else
        computeAgain();
}

void MetricsPane::forget()
{
    if (m_session.isReadOnly())
        return;
    const auto gone = core::keepMetric(m_session.service(), {m_name->text().trimmed().toStdString(), {}});
    if (!gone)
        m_said->setText(QString::fromStdString(gone.error().message));
    else
        computeAgain();
}

}  // namespace ui
