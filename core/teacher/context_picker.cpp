// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/context_picker.h"

#include "core/engine/dot.h"

#include <algorithm>
#include <numeric>

using base::failure;
using base::Result;

namespace core {

namespace {

/// Places of the `most` largest values, the largest first.
std::vector<size_t> largest(std::span<const float> values, size_t most)
{
    std::vector<size_t> places(values.size());
    std::iota(places.begin(), places.end(), size_t{0});
    const auto end = places.begin() + static_cast<ptrdiff_t>(std::min(most, places.size()));
    std::partial_sort(places.begin(), end, places.end(),
                      [&](size_t a, size_t b) { return values[a] != values[b] ? values[a] > values[b] : a < b; });
    places.erase(end, places.end());
    return places;
}

}  // namespace

Result<ContextPicker> ContextPicker::open(const Service &service, const LabelPrompt &prompt,
                                          const ContextWishes &wishes, std::shared_ptr<FeatureReader> reader,
                                          const base::WorkContext &context)
{
    ContextPicker picker;
    picker.m_wishes = wishes;
    picker.m_reader = std::move(reader);
    for (const LabelledText &example : prompt.examples())
        picker.m_exampleTexts.push_back(example.text);
    if (wishes.nearestExamples > 0) {
        picker.m_examples = TRY(picker.m_reader->read(picker.m_exampleTexts, context));
    }
    if (wishes.classes > 0) {
        auto likely = TRY(EmbeddingTeacher::open(service, picker.m_reader, EmbeddingTeacher::Learns::Rows, context));
        const auto &all = prompt.labels();
        for (const std::string &label : likely.labels())
            picker.m_places.push_back(static_cast<size_t>(std::ranges::find(all, label) - all.begin()));
        for (size_t i = 0; i < all.size(); ++i) {
            if (std::ranges::find(picker.m_places, i) == picker.m_places.end())
                picker.m_always.push_back(i);
        }
        picker.m_likely = std::move(likely);
    }
    return picker;
}

Result<std::vector<RowContext>> ContextPicker::of(const std::vector<std::string> &texts,
                                                  const base::WorkContext &context) const
{
    std::vector<RowContext> contexts(texts.size());
    if (m_likely) {
        auto probabilities = TRY(m_likely->probabilities(texts, context));
        for (size_t i = 0; i < texts.size(); ++i) {
            auto &classes = contexts[i].classes;
            classes = m_always;
            for (const size_t place : largest(probabilities.row(i), m_wishes.classes)) {
                if (m_places[place] < m_places.size() + m_always.size())
                    classes.push_back(m_places[place]);
            }
            std::sort(classes.begin(), classes.end());  // as the service has them
        }
    }
    if (m_wishes.nearestExamples == 0) {
        for (RowContext &of : contexts) {
            of.examples.resize(m_exampleTexts.size());
            std::iota(of.examples.begin(), of.examples.end(), size_t{0});
        }
        return contexts;
    }
    auto features = TRY(m_reader->read(texts, context));
    std::vector<float> near(m_examples.rows);
    for (size_t i = 0; i < texts.size(); ++i) {
        for (size_t e = 0; e < near.size(); ++e)
            near[e] = m_exampleTexts[e] == texts[i] ? -2 : engine::cosine(features.row(i), m_examples.row(e));
        auto &examples = contexts[i].examples;
        examples = largest(near, m_wishes.nearestExamples);
        std::reverse(examples.begin(), examples.end());
    }
    return contexts;
}

}  // namespace core
