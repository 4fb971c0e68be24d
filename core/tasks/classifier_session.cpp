// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/classifier_session.h"

#include "core/engine/nets_loader.h"
#include "core/engine/text/tokenizer_loader.h"

#include <algorithm>
#include <thread>

using base::failure;
using base::Result;

namespace core {

Result<ClassifierSession> ClassifierSession::open(const std::filesystem::path &folder, int threads)
{
    // What is wrong with the folder is said before libtorch is opened.
    auto info = engine::readWeightsInfo(folder);
    if (!info)
        return failure(info);
    auto tokenizer = engine::loadTokenizer(folder);
    if (!tokenizer)
        return failure(tokenizer);
    if ((*tokenizer)->vocabularySize() > info->encoder.vocabularySize)
        return failure(base::ErrorCode::Corrupt,
                       "The tokenizer knows more pieces than the weights have: they do not belong together.",
                       folder.string());
    auto nets = engine::openNets();
    if (!nets)
        return failure(nets);
    auto predictor = (*nets)->loadPredictor(
        folder, threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    if (!predictor)
        return failure(predictor);
    ClassifierSession session;
    session.m_predictor = std::move(*predictor);
    session.m_tokenizer = std::move(*tokenizer);
    session.m_maxLength = info->maxLength > 0 ? info->maxLength : info->encoder.maxPositions;
    return session;
}

Result<engine::Matrix> ClassifierSession::logits(const std::vector<std::string> &texts,
                                                 const base::WorkContext &context) const
{
    std::vector<engine::TokenIds> tokens;
    tokens.reserve(texts.size());
    for (const auto &text : texts)
        tokens.push_back(m_tokenizer->encodeForInput(text, m_maxLength));
    return m_predictor->logits(tokens, context);
}

}  // namespace core
