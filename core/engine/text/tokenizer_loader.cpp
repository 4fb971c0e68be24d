// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/tokenizer_loader.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/wordpiece.h"

#include <algorithm>
#include <map>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace engine {

namespace {

constexpr uint64_t MaxFileBytes = 256ULL << 20;
constexpr size_t MaxVocabulary = 4'000'000;

std::string typeOf(const json &part)
{
    return part.is_object() ? part.value("type", std::string()) : std::string("none");
}

Result<BertNormalizerConfig> readNormalizer(const json &part, const std::string &subject)
{
    if (typeOf(part) != "BertNormalizer")
        return failure(ErrorCode::Unsupported,
                       "This tokenizer cleans text by \"" + typeOf(part) +
                           "\"; only BertNormalizer can be used. Choose base weights of the BERT family.",
                       subject);
    BertNormalizerConfig config;
    config.cleanText = part.value("clean_text", true);
    config.handleChineseChars = part.value("handle_chinese_chars", true);
    config.lowercase = part.value("lowercase", true);
    const auto strip = part.find("strip_accents");
    config.stripAccents = strip != part.end() && strip->is_boolean() ? strip->get<bool>() : config.lowercase;
    return config;
}

/// Special tokens around a single text: TemplateProcessing, BertProcessing, or none.
Result<void> readPostProcessor(const json &part, WordPieceConfig &config, const std::string &subject)
{
    const std::string type = typeOf(part);
    if (part.is_null())
        return {};
    if (type == "BertProcessing") {
        config.prefixIds = {integerOf<int32_t>(part.at("cls").at(1))};
        config.suffixIds = {integerOf<int32_t>(part.at("sep").at(1))};
        return {};
    }
    if (type != "TemplateProcessing")
        return failure(ErrorCode::Unsupported,
                       "This tokenizer adds special tokens by \"" + type +
                           "\"; TemplateProcessing and BertProcessing can be used.",
                       subject);
    bool textSeen = false;
    for (const json &step : part.at("single")) {
        if (step.contains("Sequence")) {
            textSeen = true;
            continue;
        }
        const auto token = step.at("SpecialToken").at("id").get<std::string>();
        for (const json &id : part.at("special_tokens").at(token).at("ids"))
            (textSeen ? config.suffixIds : config.prefixIds).push_back(integerOf<int32_t>(id));
    }
    return {};
}

/// Whether the ids that do not come from the vocabulary are some that weights can have a row for.
bool hasUsableSpecials(const WordPieceConfig &config)
{
    int64_t size = 0;
    for (const auto &[piece, id] : config.vocabulary)
        size = std::max(size, int64_t{id} + 1);
    for (const AddedToken &token : config.addedTokens) {
        if (token.id < 0 || token.id > static_cast<int64_t>(MaxVocabulary))
            return false;
        size = std::max(size, int64_t{token.id} + 1);
    }
    const auto isKnown = [&](int32_t id) { return id >= 0 && id < size; };
    return std::all_of(config.prefixIds.begin(), config.prefixIds.end(), isKnown) &&
           std::all_of(config.suffixIds.begin(), config.suffixIds.end(), isKnown);
}

Result<std::shared_ptr<const Tokenizer>> buildWordPiece(const json &root, const std::string &subject)
{
    const json &body = root.at("model");
    const json &vocabulary = body.at("vocab");
    if (!vocabulary.is_object() || vocabulary.size() > MaxVocabulary)
        return failure(ErrorCode::Corrupt, "The vocabulary of this tokenizer is no list of pieces with ids.", subject);
    WordPieceConfig config;
    std::map<std::string, int32_t, std::less<>> specials;
    config.vocabulary.reserve(vocabulary.size());
    for (const auto &[piece, id] : vocabulary.items()) {
        const auto number = integerOf<int64_t>(id);
        if (number < 0 || number > static_cast<int64_t>(MaxVocabulary))
            return failure(ErrorCode::Corrupt, "The piece \"" + piece.substr(0, 80) + "\" has no usable id.", subject);
        config.vocabulary.emplace_back(piece, static_cast<int32_t>(number));
    }
    auto normalizer = readNormalizer(root.value("normalizer", json()), subject);
    if (!normalizer)
        return failure(normalizer);
    config.normalizer = *normalizer;
    if (const auto type = typeOf(root.value("pre_tokenizer", json())); type != "BertPreTokenizer")
        return failure(ErrorCode::Unsupported,
                       "This tokenizer splits words by \"" + type +
                           "\"; only BertPreTokenizer can be used with WordPiece.",
                       subject);
    for (const json &token : root.value("added_tokens", json::array())) {
        config.addedTokens.push_back({integerOf<int32_t>(token.at("id")), token.at("content").get<std::string>(),
                                      token.value("single_word", false), token.value("lstrip", false),
                                      token.value("rstrip", false)});
        specials[config.addedTokens.back().content] = config.addedTokens.back().id;
    }
    config.continuingPrefix = body.value("continuing_subword_prefix", "##");
    if (body.contains("max_input_chars_per_word"))
        config.maxCharsPerWord = integerOf<int>(body.at("max_input_chars_per_word"));
    const auto unknownPiece = body.value("unk_token", "[UNK]");
    const auto unknown = vocabulary.find(unknownPiece);
    if (unknown == vocabulary.end())
        return failure(ErrorCode::Corrupt,
                       "The vocabulary lacks its own unknown token \"" + unknownPiece + "\": the file is incomplete.",
                       subject);
    config.unknownId = integerOf<int32_t>(*unknown);
    if (const auto pad = vocabulary.find("[PAD]"); pad != vocabulary.end())
        config.padId = integerOf<int32_t>(*pad);
    if (auto read = readPostProcessor(root.value("post_processor", json()), config, subject); !read)
        return failure(read);
    if (!hasUsableSpecials(config))
        return failure(
            ErrorCode::Corrupt,
            "A special token of this tokenizer has an id that is none of its vocabulary. Fetch the file again.",
            subject);
    return std::make_shared<const WordPieceTokenizer>(std::move(config));
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

}  // namespace

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const fs::path &path)
{
    std::error_code code;
    const fs::path file = fs::is_directory(path, code) ? path / "tokenizer.json" : path;
    auto bytes = base::readFile(file, MaxFileBytes);
    if (!bytes)
        return failure(bytes);
    auto root = parseStrictJson(*bytes, {.maxDepth = 16, .allowDuplicates = true});
    if (!root)
        return failure(ErrorCode::Corrupt, "This is no tokenizer.json: " + root.error().message + ".", file.string());
    return base::guard(file.string(), [&]() -> Result<std::shared_ptr<const Tokenizer>> {
        try {
            if (!root->is_object() || !root->contains("model") || !(*root)["model"].is_object())
                return failure(ErrorCode::Corrupt, "This is no tokenizer.json: it has no \"model\" part.",
                               file.string());
            const json &body = (*root)["model"];
            const std::string type = body.value("type", kindOf(body));
            if (type != "WordPiece")
                return failure(ErrorCode::Unsupported,
                               "This tokenizer is of the kind \"" + type +
                                   "\"; this version reads WordPiece (BERT, MiniLM, BGE, E5).",
                               file.string());
            return buildWordPiece(*root, file.string());
        } catch (const json::exception &) {
            return failure(ErrorCode::Corrupt,
                           "This tokenizer.json lacks a part or holds a value of the wrong kind. Fetch the file again.",
                           file.string());
        }
    });
}

}  // namespace engine
