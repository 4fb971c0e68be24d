// SPDX-License-Identifier: Apache-2.0
#include "core/nets/train/compact_vocabulary.h"

#include <ATen/ops/empty.h>
#include <algorithm>

namespace nets {

CompactVocabulary::CompactVocabulary(const std::vector<engine::TokenIds> &texts, const at::Tensor &words)
    : m_texts(texts)
{
    std::vector<int32_t> used;
    for (const auto &text : texts)
        used.insert(used.end(), text.begin(), text.end());
    used.push_back(0);  // what padding reads
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    std::vector<int32_t> place(static_cast<size_t>(words.size(0)), 0);
    for (size_t i = 0; i < used.size(); ++i)
        place[static_cast<size_t>(used[i])] = static_cast<int32_t>(i);
    for (auto &text : m_texts)
        std::transform(text.begin(), text.end(), text.begin(),
                       [&](int32_t id) { return place[static_cast<size_t>(id)]; });
    auto index = at::empty({static_cast<int64_t>(used.size())}, at::kLong);
    std::copy(used.begin(), used.end(), index.data_ptr<int64_t>());
    m_index = index.to(words.device());
    m_table = words.index_select(0, m_index);
}

void CompactVocabulary::copyInto(const at::Tensor &words) const
{
    words.index_copy_(0, m_index, m_table.detach());
}

}  // namespace nets
