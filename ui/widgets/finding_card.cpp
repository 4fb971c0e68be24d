// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/finding_card.h"

#include "core/formats/class_name.h"
#include "core/rows/make_exam.h"
#include "ui/widgets/build.h"
#include "ui/widgets/mark_label.h"
#include "ui/words.h"

#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype LongestName = 40;

/// As it is written: twins look alike as classes are shown elsewhere.
QString shortName(const std::string &name)
{
    const QString shown = QString::fromStdString(core::visibleClassName(name));
    return shown.size() > LongestName ? shown.left(LongestName - 1).trimmed() + u'…' : shown;
}

}  // namespace

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
    const auto textOf = [&](Fix fix) {
        switch (fix) {
        case Fix::Remove: return tr("Delete them");
        case Fix::Mask: return tr("Mask it");
        case Fix::Unlabel: return tr("Move to unlabelled");
        case Fix::DeclareClass: return tr("Make it a class");
        case Fix::MergeClasses: return tr("Merge...");
        case Fix::MergeSpelling: return tr("Merge into %1").arg(shortName(finding.kept));
        case Fix::DropLabel: return tr("Take the label off");
        case Fix::TellApart: return tr("Tell apart...");
        case Fix::MakeExam: return tr("Keep %1 for the exam").arg(percentText(core::UsualExamShare));
        default: return tr("Open Define");
        }
    };
    if (const Fix fix = fixOf(finding); fix != Fix::None) {
        auto *button = makeButton(textOf(fix), "fixRows", "small");
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, &FindingCard::fixClicked);
    }
    if (finding.severity != core::Finding::Severity::Block) {
        auto *ignore = makeButton(tr("Ignore"), "ignoreFinding", "link");
        ignore->setToolTip(tr("It is fine as it is: do not say it of these rows again. Undo brings it back."));
        buttons->addWidget(ignore);
        connect(ignore, &QPushButton::clicked, this, &FindingCard::ignoreClicked);
    }
    buttons->addStretch();
    column->addLayout(buttons);
}

FindingCard::Fix FindingCard::fixOf(const core::Finding &finding)
{
    const auto isOne = [&](std::initializer_list<const char *> codes) {
        return std::any_of(codes.begin(), codes.end(), [&](const char *code) { return finding.code == code; });
    };
    if (isOne({"empty_text", "shared_rows", "duplicate_rows", "near_duplicates", "near_leaks", "nearly_shared_rows",
               "paraphrase_leaks", "made_from_the_exam"}))
        return Fix::Remove;
    if (finding.code == "personal_data")
        return Fix::Mask;
    if (finding.code == "no_label")
        return Fix::Unlabel;
    if (finding.code == "label_without_class")
        return Fix::DeclareClass;
    if (isOne({"classes_hardly_differ", "class_accents", "class_zeros"}))
        return Fix::MergeClasses;
    if (finding.code == "class_spelling")
        return Fix::MergeSpelling;
    if (finding.code == "label_like_missing")
        return Fix::DropLabel;
    if (finding.code == "classes_overlap")
        return Fix::TellApart;
    if (finding.fix == core::KeepForExam)
        return Fix::MakeExam;
    if (isOne({"no_classes", "one_class", "class_name_unseen"}))
        return Fix::Define;
    return Fix::None;
}

}  // namespace ui
