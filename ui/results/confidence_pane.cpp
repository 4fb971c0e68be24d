// SPDX-License-Identifier: Apache-2.0
#include "ui/results/confidence_pane.h"

#include "ui/dialogs/costs_dialog.h"
#include "ui/results/verdict.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QSignalBlocker>
#include <QSlider>
#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int ControlsWidth = 420;
constexpr int SpinWidth = 92;
constexpr int Ticks = 200;  ///< of the slider
constexpr double UsualTarget = 0.95;
constexpr size_t MostPoints = 400;

QDoubleSpinBox *makeSpin(const char *objectName, const QString &name, double low, double high, double value,
                         const QString &suffix = {})
{
    auto *spin = new QDoubleSpinBox;
    spin->setObjectName(QLatin1String(objectName));
    spin->setAccessibleName(name);
    spin->setRange(low, high);
    spin->setDecimals(suffix.isEmpty() ? 2 : 1);
    spin->setValue(value);
    spin->setSuffix(suffix);
    spin->setFixedWidth(SpinWidth);
    return spin;
}

/// For each threshold that occurs how much is answered, and how much of that is right; the highest first.
std::vector<QPointF> coveragePoints(const std::vector<engine::Verdict> &verdicts)
{
    std::vector<std::pair<float, bool>> sorted;
    for (const auto &verdict : verdicts)
        sorted.emplace_back(verdict.confidence, verdict.isRight());
    std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    std::vector<QPointF> points;
    const auto all = static_cast<double>(sorted.size());
    const size_t every = std::max<size_t>(1, sorted.size() / MostPoints);
    double right = 0;
    for (size_t i = 0; i < sorted.size(); ++i) {
        right += sorted[i].second ? 1 : 0;
        const auto answered = static_cast<double>(i + 1);
        // The first few jump between nothing and all.
        if (answered >= std::min(20.0, all) && (i % every == 0 || i + 1 == sorted.size()))
            points.emplace_back(answered / all, right / answered);
    }
    return points;
}

}  // namespace

ConfidencePane::ConfidencePane(const Theme &theme, Session &session, Dialogs &dialogs, QWidget *parent)
    : ResultPane(parent), m_theme(theme), m_session(session), m_dialogs(dialogs)
{
    auto *outer = makeLayout<QHBoxLayout>({}, 0);
    setLayout(outer);
    outer->addWidget(buildControls());
    outer->addWidget(buildPlots(), 1);
}

