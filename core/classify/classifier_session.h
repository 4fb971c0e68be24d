// SPDX-License-Identifier: Apache-2.0
// A classifier with its tokenizer, ready for texts.
#pragma once

#include "core/engine/eval/coverage.h"
#include "core/engine/nets_interface.h"
#include "core/rows/text_input.h"

namespace core {

class ClassifierSession {
public:
    /// A checkpoint of a service or any folder in Hugging Face sequence-classification layout.
    /// `threads` 0: all cores.
    [[nodiscard]] static base::Result<ClassifierSession> open(const std::filesystem::path &folder, int threads = 0);

    /// `known` where there is one, else the folder's.
    [[nodiscard]] static base::Result<std::shared_ptr<ClassifierSession>>
    openUnless(std::shared_ptr<ClassifierSession> known, const std::filesystem::path &folder, int threads);

    /// rows x classes, in the order of the texts.
    [[nodiscard]] base::Result<engine::Matrix> logits(const std::vector<std::string> &texts,
                                                      const base::WorkContext &context) const;

    [[nodiscard]] const engine::AnswerRule &rule() const { return m_predictor->info().rule; }
    /// From which confidence on an answer stands; none was set: every one does.
    [[nodiscard]] const std::optional<engine::AskRule> &askRule() const { return m_askRule; }
    [[nodiscard]] engine::TaskType task() const { return rule().task; }
    [[nodiscard]] const engine::Predictor &predictor() const { return *m_predictor; }
    [[nodiscard]] const TextInput &input() const { return m_input; }
    [[nodiscard]] const std::vector<std::string> &labels() const { return m_predictor->info().labels; }

private:
    std::unique_ptr<engine::Predictor> m_predictor;
    TextInput m_input;
    std::optional<engine::AskRule> m_askRule;
};

}  // namespace core
