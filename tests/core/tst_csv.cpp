// SPDX-License-Identifier: Apache-2.0
// Separated values as programs write them come back as they were, in linear time.
#include "core/tasks/import_task.h"
#include "core/tasks/rows_task.h"
#include "tests/support/csv_tables.h"

using namespace support;

class CsvTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    static void compare(const core::RecordFile &file, const Rows &rows, const std::string &what)
    {
        QVERIFY2(file.rejections.empty(), (what + "\n" + reasons(file)).c_str());
        QCOMPARE(file.columns, rows[0]);
        const Rows read = cellsOf(file);
        for (size_t i = 0; i < std::min(read.size(), rows.size() - 1); ++i)
            QVERIFY2(read[i] == rows[i + 1],
                     (what + ", row " + std::to_string(i) + "\n<" + joined(read[i]).substr(0, 2000) + ">\n<" +
                      joined(rows[i + 1]).substr(0, 2000) + ">")
                         .c_str());
        QVERIFY2(read.size() + 1 == rows.size(),
                 (what + ": " + std::to_string(read.size()) + " of " + std::to_string(rows.size() - 1)).c_str());
    }

private Q_SLOTS:
    void anyTableComesBackEqual()
    {
        std::mt19937 random(30);
        const auto all = writers();
        for (int i = 0; i < 1500 && !QTest::currentTestFailed(); ++i) {
            const Rows rows = randomTable(random, 60);
            compare(readTable(writtenByUs(rows)), rows, std::to_string(i) + ", ours");
            const Writer &writer = all[random() % all.size()];
            compare(readTable(written(rows, writer)), rows, std::to_string(i) + ", " + writer.name + writer.separator);
        }
        for (const Writer &writer : all) {  // up to a megabyte a cell
            const Rows rows = randomTable(random, 300'000);
            compare(readTable(written(rows, writer)), rows, writer.name + writer.separator);
        }
    }

    void longMailsComeBackFromOurOwnExports()
    {
        std::mt19937 random(31);
        std::string lines;
        std::vector<std::pair<std::string, std::string>> rows;
        for (size_t i = 0; i < 60; ++i) {
            rows.emplace_back(mail(random, 15 + random() % 45) + std::to_string(i), i % 3 ? "refund" : "delivery");
            lines += nlohmann::json{{"text", rows.back().first}, {"label", rows.back().second}}.dump() + "\n";
        }
        write(m_folder / "mails.jsonl", lines);
        const auto service = core::Service::create(m_folder / "mails", "mails", {"task", {}, {}, {}});
        VERIFY_RESULT(service);
        VERIFY_RESULT(core::importFiles(*service, {m_folder / "mails.jsonl"}, {}, {}));
        const auto same = [&](const std::string &name, const char *text, const char *label) {
            const auto file = core::readRowFile(m_folder / name);
            VERIFY_RESULT(file);
            QVERIFY2(file->rejections.empty(), reasons(*file).c_str());
            QCOMPARE(file->records.size(), rows.size());
            for (size_t i = 0; i < rows.size(); ++i) {
                QCOMPARE(file->records[i].fields.at(text).get<std::string>(), rows[i].first);
                QCOMPARE(file->records[i].fields.at(label).get<std::string>(), rows[i].second);
            }
        };
        VERIFY_RESULT(core::exportRows(*service, {.format = core::RowFormat::Csv}, m_folder / "safe.csv", {}));
        same("safe.csv", "text", "label");
        VERIFY_RESULT(core::exportRows(*service, {.format = core::RowFormat::Csv, .lossless = true},
                                       m_folder / "lossless.csv", {}));
        same("lossless.csv", "text", "label");
        VERIFY_RESULT(core::exportDistilFolder(*service, m_folder / "distil", {}));
        same("distil/train.csv", "question", "answer");
    }

    void cellsOfFiveMegabytesAreRead()
    {
        std::string cell;
        while (cell.size() < (5 << 20))
            cell += "a line, with a \"quoted\" word\n";
        const Rows rows{{"text", "label"}, {"before", "a"}, {cell, "b"}, {"behind", "a"}};
        compare(readTable(writtenByUs(rows)), rows, "5 MB");
    }

    void timeIsLinear_data()
    {
        QTest::addColumn<std::string>("start");
        QTest::addColumn<std::string>("line");
        const auto row = [](const char *name, const char *start, const std::string &line) {
            QTest::newRow(name) << std::string(start) << line;
        };
        row("lone quotes", "text,label\n", "\"a text that opens,b\n");
        row("lone quotes in cells", "text,label\n", "\"a text \"that opens,b\n");
        row("quotes alone", "text,label\n", "\"\n");
        row("quotes and separators", "text,label\n", "\",\n\",");
        row("one open quote", "text,label\n\"", "\"\"a text, b\n");
        row("backslashes", "text,label\n\"", "\\\\\"a, b\n");
        row("columns", "text,label\n", "a," + std::string(16'000, ',') + "b\n");
    }
    void timeIsLinear()
    {
        QFETCH(std::string, start);
        QFETCH(std::string, line);
        const auto seconds = [&](size_t bytes) {
            std::string text = start;
            while (text.size() < bytes)
                text += line;
            QElapsedTimer timer;
            timer.start();
            static_cast<void>(readTable(text));
            return static_cast<double>(timer.elapsed()) / 1000;
        };
        const double small = seconds(1 << 19);
        const double large = seconds(1 << 22);  // eight times as much; sixty-four times were it quadratic
        QVERIFY2(large < 24 * small + 0.5, qPrintable(QString("%1 s, then %2 s").arg(small).arg(large)));
    }

    void wideRowsTakeTimeByTheirCells()
    {
        std::string text = "text,label";
        for (int i = 0; i < 8000; ++i)
            text += ",f" + std::to_string(i);
        for (int i = 0; i < 50; ++i) {
            text += "\na text,x";
            for (int j = 0; j < 8000; ++j)
                text += ",0";
        }
        QElapsedTimer timer;
        timer.start();
        const auto file = readTable(text);
        QCOMPARE(file.records.size(), size_t{50});
        QCOMPARE(file.columns.size(), size_t{8002});
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));  // quadratic: 17 s
    }
};

QTEST_GUILESS_MAIN(CsvTest)
#include "tst_csv.moc"
