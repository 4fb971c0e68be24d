// SPDX-License-Identifier: Apache-2.0
// An exam out of the rows of Train.
#include "core/rows/make_exam.h"
#include "ui/session/session.h"

using base::Result;

namespace ui {

void Session::keepForExam()
{
    if (refuse())
        return;
    const auto rows = std::make_shared<qint64>(0);
    write(
        tr("Choosing exam rows"),
        [rows](const core::Service &service, const base::WorkContext &context) -> Result<std::string> {
            auto made = TRY(core::makeExam(service, core::UsualExamShare, context));
            *rows = static_cast<qint64>(made.plan.rows.size());
            return core::examDraft(made.plan, core::UsualExamShare).title;
        },
        [this, rows](const Result<std::string> &title) {
            if (!title)
                return Q_EMIT failed(title.error());
            readData();
            m_settled.start();
            Q_EMIT examMade(*rows);
        });
}

}  // namespace ui
