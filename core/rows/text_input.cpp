// SPDX-License-Identifier: Apache-2.0
#include "core/rows/text_input.h"

#include "core/engine/text/tokenizer_loader.h"
#include "core/engine/text/utf8.h"

#include <algorithm>

namespace core {

base::Result<TextInput> TextInput::open(const std::filesystem::path &folder, const engine::WeightsInfo &info)
{
    auto tokenizer = TRY(engine::loadTokenizer(folder));
    if (tokenizer->vocabularySize() > info.encoder.vocabularySize)
        return base::failure(base::ErrorCode::Corrupt,
                             "The tokenizer knows more pieces than the weights have: they do not belong together.",
                             folder.string());
    return TextInput{std::move(tokenizer), info.textPrefix,
                     info.maxLength > 0 ? info.maxLength : info.encoder.maxPositions, info.windows};
}

base::Result<engine::WindowRule> TextInput::ownWindows() const
{
    // Special tokens have no place in the text.
    const auto encoding = tokenizer->encode(prefix + "a", true);
    const int32_t prefixEnd = engine::countCodePoints(prefix);
    const auto isSpecial = [](const engine::Offset &offset) { return offset.begin == offset.end; };
    int front = 0, back = 0;
    for (auto at = encoding.offsets.begin(); at != encoding.offsets.end() && (isSpecial(*at) || at->end <= prefixEnd);
         ++at)
        ++front;
    for (auto at = encoding.offsets.rbegin(); at != encoding.offsets.rend() && isSpecial(*at); ++at)
        ++back;
    const auto rule = engine::usualWindows(maxLength, front, back);
    if (!rule.isSound())
        return base::failure(base::ErrorCode::InvalidInput,
                             "Windows of " + std::to_string(maxLength) +
                                 " tokens have hardly any room for the text. Let training read more tokens of a text.",
                             "max_length");
    return rule;
}

std::vector<int32_t> TextInput::read(const std::string &text) const
{
    return tokenizer->encodeForInput(prefix.empty() ? text : prefix + text,
                                     windows.isOn() ? static_cast<int>(windows.longestText()) : maxLength);
}

size_t TextInput::unread(const std::string &text) const
{
    const size_t all = tokenizer->encode(prefix.empty() ? text : prefix + text, true).ids.size();
    return all - std::min(all, read(text).size());
}

std::vector<std::vector<int32_t>> TextInput::read(const std::vector<std::string> &texts) const
{
    std::vector<std::vector<int32_t>> result;
    result.reserve(texts.size());
    for (const std::string &text : texts)
        result.push_back(read(text));
    return result;
}

}  // namespace core
