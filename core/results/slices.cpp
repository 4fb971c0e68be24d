// SPDX-License-Identifier: Apache-2.0
#include "core/results/slices.h"

#include "core/engine/eval/metrics.h"
#include "core/quality/text_language.h"
#include "core/store/saved_filters.h"

#include <algorithm>
#include <cctype>
#include <map>

using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int64_t FewestRows = 10;
constexpr size_t MostSources = 20;
constexpr size_t Quarters = 4;

struct Facts {
    size_t words = 0;
    std::string language, source;
};

size_t wordsIn(const std::string &text)
{
    size_t words = 0;
    bool isInside = false;
    for (const char c : text) {
        const bool isSpace = std::isspace(static_cast<unsigned char>(c)) != 0;
        words += !isSpace && !isInside ? 1 : 0;
        isInside = !isSpace;
    }
    return words;
}

std::string languageNamed(const std::string &text)
{
    const std::string script = scriptOf(text);
    if (script.empty())
        return "no letters";
    if (script != "Latin")
        return script;
    const std::string language = languageOf(text);
    return language.empty() ? "not told by its words" : language;
}

class Slicer {
public:
    Slicer(const Answers &answers, const std::vector<Facts> &facts) : m_answers(answers), m_facts(facts)
    {
        for (const engine::Verdict &verdict : answers.verdicts)
            m_right += verdict.isRight() ? 1 : 0;
    }

    /// Kinds by a name that each row has one of.
    template <class NameOf>
    void add(const char *by, NameOf nameOf)
    {
        std::map<std::string, Slice> byName;
        std::vector<std::string> order;
        for (size_t i = 0; i < m_facts.size(); ++i) {
            const std::string name = nameOf(m_facts[i]);
            auto [slice, isNew] = byName.try_emplace(name, Slice{by, name, {}});
            if (isNew)
                order.push_back(name);
            addRow(slice->second, i);
        }
        std::vector<Slice> slices;
        for (const std::string &name : order) {
            if (isWorthASlice(byName[name]))
                slices.push_back(std::move(byName[name]));
        }
        std::stable_sort(slices.begin(), slices.end(),
                         [](const Slice &a, const Slice &b) { return a.rows() > b.rows(); });
        slices.resize(std::min(slices.size(), MostSources));
        std::move(slices.begin(), slices.end(), std::back_inserter(m_slices));
    }

    /// Those of the rows whose ids are given, ascending.
    void addFilter(const std::string &name, const std::vector<int64_t> &ids)
    {
        Slice slice{"filter", name, {}};
        for (size_t i = 0; i < m_facts.size(); ++i) {
            if (std::binary_search(ids.begin(), ids.end(), m_answers.examples[i]))
                addRow(slice, i);
        }
        if (isWorthASlice(slice))
            m_slices.push_back(std::move(slice));
    }

    /// By the number of words, in quarters of about as many rows; short texts first.
    void addLengths()
    {
        std::vector<size_t> lengths;
        for (const Facts &facts : m_facts)
            lengths.push_back(facts.words);
        std::sort(lengths.begin(), lengths.end());
        std::vector<size_t> ends;  // the longest of each quarter, each once
        for (size_t q = 1; q <= Quarters && !lengths.empty(); ++q) {
            const size_t end = lengths[std::max<size_t>(q * lengths.size() / Quarters, 1) - 1];
            if (ends.empty() || end > ends.back())
                ends.push_back(end);
        }
        const auto quarterOf = [&](size_t words) {
            return std::lower_bound(ends.begin(), ends.end(), words) - ends.begin();
        };
        const size_t before = m_slices.size();
        add("length", [&](const Facts &facts) {
            const auto quarter = static_cast<size_t>(quarterOf(facts.words));
            if (quarter == 0)
                return "up to " + std::to_string(ends.front()) + (ends.front() == 1 ? " word" : " words");
            return std::to_string(ends[quarter - 1] + 1) + " to " + std::to_string(ends[quarter]) + " words";
        });
        std::sort(
            m_slices.begin() + static_cast<ptrdiff_t>(before), m_slices.end(), [](const Slice &a, const Slice &b) {
                const auto begin = [](const Slice &s) { return s.name.starts_with("up") ? 0 : std::stol(s.name); };
                return begin(a) < begin(b);
            });
    }

    [[nodiscard]] std::vector<Slice> take()
    {
        for (Slice &slice : m_slices) {
            slice.interval = engine::wilsonInterval(slice.right, slice.rows());
            const int64_t others = static_cast<int64_t>(m_facts.size()) - slice.rows();
            const double p = engine::fisherPValue(slice.right, slice.rows() - slice.right, m_right - slice.right,
                                                  others - (m_right - slice.right));
            slice.pValue = std::min(1.0, p * static_cast<double>(m_slices.size()));
        }
        return std::move(m_slices);
    }

private:
    void addRow(Slice &slice, size_t i) const
    {
        slice.examples.push_back(m_answers.examples[i]);
        slice.right += m_answers.verdicts[i].isRight() ? 1 : 0;
    }
    [[nodiscard]] bool isWorthASlice(const Slice &slice) const
    {
        return slice.rows() >= FewestRows && slice.examples.size() < m_facts.size();
    }

    const Answers &m_answers;
    const std::vector<Facts> &m_facts;
    int64_t m_right = 0;
    std::vector<Slice> m_slices;
};

}  // namespace

Result<std::vector<Slice>> slicesOf(const Service &service, const Answers &answers)
{
    std::vector<Facts> facts(answers.size());
    size_t place = 0;
    TRY(service.examples().forEachOf(answers.examples, [&](const Example &example) {
        while (answers.examples[place] != example.id)  // one that went meanwhile keeps empty facts
            ++place;
        facts[place] = {wordsIn(example.text), languageNamed(example.text),
                        example.source.empty() ? "typed or pasted" : example.source};
    }));
    Slicer slicer(answers, facts);
    slicer.addLengths();
    slicer.add("language", [](const Facts &f) { return f.language; });
    slicer.add("source", [](const Facts &f) { return f.source; });
    auto setting = TRY(service.setting(keys::SavedFilters));
    for (auto &[name, query] : savedFilters(setting)) {
        query.split.reset();
        if (answers.kind == ScoreKind::Exam)
            query.split = Split::Test;
        auto ids = TRY(service.examples().order(query));
        std::sort(ids.begin(), ids.end());
        slicer.addFilter(name, ids);
    }
    return slicer.take();
}

}  // namespace core
