// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/tokenizer_files.h"

#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/engine/text/tokenizer_parts.h"

#include <algorithm>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;
using nlohmann::ordered_json;

namespace engine {

namespace {

constexpr const char *PaddingNames[] = {"[PAD]", "<pad>"};

Result<json> readObject(const fs::path &file)
{
    auto bytes = TRY(base::readFile(file));
    auto root = parseStrictJson(bytes, {.maxDepth = 32, .allowDuplicates = true});
    if (!root || !root->is_object())
        return failure(ErrorCode::Corrupt,
                       "This file is no JSON object" + (root ? std::string() : ": " + root.error().message) + ".",
                       file.string());
    return root;
}

/// The piece with an id, of the vocabulary or added to it; empty: there is none.
std::string pieceOf(const json &tokenizer, int id)
{
    for (const json &token : tokenizer.value("added_tokens", json::array())) {
        if (token.value("id", -1) == id)
            return token.value("content", std::string());
    }
    const json vocabulary = tokenizer.at("model").value("vocab", json());
    if (vocabulary.is_array())  // pieces with their scores
        return id >= 0 && static_cast<size_t>(id) < vocabulary.size()
                   ? vocabulary[static_cast<size_t>(id)].at(0).get<std::string>()
                   : std::string();
    for (const auto &[piece, number] : vocabulary.items()) {
        if (number == id)
            return piece;
    }
    return {};
}

bool hasPiece(const json &tokenizer, const std::string &piece)
{
    const json vocabulary = tokenizer.at("model").value("vocab", json());
    if (!vocabulary.is_array())
        return vocabulary.contains(piece);
    return std::any_of(vocabulary.begin(), vocabulary.end(), [&](const json &entry) { return entry.at(0) == piece; });
}

bool isAdded(const json &tokenizer, const std::string &piece)
{
    const json added = tokenizer.value("added_tokens", json::array());
    return std::any_of(added.begin(), added.end(),
                       [&](const json &token) { return token.value("content", std::string()) == piece; });
}

/// What the first ByteLevel step says about a space before the text; null: there is no such step.
json prefixSpace(const json &preTokenizer)
{
    if (typeOf(preTokenizer) == "Sequence") {
        for (const json &step : preTokenizer.at("pretokenizers")) {
            if (const json found = prefixSpace(step); !found.is_null())
                return found;
        }
        return nullptr;
    }
    return typeOf(preTokenizer) == "ByteLevel" ? json(preTokenizer.value("add_prefix_space", true)) : json();
}

/// Merges as "left right", which every version of tokenizers reads; pairs need 0.20. Pieces with spaces stay pairs.
void writeMergesAsText(json &model)
{
    json merges = model.value("merges", json());
    if (!merges.is_array())
        return;
    for (json &merge : merges) {
        if (!merge.is_array())
            continue;
        const auto left = merge.at(0).get<std::string>();
        const auto right = merge.at(1).get<std::string>();
        if ((left + right).find(' ') != std::string::npos)
            return;
        merge = left + " " + right;
    }
    model["merges"] = std::move(merges);
}

/// What batches are filled up with. Its id is masked, so another special token does as well as none; a piece that is no
/// added token is the last choice, as transformers would cut it out of texts.
std::string paddingOf(const json &tokenizer, int paddingId, const ordered_json &special)
{
    std::vector<std::string> choices(std::begin(PaddingNames), std::end(PaddingNames));
    choices.push_back(pieceOf(tokenizer, paddingId));
    for (const char *role : {"sep_token", "cls_token", "unk_token"})
        choices.push_back(special.value(role, std::string()));
    const auto added = std::find_if(choices.begin(), choices.end(),
                                    [&](const std::string &piece) { return isAdded(tokenizer, piece); });
    if (added != choices.end())
        return *added;
    const auto known = std::find_if(choices.begin(), choices.end(), [&](const std::string &piece) {
        return !piece.empty() && hasPiece(tokenizer, piece);
    });
    return known != choices.end() ? *known : std::string();
}

/// Names of special tokens. Those that tokenizer.json does not cut out of texts are left unsaid: transformers would
/// begin to. Padding has to be said.
Result<ordered_json> specialTokens(const json &tokenizer, int paddingId)
{
    TokenFrame frame;
    TRY(readPostProcessor(tokenizer.value("post_processor", json()), frame));
    ordered_json tokens = ordered_json::object();
    const auto say = [&](const char *role, const std::string &piece) {
        if (isAdded(tokenizer, piece))
            tokens[role] = piece;
    };
    const json &model = tokenizer.at("model");
    const json unknown = model.value("unk_token", json());
    if (unknown.is_string())
        say("unk_token", unknown.get<std::string>());
    else if (const json id = model.value("unk_id", json()); id.is_number_integer())
        say("unk_token", pieceOf(tokenizer, integerOf<int>(id)));
    if (!frame.prefixIds.empty())
        say("cls_token", pieceOf(tokenizer, frame.prefixIds.front()));
    if (!frame.suffixIds.empty())
        say("sep_token", pieceOf(tokenizer, frame.suffixIds.back()));
    for (const char *mask : {"[MASK]", "<mask>"})
        say("mask_token", mask);
    if (const std::string padding = paddingOf(tokenizer, paddingId, tokens); !padding.empty())
        tokens["pad_token"] = padding;
    return tokens;
}

/// transformers' classes that put lower-casing, accents and CJK splitting over what tokenizer.json says.
bool isBertLike(const std::string &className)
{
    for (const char *known : {"BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MPNetTokenizer"}) {
        if (className == known || className == std::string(known) + "Fast")
            return true;
    }
    return false;
}

/// Special tokens that `settings` names and tokenizer.json does not cut out of texts: transformers does then.
void addNamedTokens(json &tokenizer, const json &settings)
{
    for (const char *role :
         {"unk_token", "cls_token", "sep_token", "mask_token", "pad_token", "bos_token", "eos_token"}) {
        const json named = settings.value(role, json());
        if (!named.is_string() || isAdded(tokenizer, named.get<std::string>()))
            continue;
        const json vocabulary = tokenizer.at("model").value("vocab", json());
        if (vocabulary.is_object() && vocabulary.contains(named.get<std::string>()))
            tokenizer["added_tokens"].push_back({{"id", vocabulary.at(named.get<std::string>())},
                                                 {"content", named},
                                                 {"normalized", false},
                                                 {"special", true}});
    }
}

/// tokenizer.json as the class named in `settings` changes it.
Result<json> changedBySettings(json tokenizer, const json &settings)
{
    addNamedTokens(tokenizer, settings);
    const auto className = settings.value("tokenizer_class", std::string());
    if (isBertLike(className)) {
        json &normalizer = tokenizer["normalizer"];
        if (!normalizer.is_object())
            return tokenizer;
        normalizer["lowercase"] = settings.value("do_lower_case", json(true));
        normalizer["strip_accents"] = settings.value("strip_accents", json());
        normalizer["handle_chinese_chars"] = settings.value("tokenize_chinese_chars", json(true));
        return tokenizer;
    }
    if (className != "PreTrainedTokenizerFast" && className != "RobertaTokenizer" &&
        className != "RobertaTokenizerFast")
        return failure(ErrorCode::Unsupported,
                       "How transformers reads the tokenizer class \"" + className + "\" is not known here.");
    // Of the outermost step only.
    json &splitting = tokenizer["pre_tokenizer"];
    if (typeOf(splitting) == "ByteLevel")
        splitting["add_prefix_space"] = settings.value("add_prefix_space", json(false));
    return tokenizer;
}

}  // namespace

Result<void> writeTokenizerFiles(const fs::path &from, const TokenizerUse &use, const fs::path &folder)
{
    const fs::path file = from / "tokenizer.json";
    auto tokenizer = TRY(readObject(file));
    return base::guard(file.string(), [&]() -> Result<void> {
        try {
            tokenizer["truncation"] = nullptr;
            tokenizer["padding"] = nullptr;
            writeMergesAsText(tokenizer.at("model"));
            auto special = TRY(specialTokens(tokenizer, use.paddingId));
            ordered_json settings{{"tokenizer_class", "PreTrainedTokenizerFast"},
                                  {"model_max_length", use.maxLength},
                                  {"padding_side", "right"},
                                  {"truncation_side", "right"},
                                  {"clean_up_tokenization_spaces", false}};
            settings["model_input_names"] = {"input_ids", "attention_mask"};
            if (use.hasTokenTypes)
                settings["model_input_names"] = {"input_ids", "token_type_ids", "attention_mask"};
            if (const json space = prefixSpace(tokenizer.value("pre_tokenizer", json())); !space.is_null())
                settings["add_prefix_space"] = space;
            settings.update(special);
            // What servers of sentence encoders cut texts at; without it they read 512 tokens.
            const ordered_json sentence{{"max_seq_length", use.maxLength}, {"do_lower_case", false}};
            const std::pair<const char *, std::string> files[] = {
                {"tokenizer.json", tokenizer.dump()},
                {"tokenizer_config.json", settings.dump(2)},
                {"special_tokens_map.json", special.dump(2)},
                {"sentence_bert_config.json", sentence.dump(2)},
            };
            for (const auto &[name, content] : files) {
                TRY(base::writeFile(folder / name, content));
            }
            std::error_code code;
            if (fs::exists(from / "vocab.txt", code) &&
                !fs::copy_file(from / "vocab.txt", folder / "vocab.txt", fs::copy_options::overwrite_existing, code))
                return base::Failure(base::systemError(code.value(), folder / "vocab.txt"));
            return {};
        } catch (const json::exception &) {
            return failure(ErrorCode::Corrupt,
                           "This tokenizer.json lacks a part or holds a value of the wrong kind. Fetch the file again.",
                           file.string());
        }
    });
}

Result<std::shared_ptr<const Tokenizer>> loadAsTransformers(const fs::path &folder)
{
    auto tokenizer = readObject(folder / "tokenizer.json");
    auto settings = readObject(folder / "tokenizer_config.json");
    if (!tokenizer)
        return failure(tokenizer);
    if (!settings)
        return failure(settings);
    auto changed =
        TRY(base::guard(folder.string(), [&] { return changedBySettings(std::move(*tokenizer), *settings); }));
    return buildTokenizer(changed, folder / "tokenizer.json");
}

}  // namespace engine
