// SPDX-License-Identifier: Apache-2.0
// Encodings, Word documents and PDFs: how much of their text is read as others read it.
#include "core/formats/encoding.h"
#include "core/formats/row_file.h"
#include "tests/strangers/collections.h"
#include "tests/support/support.h"

#include <QCryptographicHash>
#include <fstream>
#include <map>
#include <sstream>

namespace fs = std::filesystem;
using nlohmann::json;

namespace strangers {

namespace {

std::string hashOf(const std::string &text)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256).toHex().toStdString();
}

/// What files that claim an old standard are really in, as browsers read them (WHATWG Encoding Standard).
std::string reallyIn(const std::string &stated)
{
    static const std::map<std::string, std::string> supersets{
        {"Latin1", "windows-1252"},   {"Latin2", "windows-1250"}, {"Cyrillic", "windows-1251"},
        {"SHIFT_JIS", "windows-31j"}, {"EUC-JP", "EUC-JP"},       {"Big5", "Big5"}};
    const auto found = supersets.find(stated);
    return found == supersets.end() ? "" : found->second;
}

std::map<std::string, int> wordsOf(const std::string &text)
{
    std::map<std::string, int> words;
    const auto flush = [&](std::string &word) {
        if (!word.empty())
            ++words[word];
        word.clear();
    };
    std::string word;
    for (const char c : text) {
        if (static_cast<signed char>(c) < 0 || std::isalnum(static_cast<unsigned char>(c)))
            word += c;
        else
            flush(word);
    }
    flush(word);
    return words;
}

/// The harmonic mean of the shares of words that each has of the other.
double wordF1(const std::string &expected, const std::string &found)
{
    const auto a = wordsOf(expected), b = wordsOf(found);
    double both = 0, all = 0;
    for (const auto &[word, count] : a) {
        const auto other = b.find(word);
        both += other == b.end() ? 0 : std::min(count, other->second);
        all += count;
    }
    for (const auto &[word, count] : b)
        all += count;
    return all == 0 ? 1 : 2 * both / all;
}

std::string textOf(const fs::path &file, std::string &refusal)
{
    // By paragraphs: a document with a table would be read as the table.
    const auto read = core::readRowFile(file, {.unit = core::TextUnit::Paragraphs});
    std::string text;
    if (!read)
        refusal = read.error().message;
    else
        for (const auto &record : read->records)
            text += record.fields.at("text").get<std::string>() + "\n";
    return text;
}

std::string joined(const json &parts)
{
    std::string text;
    for (const auto &part : parts)
        text += part.get<std::string>() + "\n";
    return text;
}

/// `listing`: an object of documents by name, each with whether it `opens` and its text in `parts`.
void compareDocuments(const fs::path &folder, const char *listing, const char *opens, const char *parts)
{
    std::map<std::string, std::string> expected;
    const auto documents = json::parse(support::read(folder / listing));
    for (const auto &[name, document] : documents.items()) {
        if (document.at(opens).get<bool>() && fs::exists(folder / name))
            expected[name] = joined(document.at(parts));
    }
    double sum = 0;
    for (const auto &[name, text] : expected) {
        std::string refusal;
        const double f1 = wordF1(text, textOf(folder / name, refusal));
        sum += f1;
        if (f1 < 0.98)
            std::printf("  %s: F1 %.3f %s\n", name.c_str(), f1, refusal.c_str());
    }
    std::printf("  %zu documents, word F1 %.3f on average\n", expected.size(),
                sum / static_cast<double>(std::max<size_t>(1, expected.size())));
}

}  // namespace

void encodings(const fs::path &folder)
{
    std::ifstream manifest(folder / "manifest.tsv");
    std::string line;
    std::getline(manifest, line);
    double all = 0, strict = 0, right = 0, offered = 0, silent = 0;
    while (std::getline(manifest, line)) {
        std::vector<std::string> fields;
        std::istringstream in(line);
        for (std::string field; std::getline(in, field, '\t');)
            fields.push_back(field);
        if (fields.size() < 6 || fields[3] != "yes")
            continue;
        const std::string bytes = support::read(folder / fields[0]);
        const auto read = core::decodeText(bytes, fields[0]);
        const std::string superset = reallyIn(fields[1]);
        const auto asBrowsers = superset.empty() ? read : core::decodeText(bytes, fields[0], superset);
        // The collection keeps a byte order mark as a character.
        const auto matches = [&](const base::Result<core::DecodedText> &text) {
            return text && (hashOf(text->text) == fields[5] || hashOf("\xEF\xBB\xBF" + text->text) == fields[5]);
        };
        const bool strictly = matches(read);
        const bool fine = strictly || (read && !superset.empty() && asBrowsers && read->text == asBrowsers->text);
        bool among = fine;
        for (size_t i = 0; read && i < read->offered.size(); ++i)
            among = among || matches(core::decodeText(bytes, fields[0], read->offered[i]));
        ++all;
        strict += strictly ? 1 : 0;
        right += fine ? 1 : 0;
        offered += among ? 1 : 0;
        silent += !fine && read && read->certain ? 1 : 0;
        if (!fine)
            std::printf("  %s (%s): %s\n", fields[0].c_str(), fields[1].c_str(),
                        read ? read->encoding.c_str() : read.error().message.c_str());
    }
    std::printf(
        "  %.0f files: %.1f %% right by themselves (%.1f %% to the letter of the stated standard), %.1f %% among "
        "three, %.1f %% wrong without a word\n",
        all, 100 * right / all, 100 * strict / all, 100 * offered / all, 100 * silent / all);
    expect(right >= 0.9 * all, "encodings", "fewer than 90 % right");
    expect(offered >= 0.97 * all, "encodings", "fewer than 97 % among three");
    expect(silent <= 0.01 * all, "encodings", "more than 1 % wrong without a word");
}

void wordDocuments(const fs::path &folder)
{
    compareDocuments(folder, "expected_text.json", "opens", "blocks");
}

void pdfDocuments(const fs::path &folder)
{
    compareDocuments(folder, "expected_text_pypdf.json", "readable", "text");
}

}  // namespace strangers
