// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/tokenizer_loader.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/byte_pair.h"
#include "core/engine/text/pipeline_tokenizer.h"
#include "core/engine/text/tokenizer_parts.h"
#include "core/engine/text/unigram.h"
#include "core/engine/text/wordpiece.h"

#include <algorithm>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace engine {

namespace {

constexpr uint64_t MaxFileBytes = 256ULL << 20;
constexpr size_t MaxVocabulary = 4'000'000;
/// Around a text; known ones put two at most. Fewer than the least max_length, so that some of the text stays.
constexpr size_t MostSpecials = 6;

using Loaded = Result<std::shared_ptr<const Tokenizer>>;

/// What is the same whatever the model: added tokens, what stands around a text, and that all of it can be a row of
/// the weights.
struct Surroundings {
    TokenFrame frame;
    std::vector<AddedToken> normalizedTokens;
};

Result<Surroundings> readSurroundings(const json &root, int32_t largestId)
{
    Surroundings around;
    auto tokens = readAddedTokens(root.value("added_tokens", json::array()));
    around.frame.addedTokens = std::move(tokens.raw);
    around.normalizedTokens = std::move(tokens.normalized);
    TRY(readPostProcessor(root.value("post_processor", json()), around.frame));
    bool areUsable = true;
    for (const auto *list : {&around.frame.addedTokens, &around.normalizedTokens}) {
        for (const AddedToken &token : *list) {
            areUsable = areUsable && token.id >= 0 && token.id <= static_cast<int64_t>(MaxVocabulary);
            largestId = std::max(largestId, token.id);
        }
    }
    const auto isKnown = [&](int32_t id) { return id >= 0 && id <= largestId; };
    if (!areUsable || !std::ranges::all_of(around.frame.prefixIds, isKnown) ||
        !std::ranges::all_of(around.frame.suffixIds, isKnown))
        return failure(
            ErrorCode::Corrupt,
            "A special token of this tokenizer has an id that is none of its vocabulary. Fetch the file again.");
    if (around.frame.prefixIds.size() + around.frame.suffixIds.size() > MostSpecials)
        return failure(ErrorCode::Unsupported, "This tokenizer puts more than " + std::to_string(MostSpecials) +
                                                   " special tokens around a text, which leaves it no room.");
    return around;
}

Result<std::vector<std::pair<std::string, int32_t>>> readVocabulary(const json &list)
{
    if (!list.is_object() || list.empty() || list.size() > MaxVocabulary)
        return failure(ErrorCode::Corrupt, "The vocabulary of this tokenizer is no list of pieces with ids.");
    std::vector<std::pair<std::string, int32_t>> vocabulary;
    vocabulary.reserve(list.size());
    for (const auto &[piece, id] : list.items()) {
        const auto number = integerOf<int64_t>(id);
        if (number < 0 || number > static_cast<int64_t>(MaxVocabulary))
            return failure(ErrorCode::Corrupt, "The piece \"" + piece.substr(0, 80) + "\" has no usable id.");
        vocabulary.emplace_back(piece, static_cast<int32_t>(number));
    }
    return vocabulary;
}

/// Of the pieces that the kinds of models pad with, the one that is there.
int32_t padIdOf(const std::vector<std::pair<std::string, int32_t>> &vocabulary)
{
    for (const char *pad : {"[PAD]", "<pad>"}) {
        const auto found =
            std::find_if(vocabulary.begin(), vocabulary.end(), [&](const auto &entry) { return entry.first == pad; });
        if (found != vocabulary.end())
            return found->second;
    }
    return 0;
}

int32_t largestOf(const std::vector<std::pair<std::string, int32_t>> &vocabulary)
{
    int32_t largest = -1;
    for (const auto &[piece, id] : vocabulary)
        largest = std::max(largest, id);
    return largest;
}

Result<int32_t> unknownIdOf(const json &vocabulary, const std::string &piece)
{
    const auto found = vocabulary.find(piece);
    if (found == vocabulary.end())
        return failure(ErrorCode::Corrupt,
                       "The vocabulary lacks its own unknown token \"" + piece + "\": the file is incomplete.");
    return integerOf<int32_t>(*found);
}

Loaded buildWordPiece(const json &root)
{
    const json &body = root.at("model");
    auto vocabulary = TRY(readVocabulary(body.at("vocab")));
    WordPieceConfig config;
    const json normalizer = root.value("normalizer", json());
    if (const auto type = typeOf(normalizer); type != "BertNormalizer")
        return failure(ErrorCode::Unsupported, "This tokenizer cleans text by \"" + type +
                                                   "\"; only BertNormalizer can be used with WordPiece.");
    config.normalizer = bertNormalizer(normalizer);
    if (const auto type = typeOf(root.value("pre_tokenizer", json())); type != "BertPreTokenizer")
        return failure(ErrorCode::Unsupported, "This tokenizer splits words by \"" + type +
                                                   "\"; only BertPreTokenizer can be used with WordPiece.");
    config.continuingPrefix = body.value("continuing_subword_prefix", "##");
    if (body.contains("max_input_chars_per_word"))
        config.maxCharsPerWord = integerOf<int>(body.at("max_input_chars_per_word"));
    auto unknown = TRY(unknownIdOf(body.at("vocab"), body.value("unk_token", "[UNK]")));
    config.unknownId = unknown;
    auto around = TRY(readSurroundings(root, largestOf(vocabulary)));
    config.normalizedTokens = std::move(around.normalizedTokens);
    around.frame.padId = padIdOf(vocabulary);
    config.vocabulary = std::move(vocabulary);
    return std::make_shared<const WordPieceTokenizer>(std::move(config), std::move(around.frame));
}

Loaded buildPipeline(const json &root, std::shared_ptr<const SubwordModel> model, Splitting splitting, int32_t padId)
{
    auto normalizer = TRY(readNormalizer(root.value("normalizer", json())));
    auto around = TRY(readSurroundings(root, model->largestId()));
    around.frame.padId = padId;
    return std::make_shared<const PipelineTokenizer>(PipelineConfig{std::move(normalizer), std::move(splitting.steps),
                                                                    std::move(model),
                                                                    std::move(around.normalizedTokens)},
                                                     std::move(around.frame));
}

/// A merge as a pair, or as older files have it, as "left right".
std::pair<std::string, std::string> readMerge(const json &merge)
{
    if (merge.is_array())
        return {merge.at(0).get<std::string>(), merge.at(1).get<std::string>()};
    const auto both = merge.get<std::string>();
    const auto space = both.find(' ');
    if (space == std::string::npos || both.find(' ', space + 1) != std::string::npos)
        throw std::out_of_range("merge");
    return {both.substr(0, space), both.substr(space + 1)};
}

std::string textOrEmpty(const json &body, const char *key)
{
    const json value = body.value(key, json());
    return value.is_string() ? value.get<std::string>() : std::string();
}

Loaded buildBytePair(const json &root)
{
    const json &body = root.at("model");
    auto vocabulary = TRY(readVocabulary(body.at("vocab")));
    auto splitting = TRY(readPreTokenizer(root.value("pre_tokenizer", json())));
    BytePairConfig config;
    const json &merges = body.at("merges");
    if (!merges.is_array() || merges.size() > MaxVocabulary)
        return failure(ErrorCode::Corrupt, "The merges of this tokenizer are no list.");
    for (const json &merge : merges)
        config.merges.push_back(readMerge(merge));
    config.ofBytes = splitting.intoBytes;
    config.continuingPrefix = textOrEmpty(body, "continuing_subword_prefix");
    config.wordSuffix = textOrEmpty(body, "end_of_word_suffix");
    if (const auto piece = textOrEmpty(body, "unk_token"); !piece.empty()) {
        auto unknown = TRY(unknownIdOf(body.at("vocab"), piece));
        config.unknownId = unknown;
    }
    config.fusesUnknown = body.value("fuse_unk", false);
    config.fallsBackToBytes = body.value("byte_fallback", false);
    config.ignoresMerges = body.value("ignore_merges", false);
    const int32_t padId = padIdOf(vocabulary);
    config.vocabulary = std::move(vocabulary);
    auto model = TRY(BytePair::build(config));
    return buildPipeline(root, std::move(model), std::move(splitting), padId);
}

Loaded buildUnigram(const json &root)
{
    const json &body = root.at("model");
    const json &pieces = body.at("vocab");
    if (!pieces.is_array() || pieces.empty() || pieces.size() > MaxVocabulary)
        return failure(ErrorCode::Corrupt, "The vocabulary of this tokenizer is no list of pieces with scores.");
    UnigramConfig config;
    std::vector<std::pair<std::string, int32_t>> ids;
    for (const json &piece : pieces) {
        ids.emplace_back(piece.at(0).get<std::string>(), static_cast<int32_t>(ids.size()));
        config.pieces.emplace_back(ids.back().first, piece.at(1).get<double>());
    }
    const json unknown = body.value("unk_id", json());
    if (!unknown.is_number_integer() || unknown < 0 || unknown >= ids.size())
        return failure(ErrorCode::Corrupt,
                       "The vocabulary lacks its own unknown token: the file is incomplete or of a kind that never "
                       "meets unknown characters.");
    config.unknownId = integerOf<int32_t>(unknown);
    config.fallsBackToBytes = body.value("byte_fallback", false);
    auto splitting = TRY(readPreTokenizer(root.value("pre_tokenizer", json())));
    if (splitting.intoBytes)
        return failure(ErrorCode::Unsupported, "This tokenizer splits Unigram pieces into bytes.");
    return buildPipeline(root, std::make_shared<const Unigram>(config), std::move(splitting), padIdOf(ids));
}

/// Files written before tokenizers 0.9 carry no type; each kind is told by what only it has.
const char *kindOf(const json &model)
{
    if (model.contains("max_input_chars_per_word"))
        return "WordPiece";
    if (model.contains("merges"))
        return "BPE";
    return model.contains("vocab") && model["vocab"].is_array() ? "Unigram" : "unnamed";
}

Loaded build(const json &root)
{
    if (!root.is_object() || !root.contains("model") || !root["model"].is_object())
        return failure(ErrorCode::Corrupt, "This is no tokenizer.json: it has no \"model\" part.");
    const json &body = root["model"];
    const std::string type = body.value("type", kindOf(body));
    if (type == "WordPiece")
        return buildWordPiece(root);
    if (type == "BPE")
        return buildBytePair(root);
    if (type == "Unigram")
        return buildUnigram(root);
    return failure(ErrorCode::Unsupported,
                   "This tokenizer is of the kind \"" + type + "\"; this version reads WordPiece, BPE and Unigram.");
}

}  // namespace

Loaded buildTokenizer(const json &root, const fs::path &file)
{
    return base::guard(file.string(), [&]() -> Loaded {
        const auto damaged = [&] {
            return failure(ErrorCode::Corrupt,
                           "This tokenizer.json lacks a part or holds a value of the wrong kind. Fetch the file again.",
                           file.string());
        };
        try {
            auto built = build(root);
            if (!built)
                return failure(built.error().code, built.error().message, file.string());
            return built;
        } catch (const json::exception &) {
            return damaged();
        } catch (const std::out_of_range &) {
            return damaged();
        }
    });
}

Loaded loadTokenizer(const fs::path &path)
{
    std::error_code code;
    const fs::path file = fs::is_directory(path, code) ? path / "tokenizer.json" : path;
    auto bytes = TRY(base::readFile(file, MaxFileBytes));
    auto root = parseStrictJson(bytes, {.maxDepth = 16, .allowDuplicates = true});
    if (!root)
        return failure(ErrorCode::Corrupt, "This is no tokenizer.json: " + root.error().message + ".", file.string());
    return buildTokenizer(*root, file);
}

}  // namespace engine
