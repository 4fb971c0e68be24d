// SPDX-License-Identifier: Apache-2.0
// What rows keep of the files they came from: the other columns, and which file that was.
#include "core/formats/row_file.h"
#include "core/formats/spreadsheet_safe.h"
#include "core/service/service.h"
#include "core/store/edit_log.h"
#include "core/store/extra_fields.h"
#include "core/store/source_file.h"
#include "core/tasks/rows_task.h"
#include "tests/support/support.h"
#include "tests/support/version_5.h"

#include <sqlite3.h>

using namespace support;
namespace fs = std::filesystem;
using core::EditLog;
using core::FieldChange;
using Field = core::FieldChange::Field;
using nlohmann::ordered_json;

class RowFilesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TempFolder> m_folder;
    std::optional<core::Service> m_service;

    [[nodiscard]] EditLog log() const { return EditLog(m_service->database()); }
    [[nodiscard]] core::Example row(int64_t id) const
    {
        const auto rows = m_service->examples().rowsById(std::span(&id, 1));
        return rows && rows->contains(id) ? rows->at(id) : core::Example();
    }
    void add(const std::vector<core::Example> &rows) const
    {
        VERIFY_RESULT(log().apply({.title = "Rows", .newRows = rows}));
    }
    [[nodiscard]] std::string written(const core::RowsOptions &options) const
    {
        std::string all;
        const auto rows = core::writeRows(*m_service, options,
                                          [&](std::string_view part) -> base::Result<void> {
                                              all += part;
                                              return {};
                                          },
                                          {});
        return rows ? all : rows.error().message;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TempFolder>();
        auto service = core::Service::create(*m_folder / "s", "s", {"task", {{"a", ""}, {"b", ""}}, {}, {}});
        VERIFY_RESULT(service);
        m_service.emplace(std::move(*service));
    }

    void aServiceOfVersion5KeepsAllItHas()
    {
        fs::create_directories(*m_folder / "old");
        sqlite3 *handle = nullptr;
        QCOMPARE(sqlite3_open((*m_folder / "old/service.sqlite").c_str(), &handle), SQLITE_OK);
        char *refusal = nullptr;
        sqlite3_exec(handle, Version5, nullptr, nullptr, &refusal);
        QVERIFY2(!refusal, refusal);
        sqlite3_close(handle);
        auto service = core::Service::open(*m_folder / "old");
        VERIFY_RESULT(service);
        m_service.emplace(std::move(*service));
        const auto first = row(1), second = row(2);
        QCOMPARE(first.text, std::string("one"));
        QCOMPARE(first.label, std::optional<int64_t>(2));
        QCOMPARE(first.confidence, std::optional(0.5));
        QCOMPARE(first.comment + first.place + first.source, std::string("notepage 1mails.csv"));
        QCOMPARE(second.also, std::vector<int64_t>{2});
        QCOMPARE(second.parent, std::optional<int64_t>(1));
        for (const auto &one : {first, second, row(3)})
            QVERIFY(one.extra.empty() && one.origin == 0 && one.content == 0);
        QVERIFY(m_service->examples().extraColumns({})->empty());
        // Its history goes on, and its rows take what rows have now.
        QCOMPARE((*log().redo())->title, std::string("Rewrite"));
        QCOMPARE(row(3).text, std::string("drei"));
        VERIFY_RESULT(log().undo());
        VERIFY_RESULT(log().undo());
        QCOMPARE(row(1).label, std::optional<int64_t>(1));
        VERIFY_RESULT(log().apply("Extra", std::vector<FieldChange>{{2, Field::Extra, R"({"ticket":"7"})", {}}}));
        QCOMPARE(row(2).extra, std::string(R"({"ticket":"7"})"));
        QCOMPARE(row(2).also, std::vector<int64_t>{2});
        QCOMPARE(m_service->examples().extraColumns({})->size(), size_t{1});
        auto check = m_service->database().prepare("PRAGMA integrity_check");
        QVERIFY(check.step() && check.textView(0) == "ok");
        QVERIFY(fs::directory_iterator(*m_folder / "old/backups")
                    ->path()
                    .filename()
                    .string()
                    .ends_with("-version-5.sqlite"));
    }

    void fieldsComeApartAndTogetherAgain()
    {
        const core::ExtraFields fields{{"ticket", "007"},
                                       {"", nullptr},
                                       {"a\"b", true},
                                       {"n", 12},
                                       {"list", {1, {{"x", 2}}}},
                                       {"z", ordered_json::object()}};
        const std::string text = core::extraText(fields);
        QCOMPARE(text, std::string(
                           "{\"ticket\":\"007\",\"\":null,\"a\\\"b\":true,\"n\":12,\"list\":[1,{\"x\":2}],\"z\":{}}"));
        QVERIFY(core::extraFields(text) == fields);
        QCOMPARE(core::extraText({}), std::string());
        QVERIFY(core::extraFields("").empty());
        QCOMPARE(core::cellText("a\nb"), std::string("a\nb"));
        QCOMPARE(core::cellText(nullptr), std::string());
        QCOMPARE(core::cellText(fields[4].second), std::string(R"([1,{"x":2}])"));
        QCOMPARE(core::extraText({{"bad", "\xFF"}}), std::string("{\"bad\":\"\xEF\xBF\xBD\"}"));
        // What no program of ours has written.
        const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
        for (const std::string &foreign : {std::string("7"), std::string("[1]"), std::string("{\"a\""), deep})
            QVERIFY2(core::extraFields(foreign).empty(), foreign.substr(0, 20).c_str());
    }

    void manyColumnsTakeTimeInLine()
    {
        const auto seconds = [](size_t columns) {
            core::ExtraFields fields;
            for (size_t i = 0; i < columns; ++i)
                fields.emplace_back("column " + std::to_string(i), "x");
            const std::string text = core::extraText(fields);
            double best = 1e18;  // other programs only ever make it slower
            for (int i = 0; i < 9; ++i) {
                QElapsedTimer timer;
                timer.start();
                if (core::extraFields(text).size() != columns)
                    qFatal("columns were lost");
                best = std::min(best, static_cast<double>(timer.nsecsElapsed()));
            }
            return best;
        };
        seconds(1000);
        QVERIFY(seconds(16'000) < 100 * seconds(1000));  // 256 times where every name is compared with every other
    }

    void aFileIsKnownByPlaceAndContent()
    {
        const auto march = *m_folder / "march/rows.csv", april = *m_folder / "april/rows.csv";
        write(march, "text\none\n");
        write(april, "text\ntwo\n");
        QVERIFY(core::originOf(march) != core::originOf(april));
        QCOMPARE(core::originOf(*m_folder / "april/../march/./rows.csv"), core::originOf(march));
        fs::create_symlink(march, *m_folder / "link.csv");
        QCOMPARE(core::originOf(*m_folder / "link.csv"), core::originOf(march));
        QVERIFY(*core::contentOf(march) != *core::contentOf(april));
        fs::copy_file(march, *m_folder / "copy.csv");
        QCOMPARE(*core::contentOf(*m_folder / "copy.csv"), *core::contentOf(march));
        write(*m_folder / "large", std::string(3'000'000, 'x'));
        write(*m_folder / "larger", std::string(3'000'001, 'x'));
        QVERIFY(*core::contentOf(*m_folder / "large") != *core::contentOf(*m_folder / "larger"));
        QVERIFY(!core::contentOf(*m_folder / "gone"));
        QVERIFY(!core::contentOf(m_folder->path()));

        const int64_t here = core::originOf(march), there = core::originOf(april);
        add({{.text = "of march", .source = "rows.csv", .origin = here, .content = 11},
             {.text = "of april", .source = "rows.csv", .origin = there, .content = 22},
             {.text = "the same bytes from elsewhere", .source = "copy.csv", .origin = 5, .content = 11},
             {.text = "of an earlier version", .source = "rows.csv"},
             {.text = "of an earlier version, too", .source = "other.csv"},
             {.text = "typed"}});
        const auto found = [&](const core::ExampleQuery &query) { return *m_service->examples().order(query); };
        using Ids = std::vector<int64_t>;
        QCOMPARE(found({.source = "rows.csv", .origin = here, .contentHash = 11}), (Ids{1, 3, 4}));
        QCOMPARE(found({.source = "rows.csv", .origin = there, .contentHash = 33}), (Ids{2, 4}));
        QCOMPARE(found({.origin = there}), Ids{2});
        QCOMPARE(found({.contentHash = 11}), (Ids{1, 3}));
        QCOMPARE(found({.source = "rows.csv"}), (Ids{1, 2, 4}));
        // 0 is no place and no content.
        QCOMPARE(found({.origin = 0, .contentHash = 0}), Ids{});
        QCOMPARE(found({.split = core::Split::Test, .origin = here, .contentHash = 11}), Ids{});
    }

    void extraColumnsAreEditedUndoneAndRedone()
    {
        add({{.text = "one", .extra = R"({"ticket":"1"})", .origin = 8, .content = 9}, {.text = "two"}});
        QCOMPARE(row(1).extra, std::string(R"({"ticket":"1"})"));
        QCOMPARE(row(1).origin + row(1).content, int64_t{17});
        const auto edit = log().apply("Ticket", std::vector<FieldChange>{{1, Field::Extra, R"({"ticket":"2"})", {}},
                                                                         {2, Field::Extra, R"({"date":""})", {}}});
        VERIFY_RESULT(edit);
        const auto extras = [&] { return row(1).extra + row(2).extra; };
        QCOMPARE(extras(), std::string(R"({"ticket":"2"}{"date":""})"));
        VERIFY_RESULT(log().undo());
        QCOMPARE(extras(), std::string(R"({"ticket":"1"})"));
        VERIFY_RESULT(log().redo());
        VERIFY_RESULT(log().apply(*log().inverse(*edit)));
        QCOMPARE(extras(), std::string(R"({"ticket":"1"})"));
        QCOMPARE(row(1).origin + row(1).content, int64_t{17});
        const std::vector<int64_t> ids{2, 77, 1};
        const auto rows = m_service->examples().rowsById(ids);
        VERIFY_RESULT(rows);
        QCOMPARE(rows->size(), size_t{2});
        QCOMPARE(rows->at(1).text + rows->at(2).text, std::string("onetwo"));
    }

    void rowsGoOutWithTheColumnsOfTheirFiles()
    {
        add({{.text = "one", .label = 1, .extra = R"({"ticket":"007","=cmd":"=1+1"})"},
             {.text = "two", .label = 2, .split = core::Split::Test},
             {.text = "three", .extra = R"({"date":"1. May","text":"a subject","ticket":null,"n":[1,2]})"},
             {.text = "gone", .extra = R"({"never":"seen"})"}});
        VERIFY_RESULT(log().apply("Remove", std::vector<FieldChange>{{4, Field::Removed, {}, 1}}));
        const std::vector<std::string> names{"ticket", "=cmd", "date", "text", "n"};
        QCOMPARE(*m_service->examples().extraColumns({}), names);
        QVERIFY(m_service->examples().extraColumns(core::Split::Test)->empty());
        const std::string safe = "\xEF\xBB\xBFid,text,label,split,provenance,source,comment,place,ticket,'=cmd,date,"
                                 "text (2),n\n1,one,a,train,imported,,,,007,'=1+1,,,\n"
                                 "2,two,b,test,imported,,,,,,,,\n"
                                 "3,three,,train,imported,,,,,,1. May,a subject,\"[1,2]\"\n";
        QCOMPARE(written({.format = core::RowFormat::Csv}), safe);
        const std::string lossless = written({.format = core::RowFormat::Csv, .lossless = true});
        QVERIFY(lossless.starts_with("id,text,") && lossless.find(",=cmd,") != std::string::npos &&
                lossless.find(",007,=1+1,,,\n") != std::string::npos);
        QCOMPARE(written({.format = core::RowFormat::Csv, .split = core::Split::Test}),
                 core::SpreadsheetMark + std::string("id,text,label,split,provenance,source,comment,place\n"
                                                     "2,two,b,test,imported,,,\n"));
        std::istringstream lines(written({}));
        for (const std::string end : {"'source':'','ticket':'007','=cmd':'=1+1'}", "'source':''}",
                                      "'source':'','date':'1. May','text (2)':'a subject','ticket':null,'n':[1,2]}"}) {
            std::string line;
            std::getline(lines, line);
            std::replace(line.begin(), line.end(), '"', '\'');
            QVERIFY2(line.ends_with(end), line.c_str());
        }
        // What others read has what they know.
        QVERIFY(written({.shape = core::RowShape::TextLabel}).find("007") == std::string::npos);
        QVERIFY(written({.format = core::RowFormat::Distil}).find("007") == std::string::npos);
        VERIFY_RESULT(core::exportRows(*m_service, {.format = core::RowFormat::Xlsx}, *m_folder / "rows.xlsx", {}));
        const auto book = core::readRowFile(*m_folder / "rows.xlsx");
        VERIFY_RESULT(book);
        QCOMPARE(book->columns.size(), core::ownColumns().size() + names.size());
        QCOMPARE(book->records[0].fields["=cmd"].get<std::string>(), std::string("=1+1"));
        QCOMPARE(book->records[2].fields["text (2)"].get<std::string>(), std::string("a subject"));
    }

    void whatFitsNoWorkbookIsSaid()
    {
        core::ExtraFields fields;
        for (int i = 0; i < 16'380; ++i)
            fields.emplace_back("column " + std::to_string(i), "x");
        add({{.text = "wide", .extra = core::extraText(fields)}});
        const auto to = *m_folder / "wide.xlsx";
        const auto wide = core::exportRows(*m_service, {.format = core::RowFormat::Xlsx}, to, {});
        QVERIFY(!wide && wide.error().message.find("16,384 columns") != std::string::npos);
        QVERIFY(!fs::exists(to));
        VERIFY_RESULT(log().undo());
        add({{.text = "one", .extra = core::extraText({{std::string(40'000, 'n'), "x"}})}});
        const auto named = core::exportRows(*m_service, {.format = core::RowFormat::Xlsx}, to, {});
        QVERIFY(!named && named.error().message.find("header") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(RowFilesTest)
#include "tst_row_files.moc"
