// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/find_replace.h"

#include <QRegularExpression>
#include <algorithm>

using base::Result;

namespace core {

namespace {

constexpr size_t BatchRows = 500;

}  // namespace

Result<Replacements> findReplacements(const Service &service, const std::vector<int64_t> &rows, const FindReplace &what,
                                      const base::WorkContext &context)
{
    Replacements found;
    const QString pattern = QString::fromStdString(what.find);
    if (pattern.isEmpty())
        return found;
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    if (!what.matchCase)
        options |= QRegularExpression::CaseInsensitiveOption;
    const QRegularExpression expression(what.isRegex ? pattern : QRegularExpression::escape(pattern), options);
    if (!expression.isValid())
        return base::failure(base::ErrorCode::InvalidInput,
                             "This is no regular expression: " + expression.errorString().toStdString() +
                                 " at character " + std::to_string(expression.patternErrorOffset() + 1) + ".",
                             what.find);
    const QString with = QString::fromStdString(what.replace);  // without groups, \1 means itself
    for (size_t first = 0; first < rows.size(); first += BatchRows) {
        if (context.stopRequested())
            return base::cancelled();
        const std::span<const int64_t> ids(rows.data() + first, std::min(BatchRows, rows.size() - first));
        auto examples = TRY(service.examples().read(ids));
        for (const Example &row : examples) {
            QString text = QString::fromStdString(row.text);
            int64_t places = 0;
            for (auto match = expression.globalMatch(text); match.hasNext(); match.next())
                ++places;
            if (places == 0)
                continue;
            found.places += places;
            found.changes.push_back(
                {row.id, FieldChange::Field::Text, text.replace(expression, with).toStdString(), {}});
        }
        context.report({static_cast<int64_t>(std::min(first + BatchRows, rows.size())),
                        static_cast<int64_t>(rows.size()), "Searching"});
    }
    return found;
}

}  // namespace core
