// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/text_input.h"

#include "core/engine/text/tokenizer_loader.h"

namespace core {

base::Result<TextInput> TextInput::open(const std::filesystem::path &folder, const engine::WeightsInfo &info)
{
    auto tokenizer = engine::loadTokenizer(folder);
    if (!tokenizer)
        return base::failure(tokenizer);
    if ((*tokenizer)->vocabularySize() > info.encoder.vocabularySize)
        return base::failure(base::ErrorCode::Corrupt,
                             "The tokenizer knows more pieces than the weights have: they do not belong together.",
                             folder.string());
    return TextInput{std::move(*tokenizer), info.textPrefix,
                     info.maxLength > 0 ? info.maxLength : info.encoder.maxPositions};
}

std::vector<int32_t> TextInput::read(const std::string &text) const
{
    return tokenizer->encodeForInput(prefix.empty() ? text : prefix + text, maxLength);
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
