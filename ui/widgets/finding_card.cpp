// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/finding_card.h"

#include "ui/widgets/build.h"
#include "ui/widgets/mark_label.h"
#include "ui/words.h"

namespace ui {

FindingCard::FindingCard(const Theme &theme, const core::Finding &finding, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("finding_%1").arg(QString::fromStdString(finding.code)));
    setProperty("edge", "bottom");
    setAttribute(Qt::WA_StyledBackground);
    auto *row = makeLayout<QHBoxLayout>({16, 12, 16, 13}, 10);
    setLayout(row);
    row->addWidget(new MarkLabel(theme, markOf(finding.severity)), 0, Qt::AlignTop);
    auto *column = makeLayout<QVBoxLayout>({}, 4);
    row->addLayout(column, 1);
    auto *title = makeLabel(QString::fromStdString(finding.message), "strong", true);
    column->addWidget(title);
    if (!finding.fix.empty())
        column->addWidget(makeLabel(QString::fromStdString(finding.fix), "caption", true));
    auto *buttons = makeLayout<QHBoxLayout>({0, 4, 0, 0}, 8);
    if (!finding.rows.empty()) {
        auto *show =
            makeButton(tr("Show %1").arg(rowsText(static_cast<qint64>(finding.rows.size()))), "showRows", "small");
        buttons->addWidget(show);
        connect(show, &QPushButton::clicked, this, &FindingCard::showRowsClicked);
    }
    const Fix fix = fixOf(finding);
    if (fix != Fix::None) {
        auto *button = makeButton(fix == Fix::Remove         ? tr("Delete them")
                                  : fix == Fix::DeclareClass ? tr("Make it a class")
                                                             : tr("Open Define"),
                                  "fixRows", "small");
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, &FindingCard::fixClicked);
    }
    buttons->addStretch();
    column->addLayout(buttons);
}

FindingCard::Fix FindingCard::fixOf(const core::Finding &finding)
{
    if (finding.code == "empty_text" || finding.code == "shared_rows" || finding.code == "duplicate_rows")
        return Fix::Remove;
    if (finding.code == "label_without_class")
        return Fix::DeclareClass;
    if (finding.code == "no_classes" || finding.code == "one_class")
        return Fix::Define;
    return Fix::None;
}

}  // namespace ui
