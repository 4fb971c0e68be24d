// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/public_sets.h"

#include "core/formats/row_file.h"

#include <functional>

namespace fs = std::filesystem;

namespace bench {

namespace {

std::vector<Row> table(const fs::path &file, const char *text, const char *label)
{
    auto read = core::readRowFile(file);
    if (!read)
        throw std::runtime_error(read.error().message + " " + file.string());
    std::vector<Row> rows;
    for (const auto &record : read->records)
        rows.push_back({record.fields.value(text, std::string()), record.fields.value(label, std::string())});
    return rows;
}

std::vector<Row> lines(const fs::path &file, const std::function<Row(const std::string &)> &split)
{
    std::ifstream stream(file);
    if (!stream)
        throw std::runtime_error("cannot read " + file.string());
    std::vector<Row> rows;
    for (std::string line; std::getline(stream, line);) {
        while (!line.empty() && line.back() == '\r')
            line.pop_back();
        if (!line.empty())
            rows.push_back(split(line));
    }
    return rows;
}

/// "text;label"
Row labelLast(const std::string &line)
{
    const size_t at = line.rfind(';');
    return {line.substr(0, at), line.substr(at + 1)};
}

/// "label text"; of labels with a part after a colon the part before it.
Row labelFirst(const std::string &line)
{
    const size_t at = line.find(' ');
    return {line.substr(at + 1), line.substr(0, std::min(at, line.find(':')))};
}

std::vector<Row> clinc(const fs::path &file, const char *part = "train")
{
    std::ifstream stream(file);
    std::vector<Row> rows;
    const auto all = nlohmann::json::parse(stream);
    for (const auto &row : all.at(part))
        rows.push_back({row.at(0), row.at(1)});
    return rows;
}

std::vector<Row> tweets(const fs::path &folder)
{
    const auto texts = lines(folder / "train_text.txt", [](const std::string &line) { return Row{line, {}}; });
    auto rows = lines(folder / "train_labels.txt", [](const std::string &line) {
        return Row{{}, line == "0" ? "negative" : line == "1" ? "neutral" : "positive"};
    });
    for (size_t i = 0; i < rows.size() && i < texts.size(); ++i)
        rows[i].text = texts[i].text;
    return rows;
}

PublicSet given(const fs::path &folder)
{
    return {folder.filename().string(), table(folder / "train.csv", "question", "answer"),
            table(folder / "test.csv", "question", "answer"), table(folder / "unstructured.csv", "context", "none")};
}

}  // namespace

std::vector<PublicSet> developmentSuite(const fs::path &data)
{
    return {
        {"banking77, 8 x 6", table(data / "banking77/train.csv", "text", "category"), {}, {}, 8, 6, 320},
        {"clinc150, 10 x 5", clinc(data / "clinc150/data_full.json"), {}, {}, 10, 5, 320},
        {"trec, 6 x 8", lines(data / "trec-questions/TREC.train", labelFirst), {}, {}, 6, 8, 400},
        {"sst2, 2 x 24", lines(data / "sst2/stsa.binary.train.txt", labelFirst), {}, {}, 2, 24, 400},
        {"emotion, 6 x 8", lines(data / "emotion/train.txt", labelLast), {}, {}, 6, 8, 400},
        {"tweets, 3 x 16", tweets(data / "xlm-t-sentiment/english"), {}, {}, 3, 16, 400},
        {"banking77, 77 x 10", table(data / "banking77/train.csv", "text", "category"), {}, {}, 0, 10, 1000},
        {"clinc150, 150 x 10", clinc(data / "clinc150/data_full.json"), {}, {}, 0, 10, 3000},
        {"trec, 6 x 60", lines(data / "trec-questions/TREC.train", labelFirst), {}, {}, 6, 60, 1000},
    };
}

std::vector<PublicSet> goalSets(const fs::path &data)
{
    const auto train = table(data / "banking77/train.csv", "text", "category");
    const auto test = table(data / "banking77/test.csv", "text", "category");
    const auto clincTrain = clinc(data / "clinc150/data_full.json");
    const auto clincTest = clinc(data / "clinc150/data_full.json", "test");
    return {given(data / "distil-labs-examples/banking-routing"),
            given(data / "distil-labs-examples/ecommerce"),
            {"banking77, 8 x 6, test rows", train, test, {}, 8, 6, 0},
            {"banking77, 77 x 10, test rows", train, test, {}, 0, 10, 0},
            {"banking77, whole, test rows", train, test, {}, 0, 0, 0},
            {"clinc150, 150 x 10, test rows", clincTrain, clincTest, {}, 0, 10, 0},
            {"clinc150, whole, test rows", clincTrain, clincTest, {}, 0, 0, 0}};
}

}  // namespace bench
