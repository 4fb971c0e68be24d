// SPDX-License-Identifier: Apache-2.0
// What a Hugging Face config.json says about weights.
#pragma once

#include "core/base/error.h"
#include "core/engine/config/architecture.h"
#include "core/engine/data/windows.h"
#include "core/engine/task_type.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

/// How token states become one vector a text.
enum class Pooling {
    Mean,   ///< mean over the tokens, then normalised over features (LayerNorm without parameters)
    Cls,    ///< state of the first token; normalised where the family's classifier ends so
    Native  ///< through the dense layer that transformers' classifier of its family has
};

[[nodiscard]] const char *name(Pooling pooling);

/// Behind the pooling in a checkpoint that reads windows: versions that know none refuse it as one of a newer version.
constexpr std::string_view PoolingOfWindows = "-windows";

/// Which layers of EncoderKind::Rotary see how much.
struct RotaryConfig {
    std::vector<char> isLocal;  ///< a layer
    int reach = 0;              ///< places to each side that local layers see
    double globalTheta = 160'000;
    double localTheta = 10'000;
};

/// Sizes of an encoder, by whatever names its config.json has them.
struct EncoderConfig {
    int vocabularySize = 0;
    int hiddenSize = 0;
    int layers = 0;
    int heads = 0;
    int intermediateSize = 0;
    int maxPositions = 0;  ///< tokens a text can have
    int typeVocabularySize = 0;
    double layerNormEps = 1e-12;
    int firstPosition = 0;  ///< rows of the table of positions before that of the first token
    int paddingId = 0;
    RotaryConfig rotary;  ///< EncoderKind::Rotary only
    const Architecture *architecture = nullptr;
};

/// What transformers' classifier of a family does before its last layer.
struct NativeHead {
    bool poolsMean = false;  ///< not the first token
    HeadActivation activation = HeadActivation::Tanh;
};

/// What a folder of weights is.
struct WeightsInfo {
    EncoderConfig encoder;
    Pooling pooling = Pooling::Mean;
    NativeHead native;
    bool hasHead = false;             ///< a classifier for whole texts, ours or not
    bool ours = false;                ///< a Stillroom checkpoint: `stillroom_head.safetensors` holds the plain head
    AnswerRule rule;                  ///< of a head: problem_type, and thresholds of ours
    std::vector<std::string> labels;  ///< in order: id2label, else LABEL_0 and so on; empty without a head
    std::string headTrouble;          ///< why the head cannot answer, as sentences, though the encoder can be learned
                                      ///< from; empty: it can
    std::string textPrefix;           ///< what is put before each text; of E5 "query: "
    int maxLength = 0;                ///< tokens a text was trained with; 0: not stated
    WindowRule windows;               ///< how it reads longer texts; off: they are cut
    /// Ours with Pooling::Mean: the last normalisation is written with 2^-exponent of its weights (see
    /// core/nets/export/mapped_head.h); 0: as it is.
    int lastNormExponent = 0;
};

/// Reads config.json (and 1_Pooling/config.json) of a weights folder, as transformers does: without id2label classes
/// are LABEL_0 and so on, num_labels of them or two, and one output alone is a sigmoid. Names what cannot be used and
/// why.
[[nodiscard]] base::Result<WeightsInfo> readWeightsInfo(const std::filesystem::path &folder);

}  // namespace engine
