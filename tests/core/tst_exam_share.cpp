// SPDX-License-Identifier: Apache-2.0
// Which rows become the exam: shares, classes, and groups that stay on one side.
#include "core/quality/alike_rows.h"
#include "core/quality/exam_share.h"
#include "core/quality/near_duplicates.h"
#include "core/quality/text_fold.h"
#include "core/rows/make_exam.h"
#include "core/store/edit_log.h"
#include "tests/support/support.h"

#include <QElapsedTimer>
#include <functional>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace support;
using Labels = std::vector<std::vector<std::string>>;

namespace {

/// Of rows with the names of their labels; a row without one is not chosen.
std::vector<bool> examRows(const std::vector<std::string> &texts, const std::vector<std::vector<std::string>> &labels,
                           double share, uint64_t seed)
{
    std::vector<core::ExamCandidate> candidates(texts.size());
    std::unordered_map<std::string, int> classes;
    for (size_t i = 0; i < texts.size() && i < labels.size(); ++i) {
        std::set<int> own;
        for (const std::string &label : labels[i])
            own.insert(classes.try_emplace(label, static_cast<int>(classes.size())).first->second);
        if (!own.empty())
            candidates[i] = {core::ExamCandidate::May::Move, {own.begin(), own.end()}};
    }
    // Nobody stops it, so that it ends.
    return core::chooseExam(texts, candidates, share, seed, {}).value_or(std::vector<bool>(texts.size(), false));
}

/// A sentence of invented words that is like no other.
std::string sentence(std::mt19937 &random, int words = 12)
{
    std::string text;
    for (int w = 0; w < words; ++w) {
        text += text.empty() ? "" : " ";
        for (auto n = 4 + random() % 5; n > 0; --n)
            text += static_cast<char>('a' + random() % 26);
    }
    return text;
}

/// The same with a letter changed, or only a capital.
std::string nearly(std::string text, std::mt19937 &random)
{
    if (random() % 3 == 0)
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    else
        text[text.size() / 2] = 'x';
    return text;
}

std::vector<std::string> sentences(size_t count, unsigned seed = 7)
{
    std::mt19937 random(seed);
    std::vector<std::string> texts;
    for (size_t i = 0; i < count; ++i)
        texts.push_back(sentence(random));
    return texts;
}

size_t chosenOf(const std::vector<bool> &chosen)
{
    return static_cast<size_t>(std::count(chosen.begin(), chosen.end(), true));
}

/// Rows of each class, all and in the exam.
std::map<std::string, std::pair<int, int>> perClass(const Labels &labels, const std::vector<bool> &chosen)
{
    std::map<std::string, std::pair<int, int>> counts;
    for (size_t i = 0; i < labels.size(); ++i) {
        for (const std::string &label : labels[i]) {
            ++counts[label].first;
            counts[label].second += chosen[i] ? 1 : 0;
        }
    }
    return counts;
}

/// A service whose rows of Train are of two classes in turn; `change` may make each another one.
core::Service serviceOf(const TempFolder &folder, const std::vector<std::string> &texts,
                        const std::function<void(size_t, core::Example &)> &change = {})
{
    auto service = core::Service::create(folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
    const core::EditLog log(service->database());
    const auto edit = log.open("Add");
    std::vector<core::Example> rows;
    for (size_t i = 0; i < texts.size(); ++i) {
        core::Example row{.text = texts[i], .label = static_cast<int64_t>(1 + i % 2)};
        if (change)
            change(i, row);
        rows.push_back(std::move(row));
    }
    if (!log.add(*edit, rows) || !log.close(*edit))
        qFatal("The rows could not be added.");
    return std::move(*service);
}

}  // namespace

class ExamShareTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFifthOfEachClass()
    {
        const auto texts = sentences(160);
        Labels labels;
        for (size_t i = 0; i < texts.size(); ++i)
            labels.push_back({i < 100 ? "refund" : i < 150 ? "delivery" : "other"});
        const auto chosen = examRows(texts, labels, 0.2, 1);
        QCOMPARE(chosen.size(), texts.size());
        const auto counts = perClass(labels, chosen);
        QCOMPARE(counts.at("refund").second, 20);
        QCOMPARE(counts.at("delivery").second, 10);
        QCOMPARE(counts.at("other").second, 2);
        QCOMPARE(examRows(texts, labels, 0.2, 1), chosen);
        QVERIFY(examRows(texts, labels, 0.2, 2) != chosen);
    }

