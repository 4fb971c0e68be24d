// SPDX-License-Identifier: Apache-2.0
// What an import does with whole files: splits, exports that come back, files that come again, folders, the exam.
#include "core/imports/import_plan.h"
#include "core/imports/import_task.h"
#include "core/rows/label_names.h"
#include "core/store/edit_log.h"
#include "core/tasks/rows_task.h"
#include "tests/support/support.h"

using namespace support;
namespace fs = std::filesystem;

class ImportRulesTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    core::Service service(const std::vector<std::string> &classes = {})
    {
        core::JobDescription job{.taskDescription = "task"};
        for (const auto &name : classes)
            job.classes.push_back({name, ""});
        return std::move(*core::Service::create(m_folder / ("s" + std::to_string(m_services++)), "s", job));
    }

    /// "text=label" with * behind rows of the exam.
    static QStringList rowsOf(const core::Service &service)
    {
        QStringList all;
        const auto names = core::LabelNames::read(service);
        static_cast<void>(service.examples().forEach({}, [&](const core::Example &row) {
            all << QString::fromStdString(row.text + "=" + names->text(row) +
                                          (row.split == core::Split::Test ? "*" : ""));
        }));
        return all;
    }

private Q_SLOTS:
    void aColumnOfSplitsIsHonoured()
    {
        const auto s = service();
        write(m_folder / "split.csv", "text,label,split\nlate,a,train\nback,b,test\nwhere,a,\nnew,,unlabelled\n");
        const auto summary = core::importFiles(s, {m_folder / "split.csv"}, {}, {});
        VERIFY_RESULT(summary);
        QCOMPARE(summary->bySplit.at(core::Split::Train), int64_t{2});
        QCOMPARE(summary->bySplit.at(core::Split::Test), int64_t{1});
        QCOMPARE(summary->bySplit.at(core::Split::Unlabelled), int64_t{1});
        const auto all = service();
        const auto ignored = core::importFiles(all, {m_folder / "split.csv"}, {.ignoresSplits = true}, {});
        QCOMPARE(ignored->bySplit.at(core::Split::Train), int64_t{4});
        QCOMPARE(ignored->unlabelled, int64_t{1});
    }

    void ourOwnExportComesBackAsItWas()
    {
        const auto s = service();
        write(m_folder / "own.csv", "text,label,split,ticket\nlate,a,train,77\nback,b,test,78\nwhere,a,train,79\n");
        VERIFY_RESULT(core::importFiles(s, {m_folder / "own.csv"}, {}, {}));
        const QStringList before = rowsOf(s);
        for (const char *name : {"out.csv", "out.jsonl", "out.xlsx"}) {
            const fs::path to = m_folder / name;
            const auto format = to.extension() == ".csv"    ? core::RowFormat::Csv
                                : to.extension() == ".xlsx" ? core::RowFormat::Xlsx
                                                            : core::RowFormat::Jsonl;
            VERIFY_RESULT(core::exportRows(s, {.format = format}, to, {}));
            const auto same = core::importFiles(s, {to}, {}, {});
            VERIFY_RESULT(same);
            QCOMPARE(same->imported + same->updated, int64_t{0});
            QCOMPARE(same->duplicates, int64_t{3});
            // Another service takes them as new rows, each in its split, with the ticket.
            const auto other = service();
            VERIFY_RESULT(core::importFiles(other, {to}, {}, {}));
            QCOMPARE(rowsOf(other), before);
            std::string extra;
            VERIFY_RESULT(other.examples().forEach({}, [&](const core::Example &row) { extra += row.extra; }));
            QVERIFY2(extra.find("77") != std::string::npos && extra.find("79") != std::string::npos, extra.c_str());
        }
    }

    void aCorrectedExportChangesTheRows()
    {
        const auto s = service();
        write(m_folder / "first.csv", "text,label\nlate,a\nback,b\nwhere,a\n");
        VERIFY_RESULT(core::importFiles(s, {m_folder / "first.csv"}, {}, {}));
        const fs::path to = m_folder / "corrected.csv";
        VERIFY_RESULT(core::exportRows(s, {.format = core::RowFormat::Csv}, to, {}));
        std::string text = read(to);
        text.replace(text.find("back,b"), 6, "back,c");
        text += ",quite new,a,train,,\n";
        write(to, text);
        const auto rehearsed = core::importFiles(s, {to}, {.isRehearsal = true}, {});
        VERIFY_RESULT(rehearsed);
        QCOMPARE(rehearsed->updated, int64_t{1});
        QCOMPARE(rehearsed->updates.front().before, std::string("b"));
        QCOMPARE(rehearsed->updates.front().after, std::string("c"));
        QCOMPARE(rowsOf(s), (QStringList{"late=a", "back=b", "where=a"}));
        const auto summary = core::importFiles(s, {to}, {}, {});
        VERIFY_RESULT(summary);
        QCOMPARE(summary->updated, int64_t{1});
        QCOMPARE(rowsOf(s), (QStringList{"late=a", "back=c", "where=a", "quite new=a"}));
        VERIFY_RESULT(core::EditLog(s.database()).undo());
        QCOMPARE(rowsOf(s), (QStringList{"late=a", "back=b", "where=a"}));
        // The same ids of another service say nothing.
        const auto other = service();
        write(m_folder / "others.csv", "text,label\none,a\ntwo,b\nthree,a\n");
        VERIFY_RESULT(core::importFiles(other, {m_folder / "others.csv"}, {}, {}));
        const auto added = core::importFiles(other, {to}, {}, {});
        QCOMPARE(added->updated, int64_t{0});
        QCOMPARE(added->imported, int64_t{4});
    }

    void filesOfOneNameAreTwoFiles()
    {
        const auto s = service();
        fs::create_directories(m_folder / "march");
        fs::create_directories(m_folder / "april");
        write(m_folder / "march/rows.csv", "text,label\nmarch one,a\nmarch two,b\n");
        write(m_folder / "april/rows.csv", "text,label\napril one,a\n");
        VERIFY_RESULT(core::importFiles(s, {m_folder / "march/rows.csv", m_folder / "april/rows.csv"}, {}, {}));
        write(m_folder / "march/rows.csv", "text,label\nmarch new,a\n");
        const auto replaced = core::importFiles(s, {m_folder / "march/rows.csv"}, {.replaceSource = true}, {});
        VERIFY_RESULT(replaced);
        QCOMPARE(replaced->replaced, int64_t{2});
        QCOMPARE(rowsOf(s), (QStringList{"april one=a", "march new=a"}));
        // The same content under another name is the same file.
        write(m_folder / "copy.csv", "text,label\nmarch new,a\n");
        QCOMPARE(core::importFiles(s, {m_folder / "copy.csv"}, {.replaceSource = true}, {})->replaced, int64_t{1});
    }

    void severalFilesAreReplacedAtOnce()
    {
        const auto s = service();
        fs::create_directories(m_folder / "may");
        fs::create_directories(m_folder / "june");
        write(m_folder / "may/rows.csv", "text,label\nmay one,a\nmay two,b\n");
        write(m_folder / "june/rows.csv", "text,label\njune one,a\njune two,b\n");
        const std::vector<fs::path> files{m_folder / "may/rows.csv", m_folder / "june/rows.csv"};
        VERIFY_RESULT(core::importFiles(s, files, {}, {}));
        const QStringList before = rowsOf(s);
        const auto again = core::importFiles(s, files, {.replaceSource = true}, {});
        VERIFY_RESULT(again);
        QCOMPARE(again->replaced, int64_t{4});
        QCOMPARE(again->imported, int64_t{4});
        QCOMPARE(rowsOf(s), before);
    }

    void aDeclaredTypeNeverChanges()
    {
        const auto s = service({"a", "b"});
        write(m_folder / "several.jsonl",
              "{\"text\":\"x\",\"label\":[\"a\",\"b\"]}\n{\"text\":\"y\",\"label\":[\"a\"]}\n"
              "{\"text\":\"z\",\"label\":[]}\n");
        const auto summary = core::importFiles(s, {m_folder / "several.jsonl"}, {}, {});
        VERIFY_RESULT(summary);
        QVERIFY(!*s.isMultiLabel());
        QCOMPARE(rowsOf(s), (QStringList{"y=a"}));
        QCOMPARE(summary->rejected.size(), size_t{2});
        const auto open = service();
        VERIFY_RESULT(core::importFiles(open, {m_folder / "several.jsonl"}, {}, {}));
        QVERIFY(*open.isMultiLabel());
        QCOMPARE(rowsOf(open), (QStringList{"x=a; b", "y=a", "z=[]"}));
    }

    void foldersGiveLabelsAndSplits()
    {
        for (const char *file : {"train/good/1.txt", "train/bad/1.txt", "test/good/2.txt"}) {
            fs::create_directories((m_folder / "texts" / file).parent_path());
            write(m_folder / "texts" / file, std::string("a text in ") + file);
        }
        write(m_folder / "texts/picture.png", "\x89PNG");
        const auto s = service();
        const auto summary = core::importFiles(s, {m_folder / "texts"}, {}, {});
        VERIFY_RESULT(summary);
        QCOMPARE(rowsOf(s), (QStringList{"a text in test/good/2.txt=good*", "a text in train/bad/1.txt=bad",
                                         "a text in train/good/1.txt=good"}));
        QCOMPARE(summary->passedOver.size(), size_t{1});
        QCOMPARE(summary->passedOver.front().file, std::string("picture.png"));
        QVERIFY(!summary->passedOver.front().reason.empty());
    }

    void namesOfSheetsAreLabels()
    {
        core::RecordFile file;
        file.columns = {"text", "label", "sheet"};
        file.records = {{2, {{"text", "late"}, {"label", "x; y"}, {"sheet", "delivery"}}},
                        {3, {{"text", "back"}, {"label", "x"}, {"sheet", "refund"}}},
                        {4, {{"text", "away"}, {"label", "y"}, {"sheet", "refund"}}}};
        // Also where the service may come to take several labels a row.
        for (const bool mayTakeSeveral : {false, true}) {
            core::PlanOptions how;
            how.mayTakeSeveral = mayTakeSeveral;
            const auto plan = core::planFile(file, {"book.xlsx", "book.xlsx"}, {.labelsFromSheets = true}, how, {});
            VERIFY_RESULT(plan);
            QCOMPARE(plan->rows.size(), size_t{3});
            QCOMPARE(plan->rows[0].labels, std::vector<std::string>{"delivery"});
            QCOMPARE(plan->rows[2].labels, std::vector<std::string>{"refund"});
        }
    }

    void aShareIsKeptForTheExam()
    {
        std::string table = "text,label\n";
        for (int i = 0; i < 50; ++i)
            table += "this is the text number " + std::to_string(i * 7919) + " of all," + (i % 2 ? "a" : "b") + "\n";
        write(m_folder / "all.csv", table);
        const auto s = service();
        const auto summary = core::importFiles(s, {m_folder / "all.csv"}, {.examShare = 0.2}, {});
        VERIFY_RESULT(summary);
        QCOMPARE(summary->toExam, s.examples().counts()->test);
        QVERIFY(summary->toExam >= 8 && summary->toExam <= 12);
        QCOMPARE(summary->bySplit.at(core::Split::Test), summary->toExam);
    }

    void whatIsLearnedFromIsNoExam()
    {
        const auto text = [](unsigned n) {
            std::string numbers;
            for (int i = 0; i < 8; ++i)
                numbers += std::to_string((n = n * 1664525 + 1013904223) % 100'000) + " ";
            return numbers;
        };
        std::string first = "text,label\n", second = first;
        for (unsigned i = 1; i <= 30; ++i) {
            first += "parcel " + text(i) + ",a\n";
            second += "parcel " + text(i) + "!,a\n" + text(i + 100) + ",b\n";
        }
        write(m_folder / "learned.csv", first);
        write(m_folder / "more.csv", second);
        const auto s = service();
        VERIFY_RESULT(core::importFiles(s, {m_folder / "learned.csv"}, {}, {}));
        const auto summary = core::importFiles(s, {m_folder / "more.csv"}, {.examShare = 0.3}, {});
        VERIFY_RESULT(summary);
        QVERIFY(summary->toExam > 0);
        const QStringList exam = rowsOf(s).filter("*");
        QVERIFY2(exam.filter("parcel").isEmpty(), qPrintable(exam.join('\n')));
    }

    void whatIsNoClassAndWhatHasNoLabelIsSaid()
    {
        const auto s = service({"1", "2", "3"});
        write(m_folder / "numbers.csv", "text,label\nx,0\ny,2\nz,\n");
        const auto summary = core::importFiles(s, {m_folder / "numbers.csv"}, {}, {});
        VERIFY_RESULT(summary);
        QCOMPARE(rowsOf(s), (QStringList{"x=0", "y=2", "z="}));
        QCOMPARE(summary->otherLabels, (std::map<std::string, int64_t>{{"0", 1}}));
        QCOMPARE(summary->unlabelled, int64_t{1});
    }

    void nothingImportedLeavesNoStep()
    {
        const auto s = service({"spam", "ham"});
        write(m_folder / "none.jsonl", "{\"text\":\"x\",\"label\":true}\n");
        const auto summary = core::importFiles(s, {m_folder / "none.jsonl"}, {}, {});
        VERIFY_RESULT(summary);
        QVERIFY(summary->isEmpty());
        QCOMPARE(summary->rejected.size(), size_t{1});
        QVERIFY(core::EditLog(s.database()).history()->empty());
    }

    void manyNewLabelsAreQuick()
    {
        std::string table = "text,label\n";
        for (int i = 0; i < 1200; ++i)
            table += "text " + std::to_string(i) + ",class " + std::to_string(i) + "\n";
        write(m_folder / "many.csv", table);
        const auto s = service();
        QElapsedTimer timer;
        timer.start();
        VERIFY_RESULT(core::importFiles(s, {m_folder / "many.csv"}, {}, {}));
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(s.examples().labels()->size(), size_t{1200});
    }
};

QTEST_GUILESS_MAIN(ImportRulesTest)
#include "tst_import_rules.moc"
