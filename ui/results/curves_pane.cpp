// SPDX-License-Identifier: Apache-2.0
#include "ui/results/curves_pane.h"

#include "ui/session/start_work.h"
#include "ui/widgets/build.h"
#include "ui/widgets/plain_table.h"
#include "ui/words.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QTableView>
#include <algorithm>
#include <cmath>

using base::Result;

namespace ui {

namespace {

constexpr int TableWidth = 420;
constexpr int ValueRole = Qt::UserRole;
constexpr int NumberRole = Qt::UserRole + 1;
enum Kind { PrecisionRecall, Roc };
constexpr int Micro = 0, Macro = 1, FirstClass = 2;  ///< numbers of the table's rows as they come

const engine::Curve &curveOf(const core::Curves &curves, int number)
{
    return number == Micro   ? curves.micro
           : number == Macro ? curves.macro
                             : curves.perClass[static_cast<size_t>(number - FirstClass)];
}

}  // namespace

CurvesPane::CurvesPane(const Theme &theme, Session &session, QWidget *parent)
    : ComputedPane(parent), m_theme(theme), m_session(session)
{
    auto *outer = makeLayout<QHBoxLayout>({}, 0);
    setLayout(outer);
    auto *column = makeLayout<QVBoxLayout>({24, 8, 12, 8}, 8);
    auto *bar = makeLayout<QHBoxLayout>({}, 8);
    m_kind = new QButtonGroup(this);
    const QString names[] = {tr("Precision and recall"), tr("Hits and false alarms (ROC)")};
    for (const Kind kind : {PrecisionRecall, Roc}) {
        auto *button = makeButton(names[kind], kind == Roc ? "curveRoc" : "curvePrecision", "small");
        button->setCheckable(true);
        m_kind->addButton(button, kind);
        bar->addWidget(button);
    }
    m_kind->button(PrecisionRecall)->setChecked(true);
    bar->addStretch();
    column->addLayout(bar);
    m_plot = new SharePlot(theme, "curvePlot", tr("Curve of the chosen class"));
    column->addWidget(m_plot, 1);
    outer->addLayout(column, 1);
    m_model.setSortRole(ValueRole);
    m_table = makeReadTable(theme, m_model, "curveTable", tr("Areas under the curves"), true);
    m_table->setFixedWidth(TableWidth);
    outer->addWidget(m_table);
    connect(m_kind, &QButtonGroup::idClicked, this, &CurvesPane::draw);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CurvesPane::draw);
    connect(m_plot, &SharePlot::saveAsked, this, &CurvesPane::saveAsked);
}

void CurvesPane::compute(const SharedResults &results)
{
    startWork<core::CurveSet>(
        m_session.runner(), {}, core::Lane::Shared, this,
        [results](const base::WorkContext &context) -> Result<core::CurveSet> {
            return core::curvesOf(results->shown, context);
        },
        [this, results](Result<core::CurveSet> made) {
            if (made)
                m_curves = std::move(*made);
            finished(results);
        });
}

void CurvesPane::fill()
{
    const int before = m_table->currentIndex().isValid()
                           ? m_model.index(m_table->currentIndex().row(), 0).data(NumberRole).toInt()
                           : Micro;
    m_model.clear();
    m_model.setHorizontalHeaderLabels({tr("Class"), tr("Average precision"), tr("ROC AUC")});
    QStringList names{tr("All decisions (micro)"), tr("Mean of the classes (macro)")};
    for (const auto &label : results()->shown.labels)
        names << className(label);
    const auto area = [](const std::optional<double> &value) {
        auto *item = new QStandardItem(value ? decimals(*value, 3) : tr("no rows"));
        item->setData(value.value_or(2), ValueRole);
        item->setTextAlignment(Qt::AlignVCenter | Qt::AlignRight);
        return item;
    };
    for (int number = 0; number < names.size(); ++number) {
        auto *name = new QStandardItem(names[number]);
        name->setData(names[number], ValueRole);
        name->setData(number, NumberRole);
        m_model.appendRow(
            {name, area(curveOf(m_curves.precisionRecall, number).area), area(curveOf(m_curves.roc, number).area)});
    }
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->setColumnWidth(1, 136);
    m_table->setColumnWidth(2, 84);
    m_table->setCurrentIndex(m_model.index(std::min(before, m_model.rowCount() - 1), 0));
    draw();
}

const core::Curves &CurvesPane::shown() const
{
    return m_kind->checkedId() == Roc ? m_curves.roc : m_curves.precisionRecall;
}

void CurvesPane::draw()
{
    if (!isComputed() || !m_table->currentIndex().isValid())
        return;
    const bool isRoc = m_kind->checkedId() == Roc;
    m_plot->setAxes(isRoc ? tr("False alarms: others taken for it") : tr("Found of its rows (recall)"),
                    isRoc ? tr("Found of its rows") : tr("Right when it answers so (precision)"));
    const int number = m_model.index(m_table->currentIndex().row(), 0).data(NumberRole).toInt();
    const engine::Curve curve = curveOf(shown(), number);
    const QString name = m_model.index(m_table->currentIndex().row(), 0).data().toString();
    std::vector<SharePlot::Line> lines;
    SharePlot::Line line{name, {}, SharePlot::Line::Look::First, !isRoc && number != Macro};
    for (const auto &point : curve.points)
        line.points.emplace_back(point.x, point.y);
    lines.push_back(std::move(line));
    if (isRoc)
        lines.push_back({tr("chance"), {{0, 0}, {1, 1}}, SharePlot::Line::Look::Guide});
    m_plot->setLines(std::move(lines));
    m_plot->setWords([curve, isRoc](double x) {
        const auto nearest =
            std::min_element(curve.points.begin(), curve.points.end(),
                             [&](const auto &a, const auto &b) { return std::abs(a.x - x) < std::abs(b.x - x); });
        if (nearest == curve.points.end())
            return QString();
        const QString words = isRoc ? tr("Finds %2 at %1 false alarms") : tr("Finds %1, of which %2 are right");
        const QString said = words.arg(percentText(nearest->x), percentText(nearest->y));
        return nearest->threshold > 0 && nearest->threshold <= 1
                   ? tr("From %1 on: %2").arg(decimals(static_cast<double>(nearest->threshold)), said)
                   : said;
    });
}

}  // namespace ui
