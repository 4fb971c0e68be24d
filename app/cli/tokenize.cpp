// SPDX-License-Identifier: Apache-2.0
#include "app/cli/commands.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/tokenizer_loader.h"

#include <iostream>
#include <memory>

namespace cli {

namespace {

struct Options {
    std::string file;
    bool noSpecial = false;
};

nlohmann::ordered_json encode(const engine::Tokenizer &tokenizer, const std::string &line, bool special)
{
    const auto text = engine::parseStrictJson(line);
    if (!text || !text->is_string())
        return {{"error", text ? "this line is no JSON string" : text.error().message}};
    const auto encoding = tokenizer.encode(text->get_ref<const std::string &>(), special);
    auto offsets = nlohmann::ordered_json::array();
    for (const auto &offset : encoding.offsets)
        offsets.push_back({offset.begin, offset.end});
    return {{"ids", encoding.ids}, {"offsets", offsets}};
}

base::Result<int> run(const Options &o, Console &console)
{
    auto tokenizer = TRY(engine::loadTokenizer(o.file));
    for (std::string line; std::getline(std::cin, line);)
        console.row(encode(*tokenizer, line, !o.noSpecial).dump());
    return ExitDone;
}

}  // namespace

void addTokenize(const Command &app, Action &action)
{
    const Command command = app.addCommand("tokenize", "Print the token ids of texts");
    auto o = std::make_shared<Options>();
    command
        .option("file", o->file,
                "A tokenizer.json or a folder with one. Texts are JSON strings, one per line, on standard input")
        .required();
    command.flag("--no-special", o->noSpecial, "Without special tokens");
    command.whenGiven([=, &action] { action = [o](Console &console) { return run(*o, console); }; });
}

}  // namespace cli