    void smallSets_data()
    {
        QTest::addColumn<QList<int>>("sizes");  // rows of each class
        QTest::addColumn<double>("share");
        QTest::addColumn<QList<int>>("exam");  // of each class; -1: any
        QTest::addColumn<int>("all");
        QTest::newRow("nothing") << QList<int>{} << 0.2 << QList<int>{} << 0;
        QTest::newRow("one row") << QList<int>{1} << 0.2 << QList<int>{0} << 0;
        QTest::newRow("classes of one row") << QList<int>{1, 1, 1, 1, 1, 1} << 0.5 << QList<int>{0, 0, 0, 0, 0, 0} << 0;
        QTest::newRow("two classes of two rows") << QList<int>{2, 2} << 0.2 << QList<int>{-1, -1} << 1;
        QTest::newRow("two classes of two rows, half") << QList<int>{2, 2} << 0.5 << QList<int>{1, 1} << 2;
        QTest::newRow("a fifth of ten") << QList<int>{10} << 0.2 << QList<int>{2} << 2;
        QTest::newRow("a fifth of ten, two classes") << QList<int>{5, 5} << 0.2 << QList<int>{1, 1} << 2;
        QTest::newRow("a rare class") << QList<int>{40, 2, 1} << 0.2 << QList<int>{-1, 1, 0} << 9;
        QTest::newRow("more classes than rows of the exam")
            << QList<int>{3, 3, 3, 3, 3, 3, 3, 3, 3, 3} << 0.2 << QList<int>(10, -1) << 6;
        QTest::newRow("none") << QList<int>{20, 20} << 0.0 << QList<int>{0, 0} << 0;
        QTest::newRow("less than none") << QList<int>{20, 20} << -1.0 << QList<int>{0, 0} << 0;
        QTest::newRow("no number") << QList<int>{20, 20} << std::nan("") << QList<int>{0, 0} << 0;
        QTest::newRow("all, but a row of each") << QList<int>{20, 3} << 1.0 << QList<int>{19, 2} << 21;
    }
    void smallSets()
    {
        QFETCH(QList<int>, sizes);
        QFETCH(double, share);
        QFETCH(QList<int>, exam);
        QFETCH(int, all);
        Labels labels;
        for (int c = 0; c < sizes.size(); ++c)
            labels.insert(labels.end(), static_cast<size_t>(sizes[c]), {std::to_string(c)});
        for (const uint64_t seed : {1, 2, 3}) {
            const auto chosen = examRows(sentences(labels.size()), labels, share, seed);
            QCOMPARE(static_cast<int>(chosenOf(chosen)), all);
            auto counts = perClass(labels, chosen);
            for (int c = 0; c < exam.size(); ++c) {
                if (exam[c] >= 0)
                    QCOMPARE(counts[std::to_string(c)].second, exam[c]);
            }
        }
    }

