// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/tokenizer_files.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/engine/text/utf8.h"
#include "tests/support/support.h"

#include <QElapsedTimer>

namespace fs = std::filesystem;
using namespace support;

class TokenizerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesTheIdsAndOffsetsOfHuggingFace_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("key");
        QTest::newRow("uncased") << "tiny_base/tokenizer.json"
                                 << "uncased";
        QTest::newRow("cased, accents kept") << "cased_tokenizer.json"
                                             << "cased";
    }
    void givesTheIdsAndOffsetsOfHuggingFace()
    {
        QFETCH(QString, file);
        QFETCH(QString, key);
        const auto tokenizer = engine::loadTokenizer(support::golden(file.toStdString()));
        VERIFY_RESULT(tokenizer);
        const auto golden = goldenJson("encodings.json").at(key.toStdString());
        QVERIFY(golden.size() >= 20);
        for (const auto &row : golden) {
            const auto text = row["text"].get<std::string>();
            const auto encoding = (*tokenizer)->encode(text, true);
            QVERIFY2(encoding.ids == row["ids"].get<std::vector<int32_t>>(), text.c_str());
            QVERIFY2((*tokenizer)->encode(text, false).ids == row["ids_plain"].get<std::vector<int32_t>>(),
                     text.c_str());
            for (size_t i = 0; i < encoding.offsets.size(); ++i) {
                const engine::Offset expected{row["offsets"][i][0], row["offsets"][i][1]};
                QVERIFY2(encoding.offsets[i] == expected, text.c_str());
            }
        }
    }

    void everyKindGivesTheIdsOfHuggingFace_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : {"roberta", "clip", "pattern", "fallback", "words", "unigram", "unigram_bytes"})
            QTest::newRow(kind) << kind;
    }
    void everyKindGivesTheIdsOfHuggingFace()
    {
        QFETCH(QString, kind);
        const auto tokenizer = engine::loadTokenizer(golden("tokenizers") / (kind.toStdString() + ".json"));
        VERIFY_RESULT(tokenizer);
        const auto golden = goldenJson("tokenizers/encodings.json");
        const auto &rows = golden["encodings"][kind.toStdString()];
        QVERIFY(rows.size() >= 30);
        for (size_t i = 0; i < rows.size(); ++i) {
            const auto text = golden["texts"][i].get<std::string>();
            const auto encoding = (*tokenizer)->encode(text, true);
            QVERIFY2(encoding.ids == rows[i]["ids"].get<std::vector<int32_t>>(), text.c_str());
            QVERIFY2((*tokenizer)->encode(text, false).ids == rows[i]["ids_plain"].get<std::vector<int32_t>>(),
                     text.c_str());
            QVERIFY2((*tokenizer)->encodeForInput(text, 512) == encoding.ids, text.c_str());
            // Every place is one of the text, and they go forwards.
            QCOMPARE(encoding.offsets.size(), encoding.ids.size());
            const int32_t length = engine::countCodePoints(text);
            int32_t last = 0;
            for (const engine::Offset &offset : encoding.offsets) {
                if (offset == engine::Offset())
                    continue;  // a special token, or a mark at the beginning
                QVERIFY2(offset.begin <= offset.end && offset.begin >= last && offset.end <= length, text.c_str());
                last = offset.begin;
            }
        }
    }

    void addedTokensAreFoundInNormalisedText()
    {
        const TempFolder folder;
        auto root = goldenJson("tiny_base/tokenizer.json");
        const int32_t id = static_cast<int32_t>(root["model"]["vocab"].size());
        root["added_tokens"].push_back({{"id", id},
                                        {"content", "[NEW]"},
                                        {"single_word", false},
                                        {"lstrip", false},
                                        {"rstrip", false},
                                        {"normalized", true},
                                        {"special", false}});
        root["added_tokens"].push_back({{"id", id + 1},
                                        {"content", "Café"},
                                        {"single_word", true},
                                        {"lstrip", false},
                                        {"rstrip", false},
                                        {"normalized", true},
                                        {"special", false}});
        write(folder / "tokenizer.json", root.dump());
        const auto tokenizer = engine::loadTokenizer(folder.path());
        VERIFY_RESULT(tokenizer);
        const auto plain = engine::loadTokenizer(golden("tiny_base"));
        VERIFY_RESULT(plain);
        const auto found = [&](const char *text) {
            const auto ids = (*tokenizer)->encode(text, false).ids;
            return std::pair(std::count(ids.begin(), ids.end(), id), std::count(ids.begin(), ids.end(), id + 1));
        };
        QCOMPARE(found("the [NEW] and [new] and [New]one"), std::pair(3L, 0L));
        QCOMPARE(found("cafe CAFÉ cafes x.cafe"), std::pair(0L, 3L));
        QCOMPARE((*tokenizer)->vocabularySize(), id + 2);
        const auto encoding = (*tokenizer)->encode("ab [NeW] the", false);
        const auto at = std::find(encoding.ids.begin(), encoding.ids.end(), id) - encoding.ids.begin();
        QVERIFY(encoding.offsets[static_cast<size_t>(at)] == (engine::Offset{3, 8}));
        QVERIFY((*tokenizer)->encode("where is my parcel", true).ids ==
                (*plain)->encode("where is my parcel", true).ids);
    }

    void writtenFilesReadAlikeInTransformers_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("spaceBefore");
        for (const char *file : {"tiny_base/tokenizer.json", "cased_tokenizer.json", "tokenizers/roberta.json",
                                 "tokenizers/clip.json", "tokenizers/pattern.json", "tokenizers/fallback.json",
                                 "tokenizers/words.json", "tokenizers/unigram.json", "tokenizers/unigram_bytes.json"})
            QTest::newRow(file) << file << false;
        QTest::newRow("a space before the text") << "tokenizers/roberta.json" << true;
    }
    void writtenFilesReadAlikeInTransformers()
    {
        QFETCH(QString, file);
        QFETCH(bool, spaceBefore);
        const TempFolder folder;
        auto root = goldenJson(file.toStdString());
        if (spaceBefore)
            root["pre_tokenizer"]["add_prefix_space"] = true;
        root["truncation"] = {{"max_length", 4}};
        fs::create_directories(folder / "base");
        fs::create_directories(folder / "written");
        write(folder / "base/tokenizer.json", root.dump());
        write(folder / "base/tokenizer_config.json",
              R"({"do_lower_case": true, "name_or_path": "/home/someone/base"})");
        VERIFY_RESULT(engine::writeTokenizerFiles(folder / "base", {.maxLength = 77}, folder / "written"));
        const auto settings = nlohmann::json::parse(read(folder / "written/tokenizer_config.json"));
        QCOMPARE(settings.at("model_max_length"), 77);
        QVERIFY(!settings.contains("do_lower_case") && !settings.contains("name_or_path"));
        const auto own = engine::loadTokenizer(folder / "base");
        const auto written = engine::loadAsTransformers(folder / "written");
        VERIFY_RESULT(own);
        VERIFY_RESULT(written);
        const auto texts = goldenJson("tokenizers/encodings.json");
        for (const auto &text : texts["texts"])
            QCOMPARE((*written)->encode(text.get<std::string>(), true).ids,
                     (*own)->encode(text.get<std::string>(), true).ids);
        if (settings.contains("pad_token")) {
            const auto added = root.value("added_tokens", nlohmann::json::array());
            QVERIFY(added.empty() || std::any_of(added.begin(), added.end(), [&](const nlohmann::json &token) {
                        return token["content"] == settings["pad_token"];
                    }));
        }
        // Pairs of merges are read from tokenizers 0.20 on only.
        const auto model = nlohmann::json::parse(read(folder / "written/tokenizer.json"))["model"];
        if (model.contains("merges"))
            QVERIFY(model["merges"][0].is_string());
    }

    void settingsOfOneFamilyWouldChangeIt()
    {
        const TempFolder folder;
        fs::copy_file(golden("cased_tokenizer.json"), folder / "tokenizer.json");
        write(folder / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
        const auto own = engine::loadTokenizer(folder.path());
        const auto lowered = engine::loadAsTransformers(folder.path());
        VERIFY_RESULT(own);
        VERIFY_RESULT(lowered);
        QVERIFY((*own)->encode("The CAFÉ", true).ids != (*lowered)->encode("The CAFÉ", true).ids);
        write(folder / "tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer", "do_lower_case": false})");
        const auto told = engine::loadAsTransformers(folder.path());
        VERIFY_RESULT(told);
        QCOMPARE((*told)->encode("The CAFÉ", true).ids, (*own)->encode("The CAFÉ", true).ids);
        // A special token that is none in tokenizer.json would be cut out of texts.
        write(folder / "tokenizer_config.json",
              R"({"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "the"})");
        const auto cut = engine::loadAsTransformers(folder.path());
        VERIFY_RESULT(cut);
        QVERIFY((*cut)->encode("other", true).ids != (*own)->encode("other", true).ids);
        write(folder / "tokenizer_config.json", R"({"tokenizer_class": "JumanjiTokenizer"})");
        QVERIFY(!engine::loadAsTransformers(folder.path()));
    }

    void aLongWordTakesNoLongTime()
    {
        const auto tokenizer = engine::loadTokenizer(golden("tokenizers/fallback.json"));
        VERIFY_RESULT(tokenizer);
        std::string word;
        while (word.size() < 2'000'000)
            word += "theparcelarrivedbroken";
        QElapsedTimer timer;
        timer.start();
        QVERIFY((*tokenizer)->encode(word, false).ids.size() > 1000);
        QVERIFY2(timer.elapsed() < 20'000, "it would take hours if it were quadratic");
    }

    void cutsTextAndKeepsSpecialTokens()
    {
        const auto tokenizer = engine::loadTokenizer(golden("tiny_base"));
        VERIFY_RESULT(tokenizer);
        std::string text;
        for (int i = 0; i < 5000; ++i)
            text += "the parcel ";
        const auto all = (*tokenizer)->encode(text, true).ids;
        const auto cut = (*tokenizer)->encodeForInput(text, 16);
        QCOMPARE(cut.size(), size_t{16});
        QCOMPARE(cut.front(), all.front());
        QCOMPARE(cut.back(), all.back());
        QVERIFY(std::equal(cut.begin(), cut.end() - 1, all.begin()));
        // White space that fills the part of a long text that is read first must not hide the words behind it.
        const auto late = (*tokenizer)->encodeForInput(std::string(100'000, ' ') + "the parcel", 16);
        QCOMPARE(late, (*tokenizer)->encode("the parcel", true).ids);
    }

    void readsAnyBytes()
    {
        const auto tokenizer = engine::loadTokenizer(golden("tiny_base"));
        VERIFY_RESULT(tokenizer);
        QCOMPARE((*tokenizer)->encode("the\xFF\xC0\xED\xA0\x80 parcel\xE2\x82", true).ids,
                 (*tokenizer)->encode("the parcel", true).ids);
        QVERIFY((*tokenizer)->encode(std::string(3, '\0'), false).ids.empty());
    }

    void refusesWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("word");
        QTest::newRow("no json") << QByteArray("not json") << QByteArray("JSON");
        QTest::newRow("array") << QByteArray("[]") << QByteArray("no \"model\" part");
        QTest::newRow("word level") << QByteArray(R"({"model":{"type":"WordLevel","vocab":{}}})")
                                    << QByteArray("\"WordLevel\"");
        const auto bpe = [](const char *name, const char *model, const char *more, const char *word) {
            QTest::newRow(name) << QByteArray("{\"model\":{\"type\":\"BPE\",") + model + "}" + more + "}"
                                << QByteArray(word);
        };
        bpe("a merge of unknown pieces", "\"vocab\":{\"a\":0,\"b\":1},\"merges\":[\"a b\"]", "", "vocabulary lacks");
        bpe("a merge of three", "\"vocab\":{\"a\":0},\"merges\":[\"a a a\"]", "", "wrong kind");
        bpe("merges are no list", "\"vocab\":{\"a\":0},\"merges\":{}", "", "no list");
        bpe("a merge of one", "\"vocab\":{\"a\":0},\"merges\":[[\"a\"]]", "", "wrong kind");
        bpe("unknown token that is not there", "\"vocab\":{\"a\":0},\"merges\":[],\"unk_token\":\"u\"", "",
            "unknown token");
        bpe("other splitting", "\"vocab\":{\"a\":0},\"merges\":[]", ",\"pre_tokenizer\":{\"type\":\"UnicodeScripts\"}",
            "UnicodeScripts");
        bpe("a pattern that is none", "\"vocab\":{\"a\":0},\"merges\":[]",
            ",\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(\"}}", "regular expression");
        bpe("other cleaning", "\"vocab\":{\"a\":0},\"merges\":[]", ",\"normalizer\":{\"type\":\"Nmt\"}", "\"Nmt\"");
        bpe("a table that is none", "\"vocab\":{\"a\":0},\"merges\":[]",
            ",\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA\"}", "table of replacements");
        bpe("a special token without a row", "\"vocab\":{\"a\":0},\"merges\":[]",
            ",\"post_processor\":{\"type\":\"RobertaProcessing\",\"cls\":[\"x\",9],\"sep\":[\"y\",0]}",
            "special token");
        QTest::newRow("unigram without pieces")
            << QByteArray(R"({"model":{"type":"Unigram","vocab":[]}})") << QByteArray("vocabulary");
        QTest::newRow("unigram without the unknown")
            << QByteArray(R"({"model":{"type":"Unigram","vocab":[["a",0]],"unk_id":1}})")
            << QByteArray("unknown token");
        QTest::newRow("vocab is a list") << QByteArray(R"({"model":{"type":"WordPiece","vocab":[1]}})")
                                         << QByteArray("vocabulary");
        QTest::newRow("no unknown token")
            << QByteArray(
                   R"({"model":{"type":"WordPiece","vocab":{"a":0},"unk_token":"[UNK]"},"normalizer":{"type":"BertNormalizer"},"pre_tokenizer":{"type":"BertPreTokenizer"}})")
            << QByteArray("unknown token");
        QTest::newRow("negative id") << QByteArray(R"({"model":{"type":"WordPiece","vocab":{"a":-1}}})")
                                     << QByteArray("no usable id");
        QTest::newRow("other normalizer")
            << QByteArray(R"({"model":{"type":"WordPiece","vocab":{"[UNK]":0}},"normalizer":{"type":"NFC"}})")
            << QByteArray("\"NFC\"");
        QTest::newRow("id is text") << QByteArray(R"({"model":{"type":"WordPiece","vocab":{"[UNK]":"0"}}})")
                                    << QByteArray("wrong kind");
        QTest::newRow("deep") << QByteArray(QByteArray(200, '[') + QByteArray(200, ']')) << QByteArray("nested deeper");
    }
    void refusesWhatItCannotRead()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, word);
        const TempFolder folder;
        write(folder / "tokenizer.json", json.toStdString());
        const auto tokenizer = engine::loadTokenizer(folder.path());
        QVERIFY(!tokenizer.has_value());
        QVERIFY2(tokenizer.error().message.find(word.toStdString()) != std::string::npos,
                 tokenizer.error().message.c_str());
        QVERIFY(tokenizer.error().subject.find("tokenizer.json") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TokenizerTest)
#include "tst_tokenizer.moc"
