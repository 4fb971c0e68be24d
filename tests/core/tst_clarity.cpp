// SPDX-License-Identifier: Apache-2.0
// How clear the classes are: pairs that are mixed up, the words that tell them apart, and the map of the rows.
#include "core/quality/class_overlap.h"
#include "core/quality/telling_words.h"
#include "core/tasks/import_task.h"
#include "core/tasks/row_map.h"
#include "tests/support/support.h"

#include <cmath>
#include <set>

using namespace support;

class ClarityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void classesThatAreMixedUpAreFound()
    {
        // Three classes of 30: the first two are mixed up in a third of their rows, the third is clear.
        constexpr size_t Each = 30;
        engine::Matrix p(3 * Each, 3), said(3, 2);
        std::vector<int> labels;
        for (size_t i = 0; i < p.rows; ++i) {
            const size_t label = i / Each;
            labels.push_back(static_cast<int>(label));
            const bool mixed = label < 2 && i % 3 == 0;
            for (size_t c = 0; c < 3; ++c)
                p.row(i)[c] = 0.05F;
            p.row(i)[label] = mixed ? 0.4F : 0.9F;
            if (label < 2)
                p.row(i)[1 - label] = mixed ? 0.55F : 0.05F;
        }
        said.row(0)[0] = said.row(1)[1] = said.row(2)[0] = 1;
        said.row(2)[1] = -1;
        auto pairs = core::findClassOverlaps(p, labels, said, 10);
        QCOMPARE(pairs.size(), size_t{1});
        QCOMPARE(pairs[0].first, 0);
        QCOMPARE(pairs[0].second, 1);
        QCOMPARE(pairs[0].rows, 2 * Each);
        QCOMPARE(pairs[0].confused, size_t{20});
        QVERIFY(pairs[0].proposal == core::ClassOverlap::Proposal::Boundary);
        QCOMPARE(pairs[0].between.size(), size_t{20});
        QVERIFY(std::all_of(pairs[0].between.begin(), pairs[0].between.end(), [](size_t row) { return row % 3 == 0; }));
        // Of the first and third nearly the same is said; with few rows more are proposed; a coin tossed, a merger.
        said.row(2)[1] = 0.1F;
        QCOMPARE(core::findClassOverlaps(p, labels, said, 10).size(), size_t{2});
        QCOMPARE(core::findClassOverlaps(p, labels, said, 1).size(), size_t{1});
        const auto few = std::vector<int>(labels.begin() + 15, labels.begin() + 45);
        engine::Matrix fewRows(30, 3);
        std::copy_n(p.values.begin() + 45, 90, fewRows.values.begin());
        pairs = core::findClassOverlaps(fewRows, few, {}, 10);
        QCOMPARE(pairs.size(), size_t{1});
        QVERIFY(pairs[0].proposal == core::ClassOverlap::Proposal::MoreRows);
        for (size_t i = 0; i < 2 * Each; i += 2)
            std::swap(p.row(i)[0], p.row(i)[1]);
        pairs = core::findClassOverlaps(p, labels, {}, 10);
        QVERIFY(!pairs.empty() && pairs[0].proposal == core::ClassOverlap::Proposal::Merge);
        QVERIFY(core::findClassOverlaps({}, {}, {}, 10).empty());
    }

    void tellingWordsAreThoseOfOneSide()
    {
        std::vector<std::string> first, second;
        for (int i = 0; i < 12; ++i) {
            first.push_back("The courier lost my Parcel number " + std::to_string(i));
            second.push_back("the money for my order " + std::to_string(i) + " is not back yet, straße");
        }
        const auto words = core::tellingWords(first, second, 3);
        QCOMPARE(words.ofFirst.size(), size_t{3});
        const std::set<std::string> expected{"courier", "lost", "number", "parcel"};
        for (const std::string &word : words.ofFirst)
            QVERIFY2(expected.contains(word), word.c_str());
        for (const auto &side : {words.ofFirst, words.ofSecond}) {
            for (const std::string &word : side)
                QVERIFY2(word != "the" && word != "my" && !word.empty() && !std::isdigit(word[0]), word.c_str());
        }
        QVERIFY(core::tellingWords(first, first, 3).ofFirst.empty());
        QVERIFY(core::tellingWords({}, second, 3).ofSecond.empty());
        // Words of a script without spaces.
        const std::vector<std::string> chinese(10, "我想退款"), others(10, "包裹在哪里");
        QVERIFY(!core::tellingWords(chinese, others, 3).ofFirst.empty());
    }

    void aMapKeepsWhatSaysTheSameTogether()
    {
        const TempFolder folder;
        const auto service = core::Service::create(folder / "s", "s", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        std::string csv = "text,label\n";
        for (int i = 0; i < 20; ++i)
            csv += "I want my money back for order " + std::to_string(i) + ",refund\nWhere is parcel " +
                   std::to_string(i) + "?,delivery\n";
        write(folder / "rows.csv", csv + "\" \",refund\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "rows.csv"}, {}, {}));
        auto reader = core::FeatureReader::open();
        VERIFY_RESULT(reader);
        for (const auto method : {core::MapMethod::Neighbours, core::MapMethod::Components}) {
            const auto map = core::drawRowMap(*service, **reader, core::Split::Train, method, {});
            VERIFY_RESULT(map);
            QCOMPARE(map->rows, int64_t{40});  // not the one without a text
            QCOMPARE(map->ids.size(), size_t{40});
            const auto rows = service->examples().read(map->ids);
            VERIFY_RESULT(rows);
            for (size_t i = 0; i < 40; ++i) {
                double nearest = 9;
                size_t neighbour = i;
                for (size_t j = 0; j < 40; ++j) {
                    const double distance =
                        std::hypot(map->places[i][0] - map->places[j][0], map->places[i][1] - map->places[j][1]);
                    if (j != i && distance < nearest) {
                        nearest = distance;
                        neighbour = j;
                    }
                }
                QCOMPARE((*rows)[neighbour].label, (*rows)[i].label);
                for (const float v : map->places[i])
                    QVERIFY(v >= -1e-5F && v <= 1 + 1e-5F);
            }
        }
        const auto none = core::drawRowMap(*service, **reader, core::Split::Test, core::MapMethod::Neighbours, {});
        VERIFY_RESULT(none);
        QVERIFY(none->ids.empty());
    }
};

QTEST_GUILESS_MAIN(ClarityTest)
#include "tst_clarity.moc"
