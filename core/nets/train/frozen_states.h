// SPDX-License-Identifier: Apache-2.0
// What the lowest layer that learns reads of each text. Nothing below changes, so it is computed once, and every epoch
// begins there.
#pragma once

#include "core/nets/sequence_classifier.h"

namespace nets {

/// float32 states [tokens, hidden] of many texts, in a file without a name: it takes no memory that is needed
/// otherwise, and is gone with the process, however that ends.
class FrozenStates {
public:
    /// Reads all texts through the layers below `from`. The file lies in `folder`; a full disk is said with what would
    /// help.
    [[nodiscard]] static base::Result<FrozenStates> compute(const SequenceClassifier &classifier,
                                                            const std::vector<engine::TokenIds> &texts, int from,
                                                            const std::filesystem::path &folder,
                                                            const base::WorkContext &context);

    FrozenStates(FrozenStates &&other) noexcept;
    FrozenStates &operator=(FrozenStates &&) = delete;
    ~FrozenStates();

    /// Of some texts one after another, as packBatch has them.
    [[nodiscard]] at::Tensor gather(std::span<const size_t> rows, at::Device device) const;

private:
    FrozenStates() = default;

    int m_file = -1;
    const float *m_values = nullptr;
    size_t m_bytes = 0;
    int64_t m_hidden = 0;
    std::vector<int64_t> m_firstToken;  ///< of each text, and behind the last
};

}  // namespace nets
