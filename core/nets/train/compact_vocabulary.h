// SPDX-License-Identifier: Apache-2.0
// The part of the vocabulary that some texts use.
#pragma once

#include "core/nets/tensors.h"

namespace nets {

/// Rows of the word table that no text touches get no gradient, and AdamW leaves them as they are: training a compact
/// copy gives the same numbers and spares the optimiser nine tenths of the table.
class CompactVocabulary {
public:
    CompactVocabulary(const std::vector<engine::TokenIds> &texts, const at::Tensor &words);

    /// With ids that index `table`.
    [[nodiscard]] const std::vector<engine::TokenIds> &texts() const { return m_texts; }
    [[nodiscard]] const at::Tensor &table() const { return m_table; }
    void copyInto(const at::Tensor &words) const;

private:
    std::vector<engine::TokenIds> m_texts;
    at::Tensor m_index;  ///< int64 [used]
    at::Tensor m_table;  ///< [used, hidden]
};

}  // namespace nets
