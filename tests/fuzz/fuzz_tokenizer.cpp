// SPDX-License-Identifier: Apache-2.0
// A tokenizer.json, then a NUL byte, then a text for it.
#include "core/engine/text/tokenizer_loader.h"
#include "tests/fuzz/fuzz.h"

#include <algorithm>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto input = fuzz::view(data, size);
    const size_t end = input.find('\0');
    const auto text =
        end == std::string_view::npos ? std::string_view("CAFÉ naïve\t東京 [MASK] don't ") : input.substr(end + 1);
    const auto tokenizer = engine::loadTokenizer(fuzz::file("tokenizer.json", input.substr(0, end)));
    if (!tokenizer)
        return 0;
    const auto encoding = (*tokenizer)->encode(text, true);
    MUST(encoding.ids.size() == encoding.offsets.size());
    for (size_t i = 0; i < encoding.ids.size(); ++i) {
        MUST(encoding.ids[i] >= 0 && encoding.ids[i] < (*tokenizer)->vocabularySize());
        MUST(encoding.offsets[i].begin >= 0 && encoding.offsets[i].begin <= encoding.offsets[i].end);
        MUST(static_cast<size_t>(encoding.offsets[i].end) <= text.size());
    }
    for (const int length : {2, 8, 512})
        MUST((*tokenizer)->encodeForInput(text, length).size() <= static_cast<size_t>(length));
    return 0;
}
