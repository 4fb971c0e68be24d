// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/hub_repository.h"

#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <array>
#include <set>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// Nothing else is ever asked for, so no name of a repository becomes a path here. The weights come last: what cannot
/// be used shows before.
constexpr std::array<std::string_view, 11> Wanted = {"config.json",
                                                     "tokenizer.json",
                                                     "tokenizer_config.json",
                                                     "special_tokens_map.json",
                                                     "vocab.txt",
                                                     "modules.json",
                                                     "sentence_bert_config.json",
                                                     "config_sentence_transformers.json",
                                                     "1_Pooling/config.json",
                                                     "LICENSE",
                                                     "model.safetensors"};
constexpr int64_t LargestFile = int64_t{1} << 40;

bool isHex(std::string_view text, size_t digits)
{
    return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Result<HubFile> readFile(const nlohmann::json &sibling, const std::string &name, const std::string &id)
{
    HubFile file{name, 0, {}, {}};
    const auto lfs = sibling.value("lfs", nlohmann::json());
    if (lfs.is_object()) {
        file.sha256 = lfs.at("sha256").get<std::string>();
        file.bytes = engine::integerOf<int64_t>(lfs.at("size"));
    } else {
        file.bytes = engine::integerOf<int64_t>(sibling.at("size"));
        file.gitBlob = sibling.at("blobId").get<std::string>();
    }
    const bool hasSum = file.sha256.empty() ? isHex(file.gitBlob, 40) : isHex(file.sha256, 64);
    if (!hasSum || file.bytes < 0 || file.bytes > LargestFile)
        return failure(ErrorCode::Corrupt,
                       "The hub states no usable size or checksum for \"" + name +
                           "\", so it could not be checked. Try another hub address.",
                       id);
    return file;
}

Result<void> checkComplete(const std::set<std::string> &names, const std::string &id)
{
    if (!names.contains("config.json"))
        return failure(ErrorCode::Unsupported, "This repository has no config.json, so it holds no encoder.", id);
    if (!names.contains("tokenizer.json"))
        return failure(ErrorCode::Unsupported,
                       "This repository has no tokenizer.json, which is needed. Choose weights that have one.", id);
    if (names.contains("model.safetensors"))
        return {};
    if (names.contains("model.safetensors.index.json"))
        return failure(ErrorCode::Unsupported,
                       "These weights come in several files; they are too large for what Stillroom trains. Choose "
                       "smaller ones.",
                       id);
    const bool pickled = names.contains("pytorch_model.bin");
    return failure(ErrorCode::Unsupported,
                   pickled ? "These weights are there as a pickle only, which can run code and is never read. Choose "
                             "weights with a model.safetensors, or convert them."
                           : "This repository has no model.safetensors. Choose weights that have one.",
                   id);
}

}  // namespace

bool isPlainName(std::string_view name)
{
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    };
    return !name.empty() && name.size() <= 96 && name.front() != '.' && name.front() != '-' &&
           std::ranges::all_of(name, isPlain) && name.find("..") == std::string_view::npos;
}

bool isHubId(std::string_view id)
{
    const size_t slash = id.find('/');
    return slash != std::string_view::npos && isPlainName(id.substr(0, slash)) && isPlainName(id.substr(slash + 1));
}

Result<HubSnapshot> parseSnapshot(std::string_view text, const std::string &id)
{

    auto parsed = engine::parseStrictJson(text);
    const auto unreadable = [&] {
        return failure(ErrorCode::Corrupt,
                       "The hub's answer is no description of a repository. Check the hub's address; a proxy or a "
                       "login page may have answered instead.",
                       id);
    };
    if (!parsed || !parsed->is_object())
        return unreadable();
    try {
        const nlohmann::json &root = *parsed;
        HubSnapshot snapshot;
        snapshot.commit = root.at("sha").get<std::string>();
        if (!isHex(snapshot.commit, 40))
            return unreadable();
        const auto gated = root.value("gated", nlohmann::json());
        snapshot.gated = gated.is_string() || (gated.is_boolean() && gated.get<bool>());
        const auto card = root.value("cardData", nlohmann::json());
        if (card.is_object() && card.contains("license") && card.at("license").is_string())
            snapshot.licence = card.at("license").get<std::string>().substr(0, 100);
        std::set<std::string> names;
        const nlohmann::json &siblings = root.at("siblings");
        for (const nlohmann::json &sibling : siblings) {
            const auto name = sibling.at("rfilename").get<std::string>();
            if (!names.insert(name).second)
                return unreadable();
            if (std::ranges::find(Wanted, name) == Wanted.end())
                continue;
            auto file = TRY(readFile(sibling, name, id));
            snapshot.files.push_back(std::move(file));
        }
        TRY(checkComplete(names, id));
        std::ranges::sort(snapshot.files, {}, [](const HubFile &file) { return std::ranges::find(Wanted, file.name); });
        return snapshot;
    } catch (const nlohmann::json::exception &) {
        return unreadable();
    } catch (const std::logic_error &) {
        return unreadable();
    }
}

}  // namespace core
