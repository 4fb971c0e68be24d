// SPDX-License-Identifier: Apache-2.0
// Low-rank adapters beside an encoder's linear layers (Hu et al. 2021), placed and initialised as PEFT does.
#pragma once

#include "core/engine/config/training_config.h"
#include "core/nets/sequence_classifier.h"

namespace nets {

class LoraAdapters {
public:
    /// Puts adapters beside the layers that `config` names, from layer `from` on. They change nothing yet: B is zero,
    /// A uniform as Kaiming (He et al. 2015). A name that no layer has is an error, which names those there are.
    /// `encoder` must outlive this.
    [[nodiscard]] static base::Result<LoraAdapters> attach(Encoder &encoder, const engine::LoraConfig &config, int from,
                                                           uint64_t seed);

    /// Every A and B, as "<layer>.lora_A.weight" and "<layer>.lora_B.weight".
    void visit(const std::function<void(const std::string &name, at::Tensor &)> &visitor);

    /// The names of the layers without their number, as PEFT's target_modules.
    [[nodiscard]] std::vector<std::string> targetModules() const;

    /// The numbers of the layers that have adapters, ascending.
    [[nodiscard]] std::vector<int> layers() const;

    /// While it lives, the adapters are part of the weights: what is scored and written is what will be read again.
    class Merged {
    public:
        explicit Merged(LoraAdapters *adapters);  ///< null: does nothing
        ~Merged();
        Merged(const Merged &) = delete;
        Merged &operator=(const Merged &) = delete;

    private:
        struct Before {
            Linear *layer;
            Linear content;
        };
        std::vector<Before> m_before;
    };

private:
    struct Place {
        std::string name;
        Linear *layer;
        Adapter adapter;  ///< its tensors are those of the layer
    };

    std::vector<Place> m_places;
};

}  // namespace nets
