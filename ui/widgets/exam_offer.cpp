// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/exam_offer.h"

#include "core/rows/make_exam.h"
#include "ui/widgets/build.h"
#include "ui/words.h"

#include <cmath>

namespace ui {

namespace {

/// Of fewer rows none can be spared.
constexpr int64_t FewestRows = 5;

}  // namespace

ExamOffer::ExamOffer(Session &session, QWidget *parent) : QWidget(parent), m_session(session)
{
    auto *row = makeLayout<QHBoxLayout>({}, 16);
    setLayout(row);
    m_words = makeLabel({}, "muted", true);
    m_words->setObjectName(QStringLiteral("examOffer"));
    m_make =
        makeButton(tr("Keep %1 of the rows for the exam").arg(percentText(core::UsualExamShare)), "makeExam", "small");
    row->addWidget(m_words, 1);
    row->addWidget(m_make, 0, Qt::AlignTop);
    connect(m_make, &QPushButton::clicked, &session, &Session::keepForExam);
    connect(&session, &Session::dataChanged, this, &ExamOffer::refresh);
    connect(&session, &Session::rowsCounted, this, &ExamOffer::refresh);
    refresh();
}

void ExamOffer::refresh()
{
    const core::SplitCounts &counts = m_session.counts();
    setVisible(counts.test == 0 && counts.train >= FewestRows && !m_session.isReadOnly());
    const auto rows = std::lround(core::UsualExamShare * static_cast<double>(counts.train));
    m_words->setText(tr("There is no exam. About %1 of the %2 of Train can be kept for one: some of each class, and "
                        "rows that say nearly the same together. Trainings made before have learned from them, so "
                        "train again. Undo brings the rows back.")
                         .arg(countText(rows), rowsText(counts.train)));
}

}  // namespace ui
