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
    auto info = TRY(engine::readWeightsInfo(folder));
    if (!info.headTrouble.empty())
        return failure(base::ErrorCode::InvalidInput, info.headTrouble, (folder / "config.json").string());
    auto input = TRY(TextInput::open(folder, info));
    auto askRule = TRY(engine::readAskRule(folder, info.labels));
    auto nets = TRY(engine::openNets());
    auto predictor = TRY(nets->loadPredictor(folder, threads > 0 ? threads : base::usableCores()));
    ClassifierSession session;
    session.m_predictor = std::move(predictor);
    session.m_input = std::move(input);
    session.m_askRule = std::move(askRule);
    return session;
}

Result<std::shared_ptr<ClassifierSession>> ClassifierSession::openUnless(std::shared_ptr<ClassifierSession> known,
                                                                         const std::filesystem::path &folder,
                                                                         int threads)
{
    if (known)
        return known;
    auto opened = TRY(open(folder, threads));
    return std::make_shared<ClassifierSession>(std::move(opened));
}

Result<engine::Matrix> ClassifierSession::logits(const std::vector<std::string> &texts,
                                                 const base::WorkContext &context) const
{
    return m_predictor->logits(m_input.read(texts), context);
}

}  // namespace core