    /// Random sets of labels with near duplicates: nothing straddles, the share is met, each class is divided alike.
    void randomSets_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("classes");
        QTest::addColumn<int>("mostLabels");
        QTest::addColumn<double>("share");
        for (const double share : {0.1, 0.2, 0.5}) {
            for (const int most : {1, 4}) {
                QTest::addRow("few, %d, %.1f", most, share) << 60 << 5 << most << share;
                QTest::addRow("many classes, %d, %.1f", most, share) << 300 << 60 << most << share;
                QTest::addRow("many rows, %d, %.1f", most, share) << 1500 << 8 << most << share;
            }
        }
    }
    void randomSets()
    {
        QFETCH(int, rows);
        QFETCH(int, classes);
        QFETCH(int, mostLabels);
        QFETCH(double, share);
        for (unsigned seed = 1; seed <= 8; ++seed) {
            std::mt19937 random(seed);
            std::vector<std::string> texts;
            Labels labels;
            std::vector<size_t> groups;  // of each row, made as such
            std::vector<size_t> sizes;
            while (std::cmp_less(texts.size(), rows)) {
                const bool isNear = !texts.empty() && random() % 4 == 0;
                const size_t of = isNear ? random() % texts.size() : 0;
                texts.push_back(isNear ? nearly(texts[of], random) : sentence(random));
                groups.push_back(isNear ? groups[of] : sizes.size());
                sizes.resize(std::max(sizes.size(), groups.back() + 1));
                std::set<std::string> own;
                // The first classes are the frequent ones.
                for (auto n = 1 + random() % static_cast<unsigned>(mostLabels); n > 0; --n)
                    own.insert(std::to_string((random() % static_cast<unsigned>(classes)) *
                                              (random() % static_cast<unsigned>(classes)) /
                                              static_cast<unsigned>(classes)));
                labels.emplace_back(own.begin(), own.end());
                if (random() % 10 == 0)
                    labels.back().clear();
                else
                    ++sizes[groups.back()];
            }
            const auto chosen = examRows(texts, labels, share, seed);
            std::map<size_t, std::pair<int, int>> ofGroup;  // labelled rows, chosen ones
            for (size_t i = 0; i < texts.size(); ++i) {
                if (labels[i].empty()) {
                    QVERIFY(!chosen[i]);
                    continue;
                }
                ++ofGroup[groups[i]].first;
                ofGroup[groups[i]].second += chosen[i] ? 1 : 0;
            }
            for (const auto &[group, counts] : ofGroup)
                QVERIFY2(counts.second == 0 || counts.second == counts.first, "a group stands on both sides");
            const auto labelled = std::count_if(labels.begin(), labels.end(), [](const auto &l) { return !l.empty(); });
            const double wanted = share * static_cast<double>(labelled);
            const auto largest = static_cast<double>(*std::max_element(sizes.begin(), sizes.end()));
            QVERIFY2(std::abs(static_cast<double>(chosenOf(chosen)) - wanted) <= largest,
                     qPrintable(QString::number(chosenOf(chosen)) + " of " + QString::number(wanted)));
            // Of each class something is learned, and of each large enough something examined, in about its share.
            for (const auto &[label, counts] : perClass(labels, chosen)) {
                QVERIFY2(counts.second < counts.first, label.c_str());
                const double own = share * counts.first;
                QVERIFY2(std::abs(counts.second - own) <= std::max(2 * largest, 0.3 * own),
                         qPrintable(QString("%1: %2 of %3").arg(label.c_str()).arg(counts.second).arg(own)));
                if (own >= largest)
                    QVERIFY2(counts.second > 0, label.c_str());
            }
        }
    }

    /// Texts that differ in a few letters, capitals or spaces, whatever their labels say.
    void nearDuplicatesStayTogether()
    {
        std::vector<std::string> texts = sentences(80);
        Labels labels;
        for (size_t i = 0; i < texts.size(); ++i)
            labels.push_back({i % 2 ? "refund" : "delivery"});
        std::mt19937 random(3);
        for (size_t i = 0; i < 80; i += 2) {
            texts.push_back("  " + texts[i] + "   ");
            texts.push_back(nearly(texts[i], random));
            labels.push_back({"delivery"});
            labels.push_back({"refund"});
        }
        const auto chosen = examRows(texts, labels, 0.3, 5);
        QVERIFY(chosenOf(chosen) >= 46 && chosenOf(chosen) <= 50);
        for (size_t i = 0; i < texts.size(); ++i) {
            for (size_t j = 0; j < i; ++j) {
                if (core::textSimilarity(texts[i], texts[j]) >= core::AlikeSimilarity)
                    QCOMPARE(chosen[i], chosen[j]);
            }
        }
        // All of them one group: it cannot be divided.
        QCOMPARE(chosenOf(examRows(std::vector<std::string>(30, "the same"), Labels(30, {"a"}), 0.2, 1)), size_t{0});
    }

    void whatATeacherLabelledStaysWithItsGroup()
    {
        using May = core::ExamCandidate::May;
        std::vector<std::string> texts = sentences(40);
        std::vector<core::ExamCandidate> candidates;
        for (size_t i = 0; i < texts.size(); ++i)
            candidates.push_back({May::Move, {static_cast<int>(i % 2)}});
        for (size_t i = 0; i < 20; ++i) {
            texts.push_back(texts[i] + " ");
            candidates.push_back({i < 10 ? May::Stay : May::StayOut, {0}});
        }
        // Rows that were looked at and have none of the classes are divided, too.
        for (const std::string &text : sentences(10, 99)) {
            texts.push_back(text);
            candidates.push_back({May::Move, {}});
        }
        const auto chosen = core::chooseExam(texts, candidates, 0.2, 1, {});
        VERIFY_RESULT(chosen);
        QCOMPARE(chosenOf(*chosen), size_t{10});
        QCOMPARE(std::count(chosen->begin(), chosen->begin() + 10, true), 0);
        QCOMPARE(std::count(chosen->begin() + 40, chosen->begin() + 60, true), 0);
        QCOMPARE(std::count(chosen->begin() + 60, chosen->end(), true), 2);
        std::stop_source stop;
        stop.request_stop();
        base::WorkContext stopped;
        stopped.stop = stop.get_token();
        const auto cancelled = core::chooseExam(texts, candidates, 0.2, 1, stopped);
        QVERIFY(!cancelled && cancelled.error().code == base::ErrorCode::Cancelled);
    }

    void oneEditMakesAnExamAndUndoTakesItBack_data()
    {
        QTest::addColumn<int>("rows");
        QTest::newRow("few") << 100;
        QTest::newRow("many, written in slices") << 30'000;
    }
    void oneEditMakesAnExamAndUndoTakesItBack()
    {
        QFETCH(int, rows);
        const TempFolder folder;
        const auto service = serviceOf(folder, sentences(static_cast<size_t>(rows)), [](size_t i, core::Example &row) {
            if (i % 10 == 9)  // a tenth nobody has labelled
                row = {.text = row.text, .split = core::Split::Unlabelled};
            else if (i % 10 == 8)
                row.provenance = "teacher built-in";
        });
        const auto plan = core::planExam(service, 0.2, {});
        VERIFY_RESULT(plan);
        QCOMPARE(plan->labelled, rows * 8 / 10);
        QCOMPARE(plan->taught, rows / 10);
        QCOMPARE(static_cast<int>(plan->rows.size()), rows * 16 / 100);
        QCOMPARE(core::examDraft(*plan, 0.2).title, std::string("Keep 20 % for the exam"));
        const auto made = core::makeExam(service, 0.2, {});
        VERIFY_RESULT(made);
        QCOMPARE(made->plan.rows, plan->rows);
        QCOMPARE(service.examples().counts()->test, rows * 16 / 100);
        QCOMPARE(service.examples().counts()->unlabelled, rows / 10);
        const auto exam = service.examples().read(made->plan.rows);
        VERIFY_RESULT(exam);
        for (const core::Example &row : *exam)
            QVERIFY(row.split == core::Split::Test && !row.isTaught() && row.label);
        const core::EditLog log(service.database());
        QCOMPARE(log.history()->front().id, made->edit);
        // Another one is refused while there is one, and made again, the same, once it is taken back.
        const auto again = core::makeExam(service, 0.2, {});
        QVERIFY(!again && again.error().code == base::ErrorCode::AlreadyExists);
        const auto undone = log.undo();
        VERIFY_RESULT(undone);
        QVERIFY(*undone && (*undone)->id == made->edit);
        QCOMPARE(service.examples().counts()->test, 0);
        const auto same = core::makeExam(service, 0.2, {});
        VERIFY_RESULT(same);
        QCOMPARE(same->plan.rows, plan->rows);
    }

    void whatCannotBeSparedIsSaid()
    {
        const auto refusal = [](const std::vector<std::string> &texts, double share) {
            const TempFolder folder;
            const auto service = serviceOf(folder, texts);
            const auto made = core::makeExam(service, share, {});
            return made || service.examples().counts()->test > 0 ? std::string() : made.error().message;
        };
        const auto few = refusal(sentences(2), 0.2);
        QVERIFY2(few.find("2 rows that people labelled, which are too few") != std::string::npos, few.c_str());
        const auto none = refusal({}, 0.2);
        QVERIFY2(none.find("0 rows that people labelled, which are too few") != std::string::npos, none.c_str());
        const auto same = refusal(std::vector<std::string>(40, "Where is my parcel? It should be here."), 0.2);
        QVERIFY2(same.find("say nearly the same") != std::string::npos, same.c_str());
        // A stop leaves everything as it was.
        const TempFolder folder;
        const auto service = serviceOf(folder, sentences(6000));
        std::stop_source stop;
        base::WorkContext context;
        context.stop = stop.get_token();
        context.report = [&](const base::Progress &progress) {
            if (progress.phase == "Writing")
                stop.request_stop();
        };
        const auto stopped = core::makeExam(service, 0.9, context);
        QVERIFY(!stopped && stopped.error().code == base::ErrorCode::Cancelled);
        QCOMPARE(service.examples().counts()->test, 0);
    }

    void ahundredThousandRows_data()
    {
        QTest::addColumn<int>("classes");
        QTest::addColumn<bool>("isTemplate");
        QTest::newRow("ten classes") << 10 << false;
        QTest::newRow("as many classes as half the rows") << 50'000 << false;
        QTest::newRow("one template") << 10 << true;
    }
    void ahundredThousandRows()
    {
        QFETCH(int, classes);
        QFETCH(bool, isTemplate);
        constexpr size_t Rows = 100'000;
        std::vector<std::string> texts;
        std::mt19937 random(11);
        for (size_t i = 0; i < Rows; ++i)
            texts.push_back(isTemplate ? "Dear customer, your order number " + std::to_string(i) +
                                             " has left our house and will be with you within the next three days."
                                       : sentence(random, 18));
        Labels labels;
        for (size_t i = 0; i < Rows; ++i)
            labels.push_back({std::to_string(i % static_cast<size_t>(classes))});
        QElapsedTimer timer;
        timer.start();
        const auto chosen = examRows(texts, labels, 0.2, 1);
        qInfo("%lld ms, %zu rows", static_cast<long long>(timer.elapsed()), chosenOf(chosen));
        QVERIFY(timer.elapsed() < 60'000);  // some 5 s where nothing else works
        if (!isTemplate)
            QCOMPARE(chosenOf(chosen), Rows / 5);
    }
};

QTEST_GUILESS_MAIN(ExamShareTest)
#include "tst_exam_share.moc"
