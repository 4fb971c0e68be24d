// SPDX-License-Identifier: Apache-2.0
// Classifiers and weights that others have made: classes without names, one output, ways of pooling.
#include "core/engine/config/architecture_config.h"
#include "tests/support/support.h"

using namespace support;
namespace fs = std::filesystem;

class ForeignHeadsTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_folders = 0;

    /// A classifier's folder with its config.json as `change` leaves it.
    fs::path classifier(const std::function<void(nlohmann::json &)> &change)
    {
        auto config = nlohmann::json::parse(read(golden("tiny_classifier/config.json")));
        config.erase("stillroom");
        change(config);
        const auto folder = m_folder / std::to_string(m_folders++);
        write(folder / "config.json", config.dump());
        return folder;
    }
    fs::path weights(const std::string &file, const std::string &text)
    {
        const auto folder = m_folder / std::to_string(m_folders++);
        fs::create_directories(folder);
        fs::copy_file(golden("tiny_base/config.json"), folder / "config.json");
        write(folder / file, text);
        return folder;
    }

private Q_SLOTS:
    void classesWithoutNamesAreNumbered()
    {
        using Labels = std::vector<std::string>;
        const auto labels = [&](const std::function<void(nlohmann::json &)> &change) {
            const auto info = engine::readWeightsInfo(classifier(change));
            return info && info->headTrouble.empty() && info->rule.task == engine::TaskType::SingleLabel ? info->labels
                                                                                                         : Labels();
        };
        QCOMPARE(labels([](auto &c) { c.erase("id2label"); }), (Labels{"LABEL_0", "LABEL_1"}));
        QCOMPARE(labels([](auto &c) {
                     c.erase("id2label");
                     c.erase("label2id");
                     c["num_labels"] = 4;
                 }),
                 (Labels{"LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"}));
        QCOMPARE(labels([](auto &c) {
                     c["id2label"] = nullptr;
                     c["num_labels"] = 3;
                 }),
                 (Labels{"LABEL_0", "LABEL_1", "LABEL_2"}));
        // Names count more than a number beside them.
        QCOMPARE(labels([](auto &c) {
                     c["id2label"] = {{"1", "b"}, {"0", "a"}};
                     c["num_labels"] = 7;
                 }),
                 (Labels{"a", "b"}));
        QCOMPARE(labels([](auto &c) { c["id2label"] = {"x", "y"}; }), (Labels{"x", "y"}));
    }

    void oneOutputIsASigmoid()
    {
        for (const auto &change :
             std::vector<std::function<void(nlohmann::json &)>>{[](auto &c) {
                                                                    c["id2label"] = {{"0", "toxic"}};
                                                                },
                                                                [](auto &c) {
                                                                    c.erase("id2label");
                                                                    c["num_labels"] = 1;
                                                                },
                                                                [](auto &c) {
                                                                    c["id2label"] = {{"0", "toxic"}};
                                                                    c["problem_type"] = nullptr;
                                                                }}) {
            const auto info = engine::readWeightsInfo(classifier(change));
            VERIFY_RESULT(info);
            QVERIFY2(info->headTrouble.empty(), info->headTrouble.c_str());
            QCOMPARE(info->labels.size(), size_t{1});
            QCOMPARE(info->rule.task, engine::TaskType::MultiLabel);
        }
    }

    void whatCannotAnswerSaysWhyAndCanBeLearnedFrom_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("says");
        QTest::newRow("two of one name") << R"({"id2label":{"0":"spam","1":"ham","2":"spam"}})"
                                         << "have the name \"spam\"";
        QTest::newRow("numbers") << R"({"id2label":{"0":0,"1":1}})"
                                 << "have no names";
        QTest::newRow("null") << R"({"id2label":{"0":"a","1":null}})"
                              << "have no names";
        QTest::newRow("lists") << R"({"id2label":{"0":["a"],"1":"b"}})"
                               << "have no names";
        QTest::newRow("empty") << R"({"id2label":{"0":"","1":"b"}})"
                               << "has no name";
        QTest::newRow("a gap") << R"({"id2label":{"0":"a","2":"b"}})"
                               << "do not run from 0 to 1";
        QTest::newRow("words for numbers") << R"({"id2label":{"zero":"a","one":"b"}})"
                                           << "do not run from 0 to 1";
        QTest::newRow("a number twice") << R"({"id2label":{"0":"a","00":"b"}})"
                                        << "do not run from 0 to 1";
        QTest::newRow("below zero") << R"({"id2label":{"-1":"a","0":"b"}})"
                                    << "do not run from 0 to 1";
        QTest::newRow("a text") << R"({"id2label":"a, b"})"
                                << "no list of names";
        QTest::newRow("no number") << R"({"id2label":null,"num_labels":"three"})"
                                   << "how many classes";
        QTest::newRow("none") << R"({"id2label":null,"num_labels":0})"
                              << "how many classes";
        QTest::newRow("far too many") << R"({"id2label":null,"num_labels":999999999999})"
                                      << "how many classes";
        QTest::newRow("regression") << R"({"problem_type":"regression"})"
                                    << "solve \"regression\"";
    }
    void whatCannotAnswerSaysWhyAndCanBeLearnedFrom()
    {
        QFETCH(const QString, change);
        QFETCH(const QString, says);
        const auto info = engine::readWeightsInfo(
            classifier([&](auto &config) { config.update(nlohmann::json::parse(change.toStdString())); }));
        VERIFY_RESULT(info);
        QVERIFY2(info->headTrouble.find(says.toStdString()) != std::string::npos, info->headTrouble.c_str());
        QVERIFY(info->hasHead);
    }

    void poolingIsReadAsItIsWritten()
    {
        const auto pooling = [&](const std::string &text) {
            const auto info = engine::readWeightsInfo(weights("1_Pooling/config.json", text));
            return info ? std::string(engine::name(info->pooling)) : info.error().message;
        };
        QCOMPARE(pooling(R"({"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false})"), std::string("cls"));
        QCOMPARE(pooling(R"({"pooling_mode_cls_token":false,"pooling_mode_mean_tokens":true})"), std::string("mean"));
        QCOMPARE(pooling(R"({"pooling_mode":"mean"})"), std::string("mean"));
        QCOMPARE(pooling(R"({"pooling_mode":"cls"})"), std::string("cls"));
        for (const auto &[text, word] : std::vector<std::pair<std::string, std::string>>{
                 {R"({"pooling_mode_max_tokens":true})", "\"max_tokens\""},
                 {R"({"pooling_mode_lasttoken":true,"pooling_mode_mean_tokens":false})", "\"lasttoken\""},
                 {R"({"pooling_mode_weightedmean_tokens":true})", "\"weightedmean_tokens\""},
                 {R"({"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":true})",
                  "\"cls_token\", \"mean_tokens\""},
                 {R"({"pooling_mode":"lasttoken"})", "\"lasttoken\""},
                 {R"({"pooling_mode":["cls","max"]})", "\"cls\", \"max\""},
                 {R"({"pooling_mode":3})", "\"3\""},
                 {R"({})", "names no way"},
                 {R"({"pooling_mode_mean_tokens":"yes"})", "names no way"},
                 {"{", "no JSON object"}}) {
            const auto said = pooling(text);
            QVERIFY2(said.find(word) != std::string::npos, said.c_str());
        }
        // sentence-transformers says in modules.json where it lies.
        const auto elsewhere = weights("2_Pooling/config.json", R"({"pooling_mode_max_tokens":true})");
        write(elsewhere / "modules.json", R"([{"path":"","type":"sentence_transformers.models.Transformer"},)"
                                          R"({"path":"2_Pooling","type":"sentence_transformers.models.Pooling"}])");
        QVERIFY(!engine::readWeightsInfo(elsewhere));
        const auto none = engine::readWeightsInfo(weights("modules.json", "[3, {}]"));
        VERIFY_RESULT(none);
        QCOMPARE(none->pooling, engine::Pooling::Mean);
    }

    void aClassifiersOwnPoolingIsNotGuessed()
    {
        auto config = nlohmann::json::parse(read(golden("families/modernbert-0/classifier/config.json")));
        const auto folder = m_folder / "modern";
        config["classifier_pooling"] = "max";
        write(folder / "config.json", config.dump());
        const auto info = engine::readWeightsInfo(folder);
        QVERIFY(!info);
        QVERIFY2(info.error().message.find("\"max\"") != std::string::npos, info.error().message.c_str());
    }

    void aCheckpointOfANewerWayOfPoolingIsNotMisread()
    {
        auto config = nlohmann::json::parse(read(golden("tiny_classifier/config.json")));
        config["stillroom"] = {{"pooling", "attention"}, {"encoder_layers", 1}};
        const auto folder = m_folder / "ours";
        write(folder / "config.json", config.dump());
        write(folder / "stillroom_head.safetensors", "x");
        const auto info = engine::readWeightsInfo(folder);
        QVERIFY(!info);
        QCOMPARE(info.error().code, base::ErrorCode::Newer);
    }
};

QTEST_GUILESS_MAIN(ForeignHeadsTest)
#include "tst_foreign_heads.moc"
