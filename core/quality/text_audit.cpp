// SPDX-License-Identifier: Apache-2.0
#include "core/quality/text_audit.h"

#include "core/base/counted.h"
#include "core/base/random.h"
#include "core/base/trimmed.h"
#include "core/engine/text/tokenizer.h"
#include "core/quality/personal_data.h"
#include "core/quality/text_fold.h"
#include "core/quality/text_language.h"

#include <algorithm>

using base::counted;
using Severity = core::Finding::Severity;

namespace core {

namespace {

/// A language is the service's own when so many of the rows whose language is known are in it.
constexpr double MainShare = 0.9;
constexpr size_t FewestKnown = 20;
constexpr int64_t FewestMarked = 20;
/// A mark gives labels away when it is right for so many rows.
constexpr double TellingShare = 0.95;

uint64_t hashOf(std::string_view text)
{
    return base::contentHash(text.data(), text.size());
}

/// As a phrase of whole words; both folded.
bool mentions(std::string_view text, std::string_view phrase)
{
    const auto isWord = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
    };
    for (size_t at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
        const size_t end = at + phrase.size();
        if ((at == 0 || !isWord(text[at - 1])) && (end == text.size() || !isWord(text[end])))
            return true;
    }
    return false;
}

/// Of the rows that have a mark's value in common with others: how often its most frequent label, without the row
/// itself, is the row's own.
double share(const std::unordered_map<uint64_t, std::map<int64_t, int64_t>> &byValue, int64_t rows)
{
    double right = 0;
    for (const auto &[value, labels] : byValue) {
        for (const auto &[label, count] : labels) {
            const bool isMost =
                std::all_of(labels.begin(), labels.end(), [&, own = label, n = count](const auto &other) {
                    return other.first == own || other.second < n - 1;
                });
            right += isMost && count > 1 ? static_cast<double>(count) : 0;
        }
    }
    return rows > 0 ? right / static_cast<double>(rows) : 0;
}

}  // namespace

TextAuditor::TextAuditor(const AuditOptions &options, const std::vector<Label> &labels) : m_options(options)
{
    for (const Label &label : labels)
        m_names[label.id] = folded(spokenName(label.name));
}

void TextAuditor::see(const Example &row)
{
    if (base::trimmed(row.text).empty())
        return;
    // A token has at least a byte, so short texts need no counting.
    if (m_options.tokenizer && row.text.size() + 2 > static_cast<size_t>(m_options.maxLength) &&
        m_options.tokenizer->encode(row.text, true).ids.size() > static_cast<size_t>(m_options.maxLength))
        m_long[row.split].push_back(row.id);
    if (!findPersonalData(row.text).empty())
        m_personal[row.split].push_back(row.id);
    if (const std::string script = scriptOf(row.text); !script.empty()) {
        m_scripts[script].emplace_back(row.id, row.split);
        const std::string language = script == "Latin" ? languageOf(row.text) : std::string();
        if (!language.empty())
            m_languages[language].emplace_back(row.id, row.split);
    }
}

void TextAuditor::seeMarks(const std::string &text, int64_t label)
{
    ++m_trainRows;
    ++m_trained[label];
    const size_t firstEnd = text.find(' ');
    if (firstEnd != std::string::npos) {  // of a single word the first is all there is
        const std::string_view view = text;
        ++m_first[hashOf(view.substr(0, firstEnd))][label];
        ++m_last[hashOf(view.substr(text.rfind(' ') + 1))][label];
    }
    const auto name = m_names.find(label);
    m_named += name != m_names.end() && !name->second.empty() && mentions(text, name->second) ? 1 : 0;
}

void TextAuditor::report(FindingList &findings) const
{
    for (const auto &[split, rows] : m_long) {
        const std::string where = name(split);
        findings.add({"too_long",
                      Severity::Info,
                      where,
                      rows,
                      {},
                      "What stands behind that is not read. If it matters, let training read more tokens, or longer "
                      "texts in windows."},
                     [where, most = m_options.maxLength](size_t n) {
                         return counted(n, "row of ", "rows of ") + where + (n == 1 ? " is" : " are") +
                                " longer than the " + std::to_string(most) + " tokens that training reads of a text.";
                     });
    }
    for (const auto &[split, rows] : m_personal) {
        const std::string where = name(split);
        findings.add({"personal_data",
                      Severity::Info,
                      where,
                      rows,
                      {},
                      "Mask it where it is not needed: a classifier seldom decides by it."},
                     [where](size_t n) {
                         return counted(n, "row of ", "rows of ") + where + (n == 1 ? " has" : " have") +
                                " a mail address or a telephone, card or bank account number.";
                     });
    }
    reportStray(findings);
    reportMarks(findings);
}

void TextAuditor::reportStray(FindingList &findings) const
{
    const auto stray = [&](const auto &groups, const char *code, const char *what) {
        size_t known = 0;
        const std::vector<std::pair<int64_t, Split>> *main = nullptr;
        std::string mainName;
        for (const auto &[group, rows] : groups) {
            known += rows.size();
            if (!main || rows.size() > main->size()) {
                main = &rows;
                mainName = group;
            }
        }
        if (known < FewestKnown || static_cast<double>(main->size()) < MainShare * static_cast<double>(known))
            return;  // several are at home here
        std::map<Split, std::vector<int64_t>> strays;
        for (const auto &[group, rows] : groups) {
            for (const auto &[row, split] : rows) {
                if (group != mainName)
                    strays[split].push_back(row);
            }
        }
        for (const auto &[split, rows] : strays) {
            const std::string where = name(split);
            findings.add(
                {code, Severity::Warn, where, rows, {}, "Look at them, and delete those that do not belong here."},
                [=](size_t n) {
                    return counted(n, "row of ", "rows of ") + where + (n == 1 ? " is" : " are") + " not in " +
                           mainName + what + ", as nearly all others are.";
                });
        }
    };
    stray(m_scripts, "stray_script", " script");
    stray(m_languages, "stray_language", "");
}

void TextAuditor::reportMarks(FindingList &findings) const
{
    if (m_trainRows < FewestMarked)
        return;
    const auto rows = static_cast<double>(m_trainRows);
    // Where one class has most of the rows, every word seems to tell it: what counts is what it tells of the others.
    int64_t largest = 0;
    for (const auto &[label, count] : m_trained)
        largest = std::max(largest, count);
    const double others = 1 - static_cast<double>(largest) / rows;
    const auto tells = [&](const Mark &mark) {
        const double wrong = 1 - share(mark, m_trainRows);
        return wrong <= (1 - TellingShare) * std::min(1.0, 2 * others) && static_cast<double>(mark.size()) < rows / 2;
    };
    std::string how;
    if (static_cast<double>(m_named) >= TellingShare * rows)
        how = "Nearly every row of train contains the name of its class.";
    else if (tells(m_first))
        how = "The first word of a row of train nearly always tells its class.";
    else if (tells(m_last))
        how = "The last word of a row of train nearly always tells its class.";
    if (!how.empty())
        findings.add(
            {"label_in_text",
             Severity::Warn,
             "train",
             {},
             how,
             "Take it out of the texts, unless it will be in the texts to come, too: else nothing is learned."});
}

}  // namespace core
