// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/tokenizer_parts.h"

#include "core/engine/json/strict_json.h"
#include "core/engine/text/utf8.h"

#include <map>

using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace engine {

namespace {

std::optional<std::string> decodeBase64(const std::string &text)
{
    std::string bytes;
    uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : c >= '0' && c <= '9' ? c - '0' + 52
                          : c == '+'             ? 62
                          : c == '/'             ? 63
                                                 : -1;
        if (c == '=')
            break;
        if (value < 0)
            return std::nullopt;
        bits = bits << 6 | static_cast<uint32_t>(value);
        count += 6;
        if (count < 8)
            continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xFFU);
    }
    return bytes;
}

/// A pattern as `{"String": ...}` or `{"Regex": ...}`.
Result<NormalizerStep> readReplace(const json &part)
{
    const json &pattern = part.at("pattern");
    const auto content = part.at("content").get<std::string>();
    if (pattern.contains("String"))
        return replaceText(pattern.at("String").get<std::string>(), content);
    return replaceMatches(pattern.at("Regex").get<std::string>(), content);
}

NormalizerStep bertStep(const json &part)
{
    return [config = bertNormalizer(part)](std::vector<NormalizedChar> &text) {
        // It reads a text; where each character came from is put back behind it.
        std::string bytes;
        for (const NormalizedChar &c : text)
            appendUtf8(bytes, c.c);
        std::vector<NormalizedChar> out;
        normalizeBert(config, bytes, 0, out);
        for (NormalizedChar &c : out)
            c.origin = text[static_cast<size_t>(c.origin.begin)].origin;
        text = std::move(out);
    };
}

Result<NormalizerStep> readNormalizerStep(const json &part)
{
    static const std::map<std::string, UnicodeForm> forms{
        {"NFC", UnicodeForm::Nfc}, {"NFD", UnicodeForm::Nfd}, {"NFKC", UnicodeForm::Nfkc}, {"NFKD", UnicodeForm::Nfkd}};
    const std::string type = typeOf(part);
    if (const auto form = forms.find(type); form != forms.end())
        return unicodeForm(form->second);
    if (type == "BertNormalizer")
        return bertStep(part);
    if (type == "Lowercase")
        return lowercase();
    if (type == "StripAccents")
        return stripAccents();
    if (type == "Strip")
        return strip(part.value("strip_left", true), part.value("strip_right", true));
    if (type == "Prepend")
        return prepend(part.at("prepend").get<std::string>());
    if (type == "Replace")
        return readReplace(part);
    if (type == "Precompiled") {
        auto bytes = decodeBase64(part.at("precompiled_charsmap").get<std::string>());
        return precompiledCharsmap(bytes ? std::move(*bytes) : std::string());
    }
    return failure(ErrorCode::Unsupported, "This tokenizer cleans text by \"" + type + "\", which is not known here.");
}

Result<Delimiter> readBehavior(const json &part)
{
    static const std::map<std::string, Delimiter> behaviors{{"Removed", Delimiter::Removed},
                                                            {"Isolated", Delimiter::Isolated},
                                                            {"MergedWithPrevious", Delimiter::MergedWithPrevious},
                                                            {"MergedWithNext", Delimiter::MergedWithNext},
                                                            {"Contiguous", Delimiter::Contiguous}};
    const auto name = part.value("behavior", std::string("Isolated"));
    const auto found = behaviors.find(name);
    if (found == behaviors.end())
        return failure(ErrorCode::Unsupported, "This tokenizer splits with the behavior \"" + name + "\".");
    return found->second;
}

Metaspace readMetaspace(const json &part)
{
    Metaspace how;
    const auto mark = part.value("replacement", std::string("\u2581"));
    size_t first = 0;
    how.mark = mark.empty() ? how.mark : decodeUtf8(mark, first);
    // Older files say add_prefix_space.
    const auto scheme =
        part.value("prepend_scheme", std::string(part.value("add_prefix_space", true) ? "always" : "never"));
    how.prepend = scheme == "always"  ? Metaspace::Prepend::Always
                  : scheme == "first" ? Metaspace::Prepend::First
                                      : Metaspace::Prepend::Never;
    how.splits = part.value("split", true);
    return how;
}