QWidget *ConfidencePane::buildControls()
{
    auto *pane = makePane("surface");
    auto *column = makeLayout<QVBoxLayout>({24, 12, 16, 12}, 8);
    pane->setLayout(column);
    m_verdict = makeLabel({}, "strong", true);
    m_verdict->setObjectName(QStringLiteral("askVerdict"));
    m_range = makeLabel({}, "muted", true);
    column->addWidget(m_verdict);
    column->addWidget(m_range);
    auto *row = makeLayout<QHBoxLayout>({}, 8);
    m_threshold = makeLabel({});
    m_slider = new QSlider(Qt::Horizontal);
    m_slider->setObjectName(QStringLiteral("askBelow"));
    m_slider->setAccessibleName(tr("Ask a person below"));
    m_slider->setRange(0, Ticks);
    m_slider->setPageStep(Ticks / 20);
    row->addWidget(m_threshold);
    row->addWidget(m_slider, 1);
    column->addLayout(row);
    m_setters = new QWidget;
    auto *setters = makeLayout<QVBoxLayout>({}, 8);
    m_setters->setLayout(setters);
    auto *target = makeLayout<QHBoxLayout>({}, 8);
    m_target = makeSpin("rightTarget", tr("Share that is to be right"), 50, 100, UsualTarget * 100, tr(" %"));
    auto *set = makeButton(tr("Set"), "setByTarget", "small");
    target->addWidget(makeLabel(tr("Be right on at least")));
    target->addWidget(m_target);
    target->addWidget(set);
    target->addStretch();
    setters->addLayout(target);
    m_perClass = new QCheckBox(tr("Each class its own limit"));
    m_perClass->setObjectName(QStringLiteral("askPerClass"));
    setters->addWidget(m_perClass);
    auto *money = makeLayout<QHBoxLayout>({}, 8);
    m_wrongCost = makeSpin("wrongCost", tr("What a mistake costs"), 0, 1e6, 10);
    m_askCost = makeSpin("askCost", tr("What asking costs"), 0, 1e6, 1);
    auto *cheapest = makeButton(tr("Set"), "setByCosts", "small");
    money->addWidget(makeLabel(tr("Mistake costs")));
    money->addWidget(m_wrongCost);
    money->addWidget(makeLabel(tr("asking")));
    money->addWidget(m_askCost);
    money->addWidget(cheapest);
    money->addStretch();
    setters->addLayout(money);
    m_pairCosts = makeButton(tr("Each mistake its own cost..."), "pairCosts", "small");
    setters->addWidget(m_pairCosts, 0, Qt::AlignLeft);
    column->addWidget(m_setters);
    m_cost = makeLabel({}, "muted", true);
    m_cost->setObjectName(QStringLiteral("askCostSaid"));
    m_by = makeLabel({}, "caption", true);
    m_by->setObjectName(QStringLiteral("askBy"));
    auto *use = makeLayout<QHBoxLayout>({}, 8);
    m_use = makeButton(tr("Use this limit"), "useLimit", "small");
    m_inUse = makeLabel({}, "muted", true);
    m_inUse->setObjectName(QStringLiteral("limitInUse"));
    use->addWidget(m_use, 0, Qt::AlignTop);
    use->addWidget(m_inUse, 1);
    column->addLayout(use);
    connect(m_use, &QPushButton::clicked, this, [this] { Q_EMIT useAsked(m_rule, m_results->shown.learned); });
    column->addWidget(m_cost);
    column->addWidget(m_by);
    column->addStretch();
    auto *scroll = makeScroll(pane);
    scroll->setFixedWidth(ControlsWidth);
    connect(m_slider, &QSlider::valueChanged, this,
            [this](int value) { setRule({value == Ticks ? engine::AskAlways : static_cast<float>(value) / Ticks}); });
    connect(set, &QPushButton::clicked, this, &ConfidencePane::setByTarget);
    connect(m_target, &QDoubleSpinBox::editingFinished, this, &ConfidencePane::setByTarget);
    connect(m_perClass, &QCheckBox::toggled, this, &ConfidencePane::setByTarget);
    connect(cheapest, &QPushButton::clicked, this, &ConfidencePane::setByCosts);
    for (auto *spin : {m_wrongCost, m_askCost})
        connect(spin, &QDoubleSpinBox::valueChanged, this, &ConfidencePane::keepCosts);
    connect(m_pairCosts, &QPushButton::clicked, this, &ConfidencePane::editCosts);
    return scroll;
}

QWidget *ConfidencePane::buildPlots()
{
    auto *pane = makePane("surface");
    auto *row = makeLayout<QHBoxLayout>({0, 8, 16, 8}, 12);
    pane->setLayout(row);
    m_coverage = new SharePlot(m_theme, "coveragePlot", tr("What it answers by itself against how much is right"));
    m_coverage->setAxes(tr("Answered by itself"), tr("Right of these"));
    row->addWidget(m_coverage, 1);
    auto *honesty = makeLayout<QVBoxLayout>({}, 2);
    m_reliability = new SharePlot(m_theme, "reliabilityPlot", tr("How sure it is against how often it is right"));
    m_reliability->setAxes(tr("How sure it is"), tr("Right as often"));
    m_honesty = makeLabel({}, "caption", true);
    m_honesty->setObjectName(QStringLiteral("honesty"));
    honesty->addWidget(m_reliability, 1);
    honesty->addWidget(m_honesty);
    row->addLayout(honesty, 1);
    for (auto *plot : {m_coverage, m_reliability})
        connect(plot, &SharePlot::saveAsked, this, &ConfidencePane::saveAsked);
    return pane;
}

void ConfidencePane::showResults(const SharedResults &results)
{
    m_results = results;
    const bool hasHeldOut = !heldOut().empty();
    m_setters->setEnabled(hasHeldOut);
    m_perClass->setVisible(results->shown.rule.task == engine::TaskType::SingleLabel);
    const bool isExam = results->shown.kind == core::ScoreKind::Exam;
    m_by->setText(
        hasHeldOut && isExam ? tr("Limits are set by %1 that this training held out; the sentence above counts the "
                                  "exam rows, which have no say.")
                                   .arg(rowsText(static_cast<qint64>(heldOut().size())))
        : hasHeldOut ? tr("There is no exam: the same %1 set limits and are counted above, so that both look a little "
                          "too good.")
                           .arg(countedText(results->shown.kind, static_cast<qint64>(heldOut().size())))
        : results->shown.checkpoint.isExam()
            ? tr("Limits are set by rows that a training holds out: the exam of a teacher has none.")
            : tr("This checkpoint has kept no answers to held-out rows, which limits are set by: it "
                 "is of an older version. Train again to set them."));
    readCosts();
    drawCoverage();
    drawHonesty();
    if (results->askRule)
        setRule(*results->askRule);
    else if (hasHeldOut)
        setByTarget();
    else
        setRule({m_rule.threshold});
}

