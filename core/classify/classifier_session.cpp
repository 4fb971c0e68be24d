// SPDX-License-Identifier: Apache-2.0
#include "core/classify/classifier_session.h"

#include "core/base/cores.h"
#include "core/engine/eval/ask_rule_file.h"
#include "core/engine/nets_loader.h"

#include <algorithm>

using base::failure;
using base::Result;

namespace core {

Result<ClassifierSession> ClassifierSession::open(const std::filesystem::path &folder, int threads)
{
    // What is wrong with the folder is said before libtorch is opened.
    auto info = engine::readWeightsInfo(folder);
    if (!info)
        return failure(info);
    if (!info->headTrouble.empty())
        return failure(base::ErrorCode::InvalidInput, info->headTrouble, (folder / "config.json").string());
    auto input = TextInput::open(folder, *info);
    if (!input)
        return failure(input);
    auto askRule = engine::readAskRule(folder, info->labels);
    if (!askRule)
        return failure(askRule);
    auto nets = engine::openNets();
    if (!nets)
        return failure(nets);
    auto predictor = (*nets)->loadPredictor(folder, threads > 0 ? threads : base::usableCores());
    if (!predictor)
        return failure(predictor);
    ClassifierSession session;
    session.m_predictor = std::move(*predictor);
    session.m_input = std::move(*input);
    session.m_askRule = std::move(*askRule);
    return session;
}

Result<std::shared_ptr<ClassifierSession>> ClassifierSession::openUnless(std::shared_ptr<ClassifierSession> known,
                                                                         const std::filesystem::path &folder,
                                                                         int threads)
{
    if (known)
        return known;
    auto opened = open(folder, threads);
    if (!opened)
        return failure(opened);
    return std::make_shared<ClassifierSession>(std::move(*opened));
}

Result<engine::Matrix> ClassifierSession::logits(const std::vector<std::string> &texts,
                                                 const base::WorkContext &context) const
{
    return m_predictor->logits(m_input.read(texts), context);
}

}  // namespace core
