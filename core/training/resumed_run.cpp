// SPDX-License-Identifier: Apache-2.0
#include "core/training/resumed_run.h"

#include "core/base/atomic_file.h"
#include "core/base/random.h"
#include "core/results/checkpoint_name.h"
#include "core/training/train_plan.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

bool isOfTokenizer(const std::string &name)
{
    return name.starts_with("tokenizer") || name.starts_with("vocab") || name == "merges.txt" ||
           name == "special_tokens_map.json" || name == "added_tokens.json" || name.ends_with(".model");
}

bool isOfWeights(const std::string &name)
{
    constexpr std::array Settings{"config.json", "modules.json", "sentence_bert_config.json",
                                  "config_sentence_transformers.json"};
    if (name.starts_with("training_state"))  // of a checkpoint that may still be gone on from
        return false;
    return name.ends_with(".safetensors") || name.ends_with(".gguf") ||
           std::ranges::find(Settings, name) != Settings.end();
}

Result<uint64_t> hashed(const fs::path &file, uint64_t state)
{
    std::ifstream in(file, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        state = base::contentHash(buffer.data(), static_cast<size_t>(in.gcount()), state);
    }
    if (!in.eof())
        return failure(ErrorCode::Io, "This file of the base weights could not be read. Check its permissions.",
                       file.string());
    return state;
}

/// Names and contents, in the order of the names.
Result<std::string> hashOf(const fs::path &folder, std::vector<fs::path> files)
{
    std::ranges::sort(files);
    uint64_t state = base::contentHash("", 0);
    for (const fs::path &file : files) {
        const std::string name = file.string();
        auto next = TRY(hashed(folder / file, base::contentHash(name.data(), name.size(), state)));
        state = next;
    }
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(state));
    return std::string(text.data());
}

/// What a person calls a setting: its option without dashes.
std::string wordFor(const std::string &key)
{
    std::string word = key;
    eachSetting([&](const engine::ParameterFacts &facts, auto) {
        const std::string_view option = facts.option;
        if (key == facts.key && !option.empty())
            word = option.substr(2, option.find(',') - 2);
    });
    std::ranges::replace(word, '_', ' ');
    std::ranges::replace(word, '-', ' ');
    return word;
}

// Keys of what was asked for.
constexpr const char *Recipe = "recipe", *Base = "base", *Name = "name", *Threads = "threads", *Settings = "settings";

/// Of a run of an older version, or of a stranger's service, as little as can be read.
TrainOptions askedOf(const RunInfo &run)
{
    TrainOptions options;
    const auto asked = nlohmann::json::parse(run.asked, nullptr, false);
    if (!asked.is_object())
        return options;
    for (const auto &[key, text] :
         {std::pair(Recipe, &options.recipe), std::pair(Base, &options.base), std::pair(Name, &options.name)}) {
        if (const auto found = asked.find(key); found != asked.end() && found->is_string())
            *text = found->get<std::string>();
    }
    if (const auto threads = asked.find(Threads); threads != asked.end() && threads->is_number_integer())
        options.threads = static_cast<int>(std::clamp<int64_t>(threads->get<int64_t>(), 0, 1 << 16));
    if (const auto settings = asked.find(Settings); settings != asked.end())
        options.settings = TrainingSettings::fromJson(settings->dump());
    return options;
}

/// However the place is written.
fs::path placeOf(const std::string &folder)
{
    std::error_code code;
    const fs::path place = fs::weakly_canonical(folder, code);
    return code ? fs::absolute(folder, code).lexically_normal() : place;
}

bool isSameBase(const Service &service, const RunInfo &run, const std::string &before, const std::string &base)
{
    if (!run.basePath.empty())
        return placeOf(base) == placeOf(run.basePath);
    const auto own = resolveNameOrFolder(service, base);
    return base == before || base == run.base || (own && own->text() == run.base);
}