void ConfidencePane::setRule(engine::AskRule rule)
{
    m_rule = std::move(rule);
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(std::min(m_rule.threshold, 1.0F) * Ticks)));
    say();
}

void ConfidencePane::setTarget(double rightShare)
{
    m_target->setValue(rightShare * 100);
    setByTarget();
}

void ConfidencePane::setByTarget()
{
    if (!m_results || heldOut().empty())
        return;
    const double target = m_target->value() / 100;
    if (m_perClass->isVisibleTo(this) && m_perClass->isChecked())
        setRule(engine::thresholdsFor(heldOut(), target, m_results->shown.learned.size()));
    else
        setRule({engine::thresholdFor(heldOut(), target).value_or(engine::AskAlways)});
}

void ConfidencePane::setByCosts()
{
    if (m_results && !heldOut().empty())
        setRule({engine::cheapestThreshold(heldOut(), costs())});
}

void ConfidencePane::readCosts()
{
    m_costs = core::costsOf(m_session.service()).value_or(core::CostTable());
    const QSignalBlocker quietWrong(m_wrongCost), quietAsk(m_askCost);
    m_wrongCost->setValue(m_costs.wrong);
    m_askCost->setValue(m_costs.ask);
    // Of several labels a mistake is no pair.
    m_pairCosts->setVisible(m_results->shown.rule.task == engine::TaskType::SingleLabel);
    m_pairCosts->setText(m_costs.perPair.empty() ? tr("Each mistake its own cost...")
                                                 : tr("%1 with a cost of their own...")
                                                       .arg(plural(static_cast<qint64>(m_costs.perPair.size()),
                                                                   tr("mistake"), tr("mistakes"))));
    m_pairCosts->setAccessibleName(m_pairCosts->text());
}

void ConfidencePane::keepCosts()
{
    m_costs.wrong = m_wrongCost->value();
    m_costs.ask = m_askCost->value();
    m_session.keep(core::keys::Costs, core::costsText(m_costs));
    say();
}

void ConfidencePane::editCosts()
{
    CostsDialog dialog(m_costs, m_results->shown.labels, this);
    if (!m_dialogs.run(dialog))
        return;
    m_costs = dialog.costs();
    m_session.keep(core::keys::Costs, core::costsText(m_costs));
    readCosts();
    setByCosts();
}

void ConfidencePane::say()
{
    if (!m_results)
        return;
    sayInUse();
    m_threshold->setText(!m_rule.perClass.empty() ? tr("Ask a person below each class's own limit")
                         : m_rule.threshold > 1
                             ? tr("Always ask a person")
                             : tr("Ask a person below %1").arg(decimals(static_cast<double>(m_rule.threshold))));
    const auto &exam = m_results->shown.verdicts;
    if (exam.empty()) {
        m_verdict->setText(tr("There are no exam rows to say it of, and no rows that were left out of the training."));
        m_range->clear();
        m_cost->clear();
        return;
    }
    const auto coverage = engine::coverageOf(exam, m_rule);
    const auto range = coverage.interval();
    if (coverage.answered == 0) {
        m_verdict->setText(tr("Answers nothing by itself: a person is asked about every text."));
        m_range->clear();
    } else {
        m_verdict->setText(tr("Answers %1 by itself and is right on %2 of these.")
                               .arg(percentText(coverage.share()), percentText(coverage.rightShare())) +
                           (coverage.answered < coverage.rows
                                ? tr(" A person is asked about the other %1.").arg(percentText(1 - coverage.share()))
                                : QString()));
        m_range->setText(tr("%1 of %2 answered %5 right, between %3 and %4.")
                             .arg(countText(coverage.right), countText(coverage.answered), percentText(range.low),
                                  percentText(range.high), rowsOf(m_results->shown.kind)));
    }
    const double cost = engine::totalCost(exam, m_rule, costs());
    const double without = engine::totalCost(exam, {0}, costs());
    const auto perRow = [&](double sum) { return decimals(sum / static_cast<double>(exam.size())); };
    m_cost->setText(tr("That costs %1 a text; without asking anybody %2, and asking always %3.")
                        .arg(perRow(cost), perRow(without), decimals(m_askCost->value())));
    m_coverage->setMark(coverage.share());
}

