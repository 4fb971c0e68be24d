// SPDX-License-Identifier: Apache-2.0
#include "core/engine/config/architecture_config.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/engine/config/head_classes.h"
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace engine {

namespace {

constexpr uint64_t MaxConfigBytes = 16 << 20;
constexpr int MostExponent = 30;
constexpr const char *Sliding = "sliding_attention";
/// More of one text would take too long for an answer.
constexpr int MostWindows = 1024;

Result<json> readJson(const fs::path &file)
{
    auto bytes = TRY(base::readFile(file, MaxConfigBytes));
    auto root = parseStrictJson(bytes);
    if (!root || !root->is_object())
        return failure(ErrorCode::Corrupt,
                       "This is no JSON object" + (root ? std::string() : ": " + root.error().message) + ".",
                       file.string());
    return root;
}

/// A size that tensors can have; anything else would be a lie to allocate by.
int sizeOf(const json &root, const char *key)
{
    const auto value = integerOf<int64_t>(root.at(key));
    if (value < 1 || value > 1'000'000)
        throw std::out_of_range(key);
    return static_cast<int>(value);
}

int sizeOr(const json &root, const char *key, int otherwise)
{
    return root.contains(key) ? sizeOf(root, key) : otherwise;
}

/// Where sentence-transformers has written how the token states are pooled; empty: nowhere.
fs::path poolingFile(const fs::path &folder)
{
    fs::path file = folder / "1_Pooling" / "config.json";
    std::error_code code;
    if (fs::exists(file, code))
        return file;
    auto bytes = base::readFile(folder / "modules.json", MaxConfigBytes);
    const auto modules = bytes ? parseStrictJson(*bytes) : Result<json>(json());
    if (!modules || !modules->is_array())
        return {};
    for (const json &module : *modules) {
        const auto text = [&](const char *key) {
            return module.is_object() && module.contains(key) && module.at(key).is_string()
                       ? module.at(key).get<std::string>()
                       : std::string();
        };
        const fs::path path = text("path");
        // A stranger's file must not lead out of its folder.
        if (text("type").ends_with(".Pooling") && !path.empty() && !path.has_parent_path())
            return folder / path / "config.json";
    }
    return {};
}

/// sentence-transformers says how weights are pooled by a flag a way, of which several may be on, and since 5.2 by
/// name.
Result<Pooling> statedPooling(const fs::path &folder)
{
    const fs::path file = poolingFile(folder);
    if (file.empty())
        return Pooling::Mean;
    auto stated = TRY(readJson(file));
    std::vector<std::string> ways;
    constexpr std::string_view Flag = "pooling_mode_";
    for (const auto &[key, value] : stated.items()) {
        if (key.starts_with(Flag) && value.is_boolean() && value.get<bool>())
            ways.push_back(key.substr(Flag.size()));
    }
    if (const auto named = stated.find("pooling_mode"); named != stated.end()) {
        ways.clear();
        for (const json &way : named->is_array() ? *named : json::array({*named}))
            ways.push_back(way.is_string() ? way.get<std::string>() : way.dump());
    }
    if (ways == std::vector<std::string>{"cls_token"} || ways == std::vector<std::string>{"cls"})
        return Pooling::Cls;
    if (ways == std::vector<std::string>{"mean_tokens"} || ways == std::vector<std::string>{"mean"})
        return Pooling::Mean;
    std::string words;
    for (const std::string &way : ways)
        words += (words.empty() ? "\"" : ", \"") + way + "\"";
    return failure(ErrorCode::Unsupported,
                   (words.empty() ? "This file names no way to pool the states of the tokens"
                                  : "These weights pool the states of the tokens by " + words) +
                       "; the mean of all (mean_tokens) and the first token (cls_token) can be used. Choose other base "
                       "weights.",
                   file.string());
}

/// What sentence-transformers puts before a text: its default, or what is meant for classifying; E5 has "query: " for
/// all that is no passage to be found.
std::string statedPrefix(const fs::path &folder)
{
    constexpr size_t Longest = 500;
    const auto stated = readJson(folder / "config_sentence_transformers.json");
    if (!stated)
        return {};
    const json prompts = stated->value("prompts", json());
    if (!prompts.is_object())
        return {};
    const auto promptOf = [&](const std::string &name) {
        const json prompt = prompts.value(name, json());
        return prompt.is_string() && prompt.get_ref<const std::string &>().size() <= Longest ? prompt.get<std::string>()
                                                                                             : std::string();
    };
    const json byDefault = stated->value("default_prompt_name", json());
    if (byDefault.is_string())
        return promptOf(byDefault.get<std::string>());
    if (prompts.contains("classification"))
        return promptOf("classification");
    const std::string query = promptOf("query");
    return query == "query: " ? query : std::string();
}

/// Empty where there is none, or null.
json objectOr(const json &root, const char *key)
{
    const json found = root.value(key, json());
    return found.is_null() ? json::object() : found;
}

/// What transformers calls "full_attention" and "sliding_attention", in the words of today and of before.
RotaryConfig readRotary(const json &root, int layers)
{
    RotaryConfig rotary;
    const json types = root.value("layer_types", json());
    const int every = root.value("global_attn_every_n_layers", 3);
    if (every < 1 || (!types.is_null() && types.size() != static_cast<size_t>(layers)))
        throw std::out_of_range("layer_types");
    for (int n = 0; n < layers; ++n)
        rotary.isLocal.push_back(types.is_null() ? n % every != 0 : types.at(static_cast<size_t>(n)) == Sliding);
    rotary.reach = sizeOr(root, "local_attention", 128) / 2;
    const auto theta = [&](const char *type, const char *before, double otherwise) {
        const json now = objectOr(objectOr(root, "rope_parameters"), type);
        const double value = now.value("rope_theta", root.value(before, otherwise));
        if (now.value("rope_type", std::string("default")) != "default" || !(value >= 1 && value <= 1e12))
            throw std::out_of_range("rope_parameters");
        return value;
    };
    rotary.globalTheta = theta("full_attention", "global_rope_theta", rotary.globalTheta);
    rotary.localTheta = theta(Sliding, "local_rope_theta", rotary.localTheta);
    return rotary;
}

/// What of the family's settings would have to be computed otherwise, empty if nothing.
std::string unreadSetting(const json &root)
{
    for (const char *key : {"norm_bias", "attention_bias", "mlp_bias", "classifier_bias"}) {
        if (root.value(key, false))
            return key;
    }
    return root.contains("rope_scaling") && !root.at("rope_scaling").is_null() ? "rope_scaling" : "";
}

Result<EncoderConfig> readEncoder(const json &root)
{
    const auto type = root.value("model_type", std::string("unnamed"));
    const Architecture *architecture = architectureOrNull(type);
    if (!architecture)
        return failure(ErrorCode::Unsupported,
                       "These weights are of the kind \"" + type +
                           "\"; this version reads BERT (MiniLM, BGE, E5), DistilBERT, ModernBERT, RoBERTa and "
                           "XLM-RoBERTa.");
    const auto &keys = architecture->keys;
    if (const auto act = root.value(keys.activation, std::string("gelu")); act != "gelu")
        return failure(ErrorCode::Unsupported, "These weights use the activation \"" + act + "\"; gelu can be used.");
    const bool isRotary = architecture->encoder == EncoderKind::Rotary;
    if (const auto setting = isRotary ? unreadSetting(root) : std::string(); !setting.empty())
        return failure(ErrorCode::Unsupported,
                       "These weights use \"" + setting + "\", which this version does not compute.");
    if (const auto positions = root.value("position_embedding_type", std::string("absolute")); positions != "absolute")
        return failure(ErrorCode::Unsupported,
                       "These weights use \"" + positions + "\" positions; absolute ones can be used.");
    EncoderConfig config{.vocabularySize = sizeOf(root, "vocab_size"),
                         .hiddenSize = sizeOf(root, keys.hiddenSize),
                         .layers = sizeOf(root, keys.layers),
                         .heads = sizeOf(root, keys.heads),
                         .intermediateSize = sizeOf(root, keys.intermediateSize),
                         .maxPositions = sizeOf(root, "max_position_embeddings"),
                         .typeVocabularySize = keys.typeVocabularySize ? root.value(keys.typeVocabularySize, 2) : 0,
                         .layerNormEps = keys.layerNormEps ? root.value(keys.layerNormEps, 1e-12) : 1e-12,
                         .architecture = architecture};
    if (const json padding = root.value("pad_token_id", json()); !padding.is_null())
        config.paddingId = integerOf<int>(padding);
    else
        config.paddingId = architecture->positionsFollowPadding ? 1 : 0;
    if (architecture->positionsFollowPadding)
        config.firstPosition = config.paddingId + 1;
    if (isRotary)
        config.rotary = readRotary(root, config.layers);
    config.maxPositions -= config.firstPosition;
    if (config.hiddenSize % config.heads != 0)
        return failure(ErrorCode::Corrupt, "The hidden size is no multiple of the number of attention heads.");
    if (isRotary && config.hiddenSize / config.heads % 2 != 0)
        return failure(ErrorCode::Corrupt, "The attention heads have an odd size, which cannot be turned in pairs.");
    if (config.firstPosition < 0 || config.maxPositions < 1)
        return failure(ErrorCode::Corrupt, "pad_token_id leaves no positions for a text.");
    return config;
}

Result<NativeHead> readNativeHead(const json &root, const Architecture &architecture)
{
    NativeHead head{false, architecture.headActivation};
    if (architecture.encoder != EncoderKind::Rotary)
        return head;
    const auto pooling = root.value("classifier_pooling", std::string("cls"));
    if (pooling != "mean" && pooling != "cls")
        return failure(ErrorCode::Unsupported, "The classifier of these weights pools the states of the tokens by \"" +
                                                   pooling + "\"; mean and cls can be used.");
    head.poolsMean = pooling == "mean";
    const auto activation = root.value("classifier_activation", std::string("gelu"));
    if (activation == "linear")
        head.activation = HeadActivation::None;
    else if (activation != "gelu")
        return failure(ErrorCode::Unsupported,
                       "The classifier of these weights uses the activation \"" + activation + "\"; gelu can be used.");
    return head;
}

std::optional<Pooling> poolingNamed(std::string_view word)
{
    for (const Pooling pooling : {Pooling::Mean, Pooling::Cls, Pooling::Native}) {
        if (word == name(pooling))
            return pooling;
    }
    return std::nullopt;
}

/// How a classifier of ours reads texts that are longer than `length` tokens.
WindowRule readWindows(const json &own, int length)
{
    if (!own.contains("windows"))
        return {};
    const json &said = own.at("windows");
    const auto number = [&](const char *key) { return integerOf<int>(said.at(key)); };
    const WindowRule rule{length, number("overlap"), number("most"), number("front"), number("back")};
    if (!rule.isOn() || !rule.isSound() || rule.most > MostWindows)
        throw std::out_of_range("windows");
    return rule;
}

}  // namespace

const char *name(Pooling pooling)
{
    return pooling == Pooling::Mean ? "mean" : pooling == Pooling::Cls ? "cls" : "native";
}

Result<WeightsInfo> readWeightsInfo(const fs::path &folder)
{
    const fs::path file = folder / "config.json";
    auto root = TRY(readJson(file));
    return base::guard(file.string(), [&]() -> Result<WeightsInfo> {
        try {
            WeightsInfo info;
            auto encoder = readEncoder(root);
            if (!encoder)
                return failure(encoder.error().code, encoder.error().message, file.string());
            info.encoder = *encoder;
            for (const json &architecture : root.value("architectures", json::array()))
                info.hasHead = info.hasHead || architecture == info.encoder.architecture->classifierClass;
            auto native = readNativeHead(root, *info.encoder.architecture);
            if (!native)
                return failure(native.error().code, native.error().message, file.string());
            info.native = *native;
            if (info.hasHead) {
                info.pooling = Pooling::Native;
                HeadClasses head = readHeadClasses(root);
                info.labels = std::move(head.labels);
                info.headTrouble = std::move(head.trouble);
                info.rule.task = head.task;
            } else if (auto pooling = statedPooling(folder)) {
                info.pooling = *pooling;
            } else {
                return failure(pooling);
            }
            const json own = root.value("stillroom", json::object());
            info.ours = own.contains("pooling") && fs::exists(folder / "stillroom_head.safetensors");
            info.textPrefix = own.empty() ? statedPrefix(folder) : own.value("text_prefix", std::string());
            info.maxLength = own.contains("max_length") ? integerOf<int>(own.at("max_length")) : 0;
            info.windows = readWindows(own, info.maxLength);
            if (info.windows.length > info.encoder.maxPositions)
                throw std::out_of_range("windows");
            info.rule.thresholds = own.value("thresholds", std::vector<float>());
            const auto isShare = [](float value) { return value > 0 && value < 1; };
            if (!info.rule.thresholds.empty() &&
                (info.rule.task == TaskType::SingleLabel || info.rule.thresholds.size() != info.labels.size() ||
                 !std::all_of(info.rule.thresholds.begin(), info.rule.thresholds.end(), isShare)))
                return failure(ErrorCode::Corrupt, "The thresholds in config.json do not fit its classes.",
                               file.string());
            if (info.ours) {
                auto pooling = own.at("pooling").get<std::string>();
                if (info.windows.isOn() && pooling.ends_with(PoolingOfWindows))
                    pooling.resize(pooling.size() - PoolingOfWindows.size());
                const auto named = poolingNamed(pooling);
                if (!named)
                    return failure(ErrorCode::Newer,
                                   "This checkpoint pools the states of the tokens by \"" + pooling +
                                       "\", which this version does not know. Use the version that made it, or a newer "
                                       "one.",
                                   file.string());
                info.pooling = *named;
                const int layers = integerOf<int>(own.at("encoder_layers"));
                if (layers < 1 || layers > info.encoder.layers)
                    throw std::out_of_range("encoder_layers");
                info.encoder.layers = layers;
                info.lastNormExponent =
                    own.contains("last_norm_exponent") ? integerOf<int>(own.at("last_norm_exponent")) : 0;
                if (info.lastNormExponent < 0 || info.lastNormExponent > MostExponent)
                    throw std::out_of_range("last_norm_exponent");
            }
            return info;
        } catch (const json::exception &) {
            return failure(ErrorCode::Corrupt, "config.json lacks a size or holds a value of the wrong kind.",
                           file.string());
        } catch (const std::logic_error &) {
            return failure(ErrorCode::Corrupt, "config.json holds a size or a label number that cannot be.",
                           file.string());
        }
    });
}

}  // namespace engine