Result<void> addSplits(const json &part, Splitting &splitting)
{
    const std::string type = typeOf(part);
    const auto add = [&](SplitStep step) { splitting.steps.push_back(std::move(step)); };
    if (part.is_null())
        return {};
    if (splitting.intoBytes)
        return failure(ErrorCode::Unsupported, "This tokenizer splits bytes by \"" + type + "\".");
    if (type == "Sequence") {
        for (const json &step : part.at("pretokenizers")) {
            TRY(addSplits(step, splitting));
        }
        return {};
    }
    if (type == "ByteLevel") {
        if (part.value("add_prefix_space", true))
            add(prependSpace());
        if (part.value("use_regex", true))
            add(gpt2Words());
        splitting.intoBytes = true;
    } else if (type == "Metaspace") {
        add(metaspace(readMetaspace(part)));
    } else if (type == "WhitespaceSplit") {
        add(whitespaceWords());
    } else if (type == "Whitespace") {
        add(wordsAndSigns());
    } else if (type == "BertPreTokenizer") {
        add(whitespaceWords());
        add(punctuation(Delimiter::Isolated));
    } else if (type == "Digits") {
        add(digits(part.value("individual_digits", false)));
    } else if (type == "Punctuation" || type == "Split") {
        auto behavior = TRY(readBehavior(part));
        if (type == "Punctuation") {
            add(punctuation(behavior));
            return {};
        }
        const json &pattern = part.at("pattern");
        std::string wanted = pattern.value("Regex", std::string());
        if (pattern.contains("String"))
            wanted = "\\Q" + pattern.at("String").get<std::string>() + "\\E";
        auto split = TRY(atMatches(wanted, behavior, part.value("invert", false)));
        add(std::move(split));
    } else {
        return failure(ErrorCode::Unsupported,
                       "This tokenizer splits words by \"" + type + "\", which is not known here.");
    }
    return {};
}

void readTemplate(const json &part, TokenFrame &frame)
{
    bool textSeen = false;
    for (const json &step : part.at("single")) {
        if (step.contains("Sequence")) {
            textSeen = true;
            continue;
        }
        const auto token = step.at("SpecialToken").at("id").get<std::string>();
        for (const json &id : part.at("special_tokens").at(token).at("ids"))
            (textSeen ? frame.suffixIds : frame.prefixIds).push_back(integerOf<int32_t>(id));
    }
}

}  // namespace

std::string typeOf(const json &part)
{
    return part.is_object() ? part.value("type", std::string()) : std::string("none");
}

BertNormalizerConfig bertNormalizer(const json &part)
{
    BertNormalizerConfig config;
    config.cleanText = part.value("clean_text", true);
    config.handleChineseChars = part.value("handle_chinese_chars", true);
    config.lowercase = part.value("lowercase", true);
    const auto strip = part.find("strip_accents");
    config.stripAccents = strip != part.end() && strip->is_boolean() ? strip->get<bool>() : config.lowercase;
    return config;
}

Result<std::vector<NormalizerStep>> readNormalizer(const json &part)
{
    std::vector<NormalizerStep> steps;
    if (part.is_null())
        return steps;
    const bool isList = typeOf(part) == "Sequence";
    for (const json &one : isList ? part.at("normalizers") : json::array({part})) {
        auto step = TRY(isList && typeOf(one) == "Sequence"
                            ? failure(ErrorCode::Unsupported, "The normalizers of this tokenizer are nested.")
                            : readNormalizerStep(one));
        steps.push_back(std::move(step));
    }
    return steps;
}

Result<Splitting> readPreTokenizer(const json &part)
{
    Splitting splitting;
    TRY(addSplits(part, splitting));
    return splitting;
}

Result<void> readPostProcessor(const json &part, TokenFrame &frame)
{
    const std::string type = typeOf(part);
    if (part.is_null() || type == "ByteLevel")  // that moves offsets only
        return {};
    if (type == "Sequence") {
        for (const json &step : part.at("processors")) {
            TRY(readPostProcessor(step, frame));
        }
        return {};
    }
    if (type == "BertProcessing" || type == "RobertaProcessing") {
        frame.prefixIds = {integerOf<int32_t>(part.at("cls").at(1))};
        frame.suffixIds = {integerOf<int32_t>(part.at("sep").at(1))};
        return {};
    }
    if (type != "TemplateProcessing")
        return failure(ErrorCode::Unsupported,
                       "This tokenizer adds special tokens by \"" + type + "\", which is not known here.");
    readTemplate(part, frame);
    return {};
}

AddedTokens readAddedTokens(const json &list)
{
    AddedTokens tokens;
    for (const json &token : list)
        (token.value("normalized", false) ? tokens.normalized : tokens.raw)
            .push_back({integerOf<int32_t>(token.at("id")), token.at("content").get<std::string>(),
                        token.value("single_word", false), token.value("lstrip", false), token.value("rstrip", false)});
    return tokens;
}

}  // namespace engine
