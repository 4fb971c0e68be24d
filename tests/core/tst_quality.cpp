// SPDX-License-Identifier: Apache-2.0
// Near duplicates, beside comparing every text with every other.
#include "core/imports/import_task.h"
#include "core/quality/near_audit.h"
#include "core/quality/near_duplicates.h"
#include "core/quality/paraphrases.h"
#include "tests/support/support.h"

#include <random>

using namespace support;

class QualityTest : public QObject {
    Q_OBJECT

private:
    /// Sentences of invented words, every third a changed copy of an earlier one.
    static std::vector<std::string> manyTexts(int count)
    {
        std::mt19937 random(123);
        std::vector<std::string> texts;
        const auto word = [&] {
            std::string letters;
            for (auto n = 2 + random() % 7; n > 0; --n)
                letters += static_cast<char>('a' + random() % 26);
            return letters;
        };
        for (int i = 0; i < count; ++i) {
            std::string text;
            if (i > 10 && i % 3 == 0) {
                text = texts[random() % texts.size()];
                for (auto n = random() % 5; n > 0; --n)
                    text[random() % text.size()] = static_cast<char>('a' + random() % 26);
            } else {
                for (auto n = 4 + random() % 20; n > 0; --n)
                    text.append(text.empty() ? "" : " ").append(word());
            }
            texts.push_back(text);
        }
        return texts;
    }

private Q_SLOTS:
    void similarityCountsGrams()
    {
        QCOMPARE(core::textSimilarity("Where is  my parcel?", "where is my parcel?"), 1.0);
        QCOMPARE(core::textSimilarity("abcdef", "uvwxyz"), 0.0);
        QCOMPARE(core::textSimilarity("abcdef", "abcdeg"), 1.0 / 3);
        QCOMPARE(core::textSimilarity("ab", "AB"), 1.0);
        QCOMPARE(core::textSimilarity("", ""), 1.0);
    }

    void groupsAreThoseOfEveryPair()
    {
        const auto texts = manyTexts(700);
        const auto groups = core::nearDuplicateGroups(texts, 0.8, {});
        VERIFY_RESULT(groups);
        std::vector<size_t> groupOf(texts.size(), texts.size());
        for (size_t g = 0; g < groups->size(); ++g) {
            QVERIFY((*groups)[g].size() > 1);
            QVERIFY(std::is_sorted((*groups)[g].begin(), (*groups)[g].end()));
            for (const size_t i : (*groups)[g]) {
                QCOMPARE(groupOf[i], texts.size());  // in one group only
                groupOf[i] = g;
            }
        }
        int near = 0, found = 0;
        for (size_t i = 0; i < texts.size(); ++i) {
            bool any = false;
            for (size_t j = 0; j < texts.size(); ++j) {
                if (i == j || core::textSimilarity(texts[i], texts[j]) < 0.8)
                    continue;
                any = true;
                ++near;
                found += groupOf[i] != texts.size() && groupOf[i] == groupOf[j] ? 1 : 0;
            }
            if (groupOf[i] != texts.size())
                QVERIFY2(any, texts[i].c_str());  // nothing that is like no other
        }
        QVERIFY2(near > 150, std::to_string(near).c_str());
        QVERIFY2(found >= near * 99 / 100, (std::to_string(found) + " of " + std::to_string(near)).c_str());
    }

    void aCrowdOfTheSameIsOneGroup()
    {
        const std::vector<std::string> texts(3000, "Your parcel has been sent.");
        const auto groups = core::nearDuplicateGroups(texts, 0.9, {});
        VERIFY_RESULT(groups);
        QCOMPARE(groups->size(), size_t{1});
        QCOMPARE(groups->front().size(), texts.size());
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(core::nearDuplicateGroups(texts, 0.9, {stop.get_token()}).error().code, base::ErrorCode::Cancelled);
    }