std::string plain(const nlohmann::json &value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

Result<BaseHashes> hashesOf(const fs::path &folder)
{
    std::vector<fs::path> weights, tokenizer;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        std::error_code ignored;
        if (!entry.is_regular_file(ignored))
            continue;
        if (isOfTokenizer(name))
            tokenizer.emplace_back(name);
        else if (isOfWeights(name))
            weights.emplace_back(name);
    }
    if (const fs::path pooling = fs::path("1_Pooling") / "config.json"; fs::exists(folder / pooling, code))
        weights.push_back(pooling);
    auto ofWeights = TRY(hashOf(folder, std::move(weights)));
    auto ofTokenizer = TRY(hashOf(folder, std::move(tokenizer)));
    return BaseHashes{ofWeights, ofTokenizer};
}

std::string askedText(const TrainOptions &options)
{
    return nlohmann::json{{Recipe, options.recipe},
                          {Base, options.base},
                          {Name, options.name},
                          {Threads, options.threads},
                          {Settings, nlohmann::json::parse(options.settings.toJson())}}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<void> refuseOtherOptions(const Service &service, const RunInfo &run, const TrainOptions &options)
{
    const TrainOptions before = askedOf(run);
    const TrainingSettings settings = options.settings.without(before.settings);
    std::vector<std::string> others;
    const auto compare = [&](const std::string &what, const std::string &recorded, const std::string &asked) {
        if (recorded != asked)
            others.push_back(what + " " + recorded + ", not " + asked);
    };
    const auto &config = run.config;
    if (options.recipe != "automatic" && options.recipe != before.recipe)
        compare("recipe", engine::name(config.recipe), options.recipe);
    else if (settings.useLora.value_or(false))
        compare("recipe", engine::name(config.recipe), engine::name(engine::Recipe::Lora));
    if (!options.base.empty() && !isSameBase(service, run, before.base, options.base))
        compare("base weights", run.base, options.base);
    if (!options.name.empty() && options.name != before.name)
        compare("name", run.id, options.name);
    if (options.threads > 0 && options.threads != before.threads)
        compare("threads", std::to_string(config.threads), std::to_string(options.threads));
    auto asked = config;
    TRY(settings.applyTo(asked));
    // Both are decided while a run works.
    asked.microBatch = config.microBatch;
    if (asked.teacherLabels == engine::TeacherLabels::Automatic)
        asked.teacherLabels = config.teacherLabels;
    const auto recorded = nlohmann::json::parse(engine::toJson(config));
    const auto changed = nlohmann::json::parse(engine::toJson(asked));
    for (const auto &[key, value] : recorded.items()) {
        if (key != Recipe)  // compared above; no setting changes it
            compare(wordFor(key), plain(value), plain(changed.at(key)));
    }
    if (others.empty())
        return {};
    std::string list;
    for (const std::string &other : others)
        list += (list.empty() ? "" : "; ") + other;
    return failure(ErrorCode::InvalidInput,
                   "This run goes on with the settings that it began with: " + list +
                       ". Leave these out, or start a new run from one of its checkpoints.",
                   run.id);
}

Result<void> refuseOtherBase(const Service &service, const RunInfo &run)
{
    auto folder = baseFolder(service, run);
    const bool isPlace = !run.basePath.empty() || run.base.find('/') != std::string::npos;
    if (!folder && isPlace && folder.error().code == ErrorCode::NotFound)
        return failure(ErrorCode::NotFound,
                       "The base weights that this run began with are not where they were. Put them back, or start a "
                       "new run from one of its checkpoints.",
                       run.basePath.empty() ? run.base : run.basePath);
    if (!folder)
        return failure(folder);
    if (run.baseHash.empty() && run.tokenizerHash.empty())
        return {};
    auto now = TRY(hashesOf(*folder));
    const bool isOtherBase = now.weights != run.baseHash, isOtherTokenizer = now.tokenizer != run.tokenizerHash;
    if (!isOtherBase && !isOtherTokenizer)
        return {};
    const std::string what = !isOtherTokenizer ? "The base weights have changed"
                             : !isOtherBase    ? "The tokenizer of the base weights has changed"
                                               : "The base weights and their tokenizer have changed";
    return failure(ErrorCode::InvalidInput,
                   what + " since this run began, so it cannot go on as it was. Put the old files back, or start a new "
                          "run from one of its checkpoints.",
                   folder->string());
}

}  // namespace core
