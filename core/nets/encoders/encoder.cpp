// SPDX-License-Identifier: Apache-2.0
#include "core/nets/encoders/encoder.h"

#include "core/nets/encoders/post_norm_encoder.h"
#include "core/nets/encoders/rotary_encoder.h"

namespace nets {

std::unique_ptr<Encoder> makeEncoder(const engine::EncoderConfig &config, WeightMap &weights, const std::string &prefix,
                                     at::Device device)
{
    const bool isRotary = config.architecture->encoder == engine::EncoderKind::Rotary;
    const LayerReader reader(weights, prefix, device, /*hasBias=*/!isRotary);
    if (isRotary)
        return std::make_unique<RotaryEncoder>(config, reader);
    return std::make_unique<PostNormEncoder>(config, reader);
}

}  // namespace nets