void ConfidencePane::sayInUse()
{
    const auto &used = m_results->askRule;
    const bool isThis = used ? *used == m_rule : m_rule.threshold <= 0 && m_rule.perClass.empty();
    m_use->setEnabled(!isThis && !m_results->shown.checkpoint.isExam());
    m_use->setText(m_rule.threshold <= 0 && m_rule.perClass.empty() ? tr("Use no limit") : tr("Use this limit"));
    m_inUse->setText(!used                     ? tr("None is in use: every answer stands.")
                     : !used->perClass.empty() ? tr("In use: each class asks below a limit of its own.")
                                               : tr("In use: asks below %1, here, in files of answers and in exports.")
                                                     .arg(decimals(static_cast<double>(used->threshold))));
}

void ConfidencePane::drawCoverage()
{
    using Look = SharePlot::Line::Look;
    const core::ScoreKind kind = m_results->shown.kind;
    const QString name = kind == core::ScoreKind::Exam             ? tr("exam")
                         : kind == core::ScoreKind::CrossValidated ? tr("cross-validated")
                                                                   : tr("held out");
    std::vector<SharePlot::Line> lines{{name, coveragePoints(m_results->shown.verdicts), Look::First}};
    if (!heldOut().empty() && kind == core::ScoreKind::Exam)
        lines.push_back({tr("held out"), coveragePoints(heldOut()), Look::Second});
    double lowest = 1;
    for (const auto &line : lines) {
        for (const QPointF &point : line.points)
            lowest = std::min(lowest, point.y());
    }
    m_coverage->setLowest(lowest);
    m_coverage->setWords([points = lines.front().points](double x) {
        const auto nearest = std::min_element(points.begin(), points.end(), [&](const auto &a, const auto &b) {
            return std::abs(a.x() - x) < std::abs(b.x() - x);
        });
        return nearest == points.end()
                   ? QString()
                   : tr("Answers %1: right on %2").arg(percentText(nearest->x()), percentText(nearest->y()));
    });
    m_coverage->setLines(std::move(lines));
}

void ConfidencePane::drawHonesty()
{
    std::vector<SharePlot::Dot> dots;
    const auto add = [&](const engine::CalibrationBins &bins, bool isBefore) {
        for (const auto &bin : bins.bins()) {
            if (bin.count == 0)
                continue;
            const auto count = static_cast<double>(bin.count);
            const auto range = engine::wilsonInterval(bin.came, bin.count);
            dots.push_back({{bin.claimed / count, static_cast<double>(bin.came) / count},
                            isBefore ? 0 : range.low,
                            isBefore ? 0 : range.high,
                            isBefore});
        }
    };
    add(m_results->before, true);
    add(m_results->after, false);
    m_reliability->setWords([bins = m_results->after.bins()](double x) {
        const auto place = std::min(static_cast<size_t>(x * static_cast<double>(bins.size())), bins.size() - 1);
        const auto &bin = bins[place];
        if (bin.count == 0)
            return tr("No answer is about so sure.");
        const auto count = static_cast<double>(bin.count);
        return tr("%1 answers were about %2 sure: right on %3")
            .arg(countText(bin.count), percentText(bin.claimed / count),
                 percentText(static_cast<double>(bin.came) / count));
    });
    m_reliability->setLines({{tr("honest"), {{0, 0}, {1, 1}}, SharePlot::Line::Look::Guide}});
    m_reliability->setDots(std::move(dots));
    const double temperature = m_results->shown.temperature;
    m_honesty->setText(
        (m_results->shown.kind == core::ScoreKind::Exam
             ? tr("Off by %1 on average (ECE); hollow: as the network said it, off by %2. Its confidence was "
                  "corrected on held-out rows (temperature %3).")
             : tr("Off by %1 on average (ECE); hollow: as the network said it, off by %2. Its confidence was "
                  "corrected on these same rows (temperature %3)."))
            .arg(percentText(m_results->after.error()), percentText(m_results->before.error()), decimals(temperature)));
}

}  // namespace ui
