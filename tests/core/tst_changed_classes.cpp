// SPDX-License-Identifier: Apache-2.0
// Scores, comparisons and cards of checkpoints whose service has got other classes since.
#include "core/imports/import_task.h"
#include "core/results/advice.h"
#include "core/results/checkpoint_results.h"
#include "core/results/run_classes.h"
#include "core/store/edit_log.h"
#include "core/tasks/evaluate_task.h"
#include "core/tasks/export_task.h"
#include "core/tasks/train_task.h"
#include "core/training/run_files.h"
#include "tests/support/tiny_training.h"
#include "tests/support/unlike_mails.h"

using namespace support;

namespace {

/// Two classes with 60 rows of Train and 20 of the exam.
core::Service serviceOf(const TempFolder &folder)
{
    auto service = core::Service::create(folder / "s", "s", {"task", {{"refund", "Money"}, {"delivery", ""}}, {}, {}});
    const std::string all = unlikeMails(80);
    size_t end = 0;
    for (int lines = 0; lines < 61; ++lines)
        end = all.find('\n', end) + 1;
    write(folder / "train.csv", all.substr(0, end));
    write(folder / "test.csv", "text,label\n" + all.substr(end));
    if (!core::importFiles(*service, {folder / "train.csv"}, {}, {}) ||
        !core::importFiles(*service, {folder / "test.csv"}, {.split = core::Split::Test}, {}))
        qFatal("The rows could not be imported.");
    return std::move(*service);
}

/// A third class with rows of its own.
void addReturns(const core::Service &service, const TempFolder &folder)
{
    std::string train = "text,label\n", test = train;
    for (int i = 0; i < 30; ++i)
        (i < 20 ? train : test) += "how do I send shoes back " + std::to_string(i * 7919) + ",returns\n";
    write(folder / "more.csv", train);
    write(folder / "more_test.csv", test);
    if (!core::importFiles(service, {folder / "more.csv"}, {.declareClasses = true}, {}) ||
        !core::importFiles(service, {folder / "more_test.csv"}, {.split = core::Split::Test}, {}))
        qFatal("The rows could not be imported.");
}

std::string trained(const core::Service &service)
{
    const auto done = core::train(service, tinyTraining("seconds", 1), {});
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return done->run.id + "/1";
}

}  // namespace

class ChangedClassesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aClassWithoutRowsCanBeLeftOut()
    {
        const TempFolder folder;
        const auto service = serviceOf(folder);
        write(folder / "praise.csv", "text,label\nwhat a fine shop,praise\n");
        VERIFY_RESULT(core::importFiles(service, {folder / "praise.csv"},
                                        {.split = core::Split::Test, .declareClasses = true}, {}));
        auto options = tinyTraining("seconds", 1);
        const auto refused = core::train(service, options, {});
        QVERIFY(!refused && refused.error().code == base::ErrorCode::Blocked);
        QVERIFY2(refused.error().message.ends_with("those without train rows are not learned."),
                 refused.error().message.c_str());
        options.anyway = true;
        const auto done = core::train(service, options, {});
        VERIFY_RESULT(done);
        QCOMPARE(done->run.labels, (std::vector<std::string>{"refund", "delivery"}));
        QVERIFY(std::any_of(done->notes.begin(), done->notes.end(), [](const std::string &note) {
            return note.starts_with("The class \"praise\" has no rows");
        }));
        const auto scored = core::evaluate(service, done->run.id + "/1", core::Split::Test, {});
        VERIFY_RESULT(scored);
        QCOMPARE(scored->report.rows, int64_t{21});  // its exam row counts, as wrong
        QVERIFY(!scored->stale);
        // One class alone is nothing to learn.
        const auto first =
            core::Service::create(folder / "one", "s", {"task", {{"refund", ""}, {"praise", ""}}, {}, {}});
        VERIFY_RESULT(first);
        write(folder / "refund.csv", "text,label\nmoney back one,refund\nmoney back two,refund\nmoney three,refund\n");
        VERIFY_RESULT(core::importFiles(*first, {folder / "refund.csv"}, {}, {}));
        const auto single = core::train(*first, options, {});
        QVERIFY(!single && single.error().code == base::ErrorCode::Blocked);
        QVERIFY2(single.error().message.starts_with("Fewer than two classes"), single.error().message.c_str());
        // What else stops a training still does.
        write(folder / "other.csv", "text,label\nno class of mine,other\n");
        VERIFY_RESULT(core::importFiles(service, {folder / "other.csv"}, {}, {}));
        const auto again = core::train(service, options, {});
        QVERIFY(!again && again.error().code == base::ErrorCode::Blocked);
    }

    /// Rows came first, as no class; a later import declares it. Undo takes that back, a rehearsal changes nothing.
    void aLabelThatIsNoClassBecomesOne()
    {
        const TempFolder folder;
        const auto service = serviceOf(folder);
        write(folder / "one.csv", "text,label\nwhat a fine shop,praise\n");
        write(folder / "two.csv", "text,label\nI love the shoes,praise\n");
        const auto isDeclared = [&] {
            const auto labels = service.examples().labels();
            const auto found = std::ranges::find(*labels, "praise", &core::Label::name);
            return found != labels->end() && found->declared;
        };
        VERIFY_RESULT(core::importFiles(service, {folder / "one.csv"}, {}, {}));
        QVERIFY(!isDeclared());
        VERIFY_RESULT(
            core::importFiles(service, {folder / "two.csv"}, {.declareClasses = true, .isRehearsal = true}, {}));
        QVERIFY(!isDeclared());
        VERIFY_RESULT(core::importFiles(service, {folder / "two.csv"}, {.declareClasses = true}, {}));
        QVERIFY(isDeclared());
        QCOMPARE(service.examples().labels()->size(), size_t{3});
        VERIFY_RESULT(core::EditLog(service.database()).undo());
        QVERIFY(!isDeclared());
        VERIFY_RESULT(core::EditLog(service.database()).redo());
        QVERIFY(isDeclared());
    }

    void rowsOfAClassThatCameLaterCountAsWrong()
    {
        const TempFolder folder;
        const auto service = serviceOf(folder);
        const std::string old = trained(service);
        const auto before = core::evaluate(service, old, core::Split::Test, {});
        VERIFY_RESULT(before);
        QCOMPARE(before->report.rows, int64_t{20});
        QCOMPARE(before->unknown, int64_t{0});
        addReturns(service, folder);

        const auto after = core::evaluate(service, old, core::Split::Test, {});
        VERIFY_RESULT(after);
        QCOMPARE(after->report.rows, int64_t{30});
        QCOMPARE(after->report.correct, before->report.correct);
        QCOMPARE(after->unknown, int64_t{10});
        QCOMPARE(after->labels, (std::vector<std::string>{"refund", "delivery", "returns"}));
        QCOMPARE(after->report.perClass[2].recall, 0.0);
        QCOMPARE(after->report.perClass[2].support, int64_t{10});

        // The answers that were kept: the exam has rows now to which there is none.
        const auto results = core::readResults(service, after->checkpoint);
        VERIFY_RESULT(results);
        QCOMPARE(results->report.rows, int64_t{30});
        QCOMPARE(results->report.correct, before->report.correct);
        QCOMPARE(results->report.accuracy, after->report.accuracy);
        // What it answers to them is not kept, so no other class loses precision.
        QCOMPARE(results->report.perClass[2].support, int64_t{10});
        QCOMPARE(results->report.perClass[2].f1, 0.0);
        QCOMPARE(results->shown.unknownRows(), int64_t{10});
        QVERIFY(results->intervals.macroF1.low <= results->report.macroF1 &&
                results->report.macroF1 <= results->intervals.macroF1.high);
        QCOMPARE(core::unknownText(10, results->shown.labels, results->shown.learned.size()),
                 std::string("10 rows are of a class that this checkpoint does not know (returns). They count as "
                             "wrong. Train again to teach it."));

        // What to do about it: go on from these weights.
        const auto advice = core::adviceOn(service, *results);
        VERIFY_RESULT(advice);
        QVERIFY(advice->front().kind == core::Advice::Kind::TeachNew);
        QCOMPARE(advice->front().title, std::string("Teach it returns"));
        QCOMPARE(
            advice->front().evidence,
            std::string("20 rows of Train are of a class that it does not know, and 10 rows of the exam, which it "
                        "cannot answer. A training that begins with its weights keeps what they have learned; both "
                        "are compared on the same rows."));
        QCOMPARE(advice->front().gain, 1.0 / 3);
        auto onwards = tinyTraining("seconds", 1);
        onwards.base = old;
        onwards.name = "onwards";
        const auto grown = core::train(service, onwards, {});
        VERIFY_RESULT(grown);
        QCOMPARE(grown->run.base, old);
        QCOMPARE(grown->run.labels.size(), size_t{3});
        const auto ofGrown = core::readResults(service, {"onwards", 1});
        VERIFY_RESULT(ofGrown);
        const auto later = core::adviceOn(service, *ofGrown);
        VERIFY_RESULT(later);
        QVERIFY(std::ranges::none_of(*later, [](const auto &a) { return a.kind == core::Advice::Kind::TeachNew; }));
        VERIFY_RESULT(core::removeRun(service, "onwards"));

        // One that knows the class is the best, though it may be right on a smaller share of its own held-out rows.
        const std::string now = trained(service);
        const auto best = core::resolveCheckpoint(service, "best");
        VERIFY_RESULT(best);
        QCOMPARE(best->text(), now);
        const auto compared = core::compare(service, old, now, {});
        VERIFY_RESULT(compared);
        QCOMPARE(compared->rows, int64_t{30});
        QVERIFY(compared->fixed.size() >= 8);
    }

    void theCardSaysWhatTheCheckpointKnows()
    {
        const TempFolder folder;
        const auto service = serviceOf(folder);
        const std::string old = trained(service);
        addReturns(service, folder);
        const auto exported = core::exportPackage(service, old, folder / "package", {});
        VERIFY_RESULT(exported);
        const std::string card = read(folder / "package/README.md");
        QVERIFY2(card.find("| refund | Money |\n| delivery |  |\n\n") != std::string::npos, card.c_str());
        QVERIFY2(card.find("returns (it does not know)") != std::string::npos, card.c_str());
    }

    void aRenamedClassIsTheSame()
    {
        const TempFolder folder;
        const auto service = serviceOf(folder);
        const std::string run = trained(service);
        const auto before = core::evaluate(service, run, core::Split::Test, {});
        VERIFY_RESULT(before);
        const auto labels = service.examples().labels();
        VERIFY_RESULT(labels);
        core::EditDraft draft{.title = "Rename"};
        draft.labels.push_back({labels->front().id, core::LabelChange::Field::Name, "money back", 0});
        VERIFY_RESULT(core::EditLog(service.database()).apply(draft));

        const auto after = core::evaluate(service, run, core::Split::Test, {});
        VERIFY_RESULT(after);
        QCOMPARE(after->report.rows, before->report.rows);
        QCOMPARE(after->report.correct, before->report.correct);
        QCOMPARE(after->labels.front(), std::string("money back"));
        QCOMPARE(after->unknown, int64_t{0});
        const auto results = core::readResults(service, after->checkpoint);
        VERIFY_RESULT(results);
        QCOMPARE(results->shown.leftOut, int64_t{0});
        QCOMPARE(results->report.correct, before->report.correct);
        VERIFY_RESULT(core::exportPackage(service, run, folder / "package", {}));
    }
};

QTEST_GUILESS_MAIN(ChangedClassesTest)
#include "tst_changed_classes.moc"
