// SPDX-License-Identifier: Apache-2.0
// Reads well-known collections of difficult files, which are not part of this repository:
//   difficult_files FOLDER     with csv-spectrum, json-test-suite, safetensors, naughty-strings, tokenizers,
//                              encodings, docx-samples and pdf-samples in it
// Says what was read otherwise than it should; exit code 1 when anything was. A collection that is not there is said.
#include "core/engine/json/strict_json.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/engine/weights/safetensors.h"
#include "core/formats/jsonl.h"
#include "core/formats/row_file.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "tests/strangers/collections.h"
#include "tests/support/cli.h"

#include <QCoreApplication>
#include <cstdio>
#include <fstream>
#include <set>

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

using strangers::expect;

std::vector<fs::path> filesIn(const fs::path &folder)
{
    std::vector<fs::path> files;
    for (const auto &entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file())
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void csvSpectrum(const fs::path &folder)
{
    for (const fs::path &expected : filesIn(folder / "json")) {
        const std::string name = expected.stem().string() + ".csv";
        // Three lost their carriage returns in the collection itself.
        const fs::path restored = folder / "csvs-crlf-restored" / name;
        const auto read = core::readRowFile(fs::exists(restored) ? restored : folder / "csvs" / name);
        json rows = json::array();
        if (read) {
            for (const auto &record : read->records)
                rows.push_back(json(record.fields));
        }
        expect(read && read->rejections.empty() && rows == json::parse(support::read(expected)), name, rows.dump());
    }
}

void jsonTestSuite(const fs::path &folder)
{
    int refusedOnPurpose = 0;
    for (const fs::path &file : filesIn(folder / "test_parsing")) {
        const std::string name = file.filename().string(), text = support::read(file);
        const bool accepted = engine::parseStrictJson(text, {.maxDepth = 500}).has_value();
        // We refuse names that come twice: two readers could see two things.
        const bool onPurpose = name.find("duplicated_key") != std::string::npos;
        refusedOnPurpose += onPurpose && !accepted ? 1 : 0;
        if (name[0] == 'y' && !onPurpose)
            expect(accepted, name, "refused");
        if (name[0] == 'n')
            expect(!accepted, name, "accepted");
        static_cast<void>(core::parseJsonRows(text));
        static_cast<void>(core::readRowFile(file));
    }
    std::printf("  %d files with a name twice refused on purpose\n", refusedOnPurpose);
}

void safetensors(const fs::path &folder)
{
    const auto verdicts = json::parse(support::read(folder / "expected.json"));
    for (const auto &[name, expected] : verdicts.items()) {
        const auto file = engine::SafetensorsFile::open(folder / name);
        const std::string what = fs::path(name).filename().string();
        if (!expected["loads"].get<bool>()) {
            expect(!file, what, "accepted");
            continue;
        }
        if (what.starts_with("odd_") && !file) {
            std::printf("  stricter than the reference: %s (%s)\n", what.c_str(), file.error().message.c_str());
            continue;
        }
        expect(file.has_value(), what, file ? "" : file.error().message);
        if (!file)
            continue;
        std::map<std::string, std::pair<std::string, std::vector<int64_t>>> found, wanted;
        for (const auto &tensor : file->tensors())
            found[tensor.name] = {tensor.dtype, tensor.shape};
        for (const auto &[tensor, facts] : expected["tensors"].items())
            wanted[tensor] = {facts["dtype"].get<std::string>(), facts["shape"].get<std::vector<int64_t>>()};
        expect(found == wanted, what, "other tensors than the reference sees");
    }
}

std::set<std::string> textsOf(const core::Service &service)
{
    std::set<std::string> texts;
    const auto add = [&](const core::Example &row) { texts.insert(row.text); };
    expect(service.examples().forEach({.split = core::Split::Train}, add).has_value(), "rows", "not read");
    return texts;
}

/// Typed, changed, undone, redone, written out and read in again, every string stays what it was.
void naughtyStrings(const fs::path &folder)
{
    const support::TempFolder place;
    std::set<std::string> strings;
    const auto list = json::parse(support::read(folder / "blns.json"));
    for (const auto &entry : list)
        strings.insert(entry.get<std::string>());
    strings.erase("");  // a row without a text is none
    const auto service = core::Service::create(place / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
    const core::EditLog log(service->database());
    core::EditDraft typed{.title = "Type"};
    for (const auto &text : strings) {
        core::Example row;
        row.text = text;
        row.label = 1;
        typed.newRows.push_back(row);
    }
    expect(log.apply(typed).has_value() && textsOf(*service) == strings, "typing", "changed a string");
    std::vector<core::FieldChange> changes;
    const auto ids = *service->examples().order({});
    for (size_t i = 0; i < ids.size(); ++i)
        changes.push_back({ids[i], core::FieldChange::Field::Text, typed.newRows[ids.size() - 1 - i].text, {}});
    expect(log.apply("Swap", changes) && textsOf(*service) == strings, "editing", "changed a string");
    expect(log.undo() && textsOf(*service) == strings, "undo", "changed a string");
    expect(log.redo() && textsOf(*service) == strings, "redo", "changed a string");
    for (const char *format : {"csv", "jsonl", "distil"}) {
        const auto rows = support::runCli(
            {"rows", support::argument(place / "s"), "--split", "train", "--format", QLatin1String(format)});
        const std::string name = std::string(format) + (std::string(format) == "jsonl" ? ".jsonl" : ".csv");
        support::write(place / name, rows.out);
        const auto to = support::argument(place / (std::string(format) + "-again"));
        support::runCli({"init", to, "--task", "task"});
        const auto imported =
            support::runCli({"import", to, support::argument(place / name), "--split", "train", "--json"});
        const auto again = core::Service::open(to.toStdString());
        const auto read = textsOf(*again);
        std::vector<std::string> lost;
        std::set_difference(strings.begin(), strings.end(), read.begin(), read.end(), std::back_inserter(lost));
        expect(
            lost.empty() && read.size() == strings.size(), std::string("through ") + format,
            std::to_string(lost.size()) + " strings lost, e.g. " +
                (lost.empty() ? imported.out : json(lost.front()).dump(-1, ' ', true, json::error_handler_t::replace)));
    }
    std::printf("  %zu strings\n", strings.size());
}

/// Ids of all texts with special tokens and without, against those that Hugging Face's library gives.
void compareIds(const engine::Tokenizer &tokenizer, const fs::path &reference, const std::string &name)
{
    const auto texts = json::parse(support::read(reference / "texts.json"));
    std::ifstream file(reference / (name + ".jsonl"));
    size_t rows = 0, equal = 0;
    for (std::string line; std::getline(file, line); ++rows) {
        const auto row = json::parse(line);
        const auto text = texts.at(row.at("i").get<size_t>()).get<std::string>();
        equal += tokenizer.encode(text, true).ids == row.at("ids").get<std::vector<int32_t>>() &&
                         tokenizer.encode(text, false).ids == row.at("ids_no_special").get<std::vector<int32_t>>()
                     ? 1
                     : 0;
    }
    std::printf("  %s: %zu of %zu texts with the same ids\n", name.c_str(), equal, rows);
    expect(rows == texts.size() && equal == rows, name, std::to_string(rows - equal) + " differ");
}

/// Those that can be loaded at all load, and give the ids of the reference; the others are refused with a reason.
void tokenizers(const fs::path &folder)
{
    for (const auto &group : {folder, folder / "not-loadable"}) {
        for (const auto &entry : fs::directory_iterator(group)) {
            const std::string name = entry.path().filename().string();
            if (!fs::exists(entry.path() / "tokenizer.json"))
                continue;
            const auto loaded = engine::loadTokenizer(entry.path());
            const bool isWhole = group == folder;
            expect(loaded.has_value() == isWhole, name, loaded ? "accepted" : loaded.error().message);
            if (!loaded)
                std::printf("  %s: %s\n", name.c_str(), loaded.error().message.c_str());
            else if (isWhole)
                compareIds(**loaded, folder / "reference", name);
        }
    }
}

}  // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    if (argc != 2) {
        std::fprintf(stderr, "usage: difficult_files FOLDER\n");
        return 2;
    }
    const std::pair<const char *, void (*)(const fs::path &)> collections[] = {
        {"csv-spectrum", csvSpectrum},
        {"json-test-suite", jsonTestSuite},
        {"safetensors", safetensors},
        {"naughty-strings", naughtyStrings},
        {"tokenizers", tokenizers},
        {"encodings", strangers::encodings},
        {"docx-samples", strangers::wordDocuments},
        {"pdf-samples", strangers::pdfDocuments}};
    for (const auto &[name, check] : collections) {
        const fs::path folder = fs::path(argv[1]) / name;
        std::printf("%s%s\n", name, fs::exists(folder) ? "" : ": not there");
        if (fs::exists(folder))
            check(folder);
    }
    std::printf("%d wrong\n", strangers::g_wrong);
    return strangers::g_wrong == 0 ? 0 : 1;
}