    void findingsNameWhatIsNearlyTheSame()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
        VERIFY_RESULT(service);
        write(folder / "train.csv", "text,label\n"
                                    "I would like to have my money back please,a\n"
                                    "I would like to have my money back please!,a\n"
                                    "The parcel with the blue cup never arrived here,a\n"
                                    "The parcel with the blue cup never arrived there,b\n"
                                    "something else entirely,b\nsomething else entirely,b\n");
        write(folder / "test.csv",
              "text,label\nI would like to have my money back  please?,a\nquite another question,b\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "train.csv"}, {.skipDuplicates = false}, {}));
        VERIFY_RESULT(core::importFiles(*service, {folder / "test.csv"}, {.split = core::Split::Test}, {}));
        const auto findings = core::auditNearDuplicates(*service, {}, {});
        VERIFY_RESULT(findings);
        QCOMPARE(findings->size(), size_t{3});
        QCOMPARE(findings->at(0).code, std::string("near_leaks"));
        QCOMPARE(findings->at(0).rows, (std::vector<int64_t>{7}));
        QCOMPARE(findings->at(1).code, std::string("near_contradictions"));
        QCOMPARE(findings->at(1).rows, (std::vector<int64_t>{3, 4}));
        QCOMPARE(findings->at(2).code, std::string("near_duplicates"));
        QCOMPARE(findings->at(2).rows, (std::vector<int64_t>{2}));
    }

    void paraphrasesGoWithALeaderNotByAChain()
    {
        // Angles in degrees: 0, 10, 20 and 90; ten degrees are near enough, twenty are not.
        engine::Matrix features(5, 2);
        const double degrees[] = {0, 10, 20, 90, 91};
        for (size_t i = 0; i < 5; ++i) {
            features.row(i)[0] = static_cast<float>(3 * std::cos(degrees[i] * 0.0174533));
            features.row(i)[1] = static_cast<float>(3 * std::sin(degrees[i] * 0.0174533));
        }
        const auto groups = core::paraphraseGroups(features, 0.98, {});
        VERIFY_RESULT(groups);
        QCOMPARE(*groups, (std::vector<std::vector<size_t>>{{0, 1}, {3, 4}}));
        QVERIFY(core::paraphraseGroups(engine::Matrix(3, 2), 0.98, {})->empty());  // nothing is said: nothing is alike
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(core::paraphraseGroups(features, 0.9, {stop.get_token()}).error().code, base::ErrorCode::Cancelled);
    }

    void rowsThatSayTheSameInOtherWordsAreFound()
    {
        const TempFolder folder;
        auto service = core::Service::create(folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
        VERIFY_RESULT(service);
        write(folder / "train.csv", "text,label\nmoney back,a\nreturn what I paid,a\nwhere is my parcel,b\n"
                                    "where is my parcel?,b\n");
        write(folder / "test.csv", "text,label\nrefund me,b\nthe package is late,b\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "train.csv"}, {}, {}));
        VERIFY_RESULT(core::importFiles(*service, {folder / "test.csv"}, {.split = core::Split::Test}, {}));
        // An encoder that hears two things: money, and parcels.
        const auto hear = [](const std::vector<std::string> &texts) -> base::Result<engine::Matrix> {
            engine::Matrix heard(texts.size(), 2);
            for (size_t i = 0; i < texts.size(); ++i)
                heard.row(i)[texts[i].find("pa") == 0 || texts[i].find("parcel") != std::string::npos] = 1;
            for (size_t i = 0; i < texts.size(); ++i) {
                if (texts[i] == "the package is late")
                    heard.row(i)[1] = -1;
            }
            return heard;
        };
        const auto findings = core::auditNearDuplicates(*service, {.features = hear}, {});
        VERIFY_RESULT(findings);
        std::map<std::string, std::vector<int64_t>> rows;
        for (const auto &finding : *findings)
            rows[finding.code] = finding.rows;
        QCOMPARE(rows.size(), size_t{3});
        QCOMPARE(rows["near_duplicates"], std::vector<int64_t>{4});  // and no paraphrase once more
        QCOMPARE(rows["paraphrase_leaks"], std::vector<int64_t>{5});
        QCOMPARE(rows["paraphrase_contradictions"], (std::vector<int64_t>{1, 2, 5}));
        const auto failing = [](const std::vector<std::string> &) -> base::Result<engine::Matrix> {
            return base::failure(base::ErrorCode::NotFound, "no weights");
        };
        QCOMPARE(core::auditNearDuplicates(*service, {.features = failing}, {}).error().code,
                 base::ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(QualityTest)
#include "tst_quality.moc"
