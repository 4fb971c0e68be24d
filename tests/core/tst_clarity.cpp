// SPDX-License-Identifier: Apache-2.0
// How clear the classes are: pairs that are mixed up, the words that tell them apart, and the map of the rows.
#include "core/classify/row_map.h"
#include "core/engine/eval/metrics.h"
#include "core/imports/import_task.h"
#include "core/quality/class_overlap.h"
#include "core/quality/telling_words.h"
#include "tests/support/support.h"

#include <cmath>
#include <set>

using namespace support;

namespace {

std::vector<core::ClassOverlap> overlaps(const engine::Matrix &probabilities, const std::vector<int> &labels,
                                         const engine::Matrix &descriptions, size_t most)
{
    return core::findClassOverlaps(probabilities, engine::classesOf(labels, {}), {}, descriptions, most);
}

}  // namespace

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
        auto pairs = overlaps(p, labels, said, 10);
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
        QCOMPARE(overlaps(p, labels, said, 10).size(), size_t{2});
        QCOMPARE(overlaps(p, labels, said, 1).size(), size_t{1});
        const auto few = std::vector<int>(labels.begin() + 15, labels.begin() + 45);
        engine::Matrix fewRows(30, 3);
        std::copy_n(p.values.begin() + 45, 90, fewRows.values.begin());
        pairs = overlaps(fewRows, few, {}, 10);
        QCOMPARE(pairs.size(), size_t{1});
        QVERIFY(pairs[0].proposal == core::ClassOverlap::Proposal::MoreRows);
        for (size_t i = 0; i < 2 * Each; i += 2)
            std::swap(p.row(i)[0], p.row(i)[1]);
        pairs = overlaps(p, labels, {}, 10);
        QVERIFY(!pairs.empty() && pairs[0].proposal == core::ClassOverlap::Proposal::Merge);
        QVERIFY(overlaps({}, {}, {}, 10).empty());
    }

    void classesOfTheSameRowsAreNotMixedUp()
    {
        // The first class is answered for the second in a third of the rows that have just one of the two; rows that
        // have both, or are given both, say nothing of that.
        const engine::AnswerRule rule{engine::TaskType::MultiLabel, {0.5F, 0.3F, 0.5F}};
        engine::Matrix p(60, 3);
        std::vector<std::vector<int>> labels;
        for (size_t i = 0; i < 60; ++i) {
            const size_t kind = i % 4;
            labels.push_back(kind == 0   ? std::vector{0}
                             : kind == 1 ? std::vector{1}
                             : kind == 2 ? std::vector{0, 1}
                                         : std::vector{2});
            for (const int c : labels.back())
                p.row(i)[static_cast<size_t>(c)] = c == 1 ? 0.4F : 0.9F;  // the second has a threshold of its own
            if (kind == 1 && i % 3 == 0)
                std::swap(p.row(i)[0], p.row(i)[1]);
            if (kind == 0 && i % 3 == 0)
                p.row(i)[1] = 0.8F;  // both are answered: one too many, not the wrong one
        }
        for (size_t i = 1; i < 60; i += 12)
            p.row(i + 8)[0] = 0.6F, p.row(i + 8)[1] = 0.2F;
        const auto pairs = core::findClassOverlaps(p, labels, rule, {}, 10);
        QCOMPARE(pairs.size(), size_t{1});
        QCOMPARE(pairs[0].first, 0);
        QCOMPARE(pairs[0].second, 1);
        QCOMPARE(pairs[0].rows, size_t{30});
        QCOMPARE(pairs[0].confused, size_t{5});
        for (const size_t row : pairs[0].between)
            QVERIFY(row % 4 < 2);  // not those with both
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
