// SPDX-License-Identifier: Apache-2.0
// Rows of one customer or thread, named by a column, stay on one side of exam and hold-out.
#include "core/base/atomic_file.h"
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/rows/make_exam.h"
#include "core/service/row_families.h"
#include "core/store/edit_log.h"
#include "core/training/train_material.h"
#include "core/training/train_plan.h"
#include "tests/support/tiny_training.h"

#include <map>
#include <random>
#include <set>

using namespace support;

namespace {

constexpr int Customers = 60, RowsEach = 4;

/// Texts that have nothing in common, in two classes, each customer's in both.
std::filesystem::path tableIn(const TempFolder &folder)
{
    std::mt19937 random(5);
    std::string text = "text,label,customer\n";
    for (int i = 0; i < Customers * RowsEach; ++i) {
        for (int word = 0; word < 8; ++word) {
            text += word > 0 ? " " : "";
            for (auto letters = 4 + random() % 5; letters > 0; --letters)
                text += static_cast<char>('a' + random() % 26);
        }
        text += i % 2 == 0 ? ",left," : ",right,";
        text += std::to_string(100 + i / RowsEach);
        text += "\n";
    }
    if (!base::writeFile(folder / "mails.csv", text))
        qFatal("The table could not be written.");
    return folder / "mails.csv";
}

/// The splits that each customer's rows are in.
std::map<int64_t, std::set<core::Split>> splitsOfGroups(const core::Service &service)
{
    std::map<int64_t, std::set<core::Split>> splits;
    const auto families = core::RowFamilies::of(service);
    const auto read = service.examples().forEach(
        {}, [&](const core::Example &row) { splits[families->group(row)].insert(row.split); });
    return read ? splits : std::map<int64_t, std::set<core::Split>>();
}

std::vector<std::string> findingCodes(const core::Service &service)
{
    std::vector<std::string> codes;
    const auto findings = core::audit(service);
    if (!findings)
        qFatal("The rows could not be checked.");
    for (const core::Finding &finding : *findings)
        codes.push_back(finding.code);
    return codes;
}

}  // namespace

class TestRowFamilies final : public QObject {
    Q_OBJECT

    static core::Service emptyService(const TempFolder &folder)
    {
        auto service = core::Service::create(folder / "s", "s", {"task", {{"left", ""}, {"right", ""}}, {}, {}});
        if (!service)
            qFatal("The service could not be made.");
        return std::move(*service);
    }

    static auto importTable(const TempFolder &folder, const core::Service &service, const std::string &column,
                            double examShare = 0)
    {
        core::ImportOptions options;
        options.groupColumn = column;
        options.examShare = examShare;
        return core::importFiles(service, {tableIn(folder)}, options, {});
    }

private Q_SLOTS:
    void anImportKeepsGroupsOnOneSide()
    {
        const TempFolder folder;
        const auto service = emptyService(folder);
        const auto done = importTable(folder, service, "customer", 0.25);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        QCOMPARE(*service.groupColumn(), std::string("customer"));
        const auto splits = splitsOfGroups(service);
        QCOMPARE(splits.size(), size_t{Customers});
        for (const auto &[group, sides] : splits) {
            QVERIFY(group < 0);
            QCOMPARE(sides.size(), size_t{1});
        }
        QVERIFY2(std::abs(done->toExam - Customers * RowsEach / 4) <= 2 * RowsEach,
                 std::to_string(done->toExam).c_str());
        // A row is as good as another one without the column.
        const auto codes = findingCodes(service);
        QVERIFY(std::ranges::find(codes, "groups_in_both") == codes.end());
        // What is undone is as before.
        QVERIFY(core::EditLog(service.database()).undo());
        QVERIFY(service.groupColumn()->empty());
    }

    void withoutTheColumnTheyAreDivided()
    {
        const TempFolder folder;
        const auto service = emptyService(folder);
        QVERIFY(importTable(folder, service, {}, 0.25));
        QCOMPARE(splitsOfGroups(service).size(), size_t{1});  // none has a group
        // Said afterwards, it is a finding.
        const core::EditLog log(service.database());
        const auto edit = log.open("Group");
        QVERIFY(log.set(*edit, core::Service::groupColumnChange("customer")) && log.close(*edit));
        const auto findings = core::audit(service);
        const auto found = std::ranges::find(*findings, "groups_in_both", &core::Finding::code);
        QVERIFY(found != findings->end());
        QVERIFY(found->rows.size() > 20 && found->fixRows.size() > 20);
        QVERIFY2(found->message.find("the same \"customer\" as rows of train") != std::string::npos,
                 found->message.c_str());
    }

    void anExamThatIsMadeAndAHoldOutKeepThem()
    {
        const TempFolder folder;
        const auto service = emptyService(folder);
        QVERIFY(importTable(folder, service, "customer"));
        QVERIFY(core::makeExam(service, 0.2, {}));
        for (const auto &[group, sides] : splitsOfGroups(service))
            QCOMPARE(sides.size(), size_t{1});
        const auto rows = core::readLabelled(service, core::Split::Train, {"left", "right"});
        QVERIFY(rows);
        const auto groups = core::groupsToHoldOut(*rows, {});
        QVERIFY(groups);
        QCOMPARE(std::set<int64_t>(groups->begin(), groups->end()).size(), rows->ids.size() / RowsEach);
        std::map<int64_t, std::set<int64_t>> groupsOfFamily;
        for (size_t i = 0; i < groups->size(); ++i)
            groupsOfFamily[rows->families[i]].insert(groups->at(i));
        for (const auto &[family, of] : groupsOfFamily)
            QCOMPARE(of.size(), size_t{1});
    }

    void whatIsMadeFromARowIsOfItsGroup()
    {
        const TempFolder folder;
        const auto service = emptyService(folder);
        const core::EditLog log(service.database());
        const auto edit = log.open("Add");
        const std::vector<core::Example> rows{{.text = "one", .extra = R"({"thread":7})"},
                                              {.text = "two", .extra = R"({"thread":" 7 "})"},
                                              {.text = "three", .parent = 1},
                                              {.text = "four", .extra = R"({"thread":""})"},
                                              {.text = "five"}};
        QVERIFY(log.add(*edit, rows) && log.close(*edit));
        const auto families = core::RowFamilies::by("thread", service);
        std::vector<int64_t> of;
        QVERIFY(service.examples().forEach({}, [&](const core::Example &row) { of.push_back(families->family(row)); }));
        QVERIFY(of[0] < 0);
        QCOMPARE(of[1], of[0]);
        QCOMPARE(of[2], of[0]);
        QCOMPARE(of[3], int64_t{4});
        QCOMPARE(of[4], int64_t{5});
    }

    void aColumnThatIsNotThereIsRefused()
    {
        const TempFolder folder;
        const auto service = emptyService(folder);
        const auto done = importTable(folder, service, "client");
        QVERIFY(!done);
        QVERIFY2(done.error().message.find("There are: customer.") != std::string::npos, done.error().message.c_str());
        QCOMPARE(service.examples().order({})->size(), size_t{0});
        QVERIFY(service.groupColumn()->empty());
    }
};

QTEST_GUILESS_MAIN(TestRowFamilies)
#include "tst_row_families.moc"
