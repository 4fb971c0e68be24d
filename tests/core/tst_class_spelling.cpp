// SPDX-License-Identifier: Apache-2.0
// Names of classes: what an import drops, which are meant to be one, and what the check says of them.
#include "core/formats/class_name.h"
#include "core/quality/audit.h"
#include "tests/support/odd_names.h"

using namespace support;
namespace fs = std::filesystem;

class ClassSpellingTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    fs::path newPlace() { return m_folder / std::to_string(m_services++); }

    static std::vector<core::Finding> found(const core::Service &service, const std::string &code)
    {
        auto findings = core::audit(service);
        if (!findings)
            qFatal("%s", findings.error().message.c_str());
        std::erase_if(*findings, [&](const auto &finding) { return finding.code != code; });
        return std::move(*findings);
    }

private Q_SLOTS:
    void cleansNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("cleaned");
        QTest::newRow("spaces") << "  refund\t\n"
                                << "refund";
        QTest::newRow("no-break space at the end") << u"refund\u00A0"_qs << "refund";
        QTest::newRow("ideographic space before") << u"\u3000退款"_qs << u"退款"_qs;
        QTest::newRow("no-break space inside") << u"money\u00A0back"_qs << u"money\u00A0back"_qs;
        QTest::newRow("spaces inside") << "money  back"
                                       << "money  back";
        QTest::newRow("byte order mark") << u"\uFEFFrefund"_qs << "refund";
        QTest::newRow("zero width inside") << u"re\u200Bfu\u2060n\uFEFFd"_qs << "refund";
        QTest::newRow("soft hyphen") << u"Rück\u00ADsendung"_qs << u"Rücksendung"_qs;
        QTest::newRow("marks of direction around") << u"\u202Arefund\u202C\u200E"_qs << "refund";
        QTest::newRow("joiner between latin letters") << u"re\u200Dfu\u200Cnd"_qs << "refund";
        QTest::newRow("joiner at the end") << u"refund\u200D"_qs << "refund";
        QTest::newRow("nothing to see") << u"\u200B\u00A0\uFEFF"_qs << "";
        QTest::newRow("empty braille cell") << u"\u2800refund\u2800"_qs << "refund";
        QTest::newRow("persian") << u"می\u200Cخواهم"_qs << u"می\u200Cخواهم"_qs;
        QTest::newRow("hindi") << u"क्\u200Dष"_qs << u"क्\u200Dष"_qs;
        QTest::newRow("family") << u"👨\u200D👩\u200D👧"_qs << u"👨\u200D👩\u200D👧"_qs;
        QTest::newRow("red heart") << u"❤\uFE0F"_qs << u"❤\uFE0F"_qs;
        QTest::newRow("heart on fire") << u"❤\uFE0F\u200D🔥"_qs << u"❤\uFE0F\u200D🔥"_qs;
        const QString scotland = QString::fromUtf8("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB3"
                                                   "\xF3\xA0\x81\xA3\xF3\xA0\x81\xB4\xF3\xA0\x81\xBF");
        QTest::newRow("flag of a region") << scotland << scotland;
        QTest::newRow("decomposed accent") << u"cafe\u0301"_qs << u"cafe\u0301"_qs;
        QTest::newRow("line break inside") << "two\nlines"
                                           << "two\nlines";
        QTest::newRow("dots") << ".."
                              << "..";
    }
    void cleansNames()
    {
        QFETCH(QString, name);
        QFETCH(QString, cleaned);
        QCOMPARE(QString::fromStdString(core::cleanedClassName(name.toStdString())), cleaned);
        QCOMPARE(core::cleanedClassName(cleaned.toStdString()), cleaned.toStdString());
    }

    void keepsBytesThatAreNoText()
    {
        QCOMPARE(core::cleanedClassName("re\xFF\xC3und \xE2\x80"), std::string("re\xFF\xC3und \xE2\x80"));
        QCOMPARE(core::cleanedClassName(" \xFF "), std::string("\xFF"));
    }

    void tellsTwins_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::newRow("case") << "Refund"
                              << "refund";
        QTest::newRow("spaces at the ends") << " refund "
                                            << "refund";
        QTest::newRow("two spaces") << "money  back"
                                    << "money back";
        QTest::newRow("underscores") << "return_or_refund"
                                     << "Return or refund";
        QTest::newRow("dashes") << "return-or-refund"
                                << "return_or_refund";
        QTest::newRow("dash with spaces") << u"delivery – late"_qs << "delivery-late";
        QTest::newRow("no-break space") << u"money\u00A0back"_qs << "money back";
        QTest::newRow("zero width") << u"re\u200Bfund"_qs << "refund";
        QTest::newRow("soft hyphen") << u"re\u00ADfund"_qs << "refund";
        QTest::newRow("composed") << u"caf\u00E9"_qs << u"cafe\u0301"_qs;
        QTest::newRow("composed behind a mark") << u"caf\u00E9"_qs << u"cafe\u200B\u0301"_qs;
        QTest::newRow("angstrom") << u"\u212BNG"_qs << u"\u00E5ng"_qs;
        QTest::newRow("full width") << u"ＲＥＦＵＮＤ"_qs << "refund";
        QTest::newRow("half width kana") << u"ｶﾞﾗｽ"_qs << u"ガラス"_qs;
        QTest::newRow("ligature") << u"oﬃce"_qs << "office";
        QTest::newRow("sharp s") << u"STRASSE"_qs << u"Straße"_qs;
        QTest::newRow("final sigma") << u"ΛΟΓΟΣ"_qs << u"λογος"_qs;
        QTest::newRow("turkish") << u"İade"_qs << "iade";
        QTest::newRow("stop at the end") << "Delivery."
                                         << "delivery";
        QTest::newRow("marks at the end") << "Delivery :!"
                                          << "delivery";
        QTest::newRow("ideographic stop") << u"退款。"_qs << u"退款"_qs;
        QTest::newRow("apostrophes") << u"don’t know"_qs << "don't know";
        QTest::newRow("minus signs") << u"−1"_qs << "-1";
        QTest::newRow("line break") << "two\nlines"
                                    << "two lines";
        QTest::newRow("persian joiner") << u"می\u200Cخواهم"_qs << u"میخواهم"_qs;
        QTest::newRow("heart without its form") << u"❤\uFE0F"_qs << u"❤"_qs;
    }
    void tellsTwins()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QVERIFY(one != other);
        QCOMPARE(QString::fromStdString(core::foldedClassName(one.toStdString())),
                 QString::fromStdString(core::foldedClassName(other.toStdString())));
    }

    void keepsOtherNamesApart()
    {
        const std::vector<std::vector<std::string>> groups = {
            {"cafe", "café"},
            {"5", "05", "005", "0.5", "-5", "+5", "temp -5", "temp 5"},
            {"A", "A-", "A+", "A*"},
            {"1", "-1", "+1", "=1", "#1", "@1", "[1]", "'1'", "\"1\""},
            {".", "..", "...", "-", "--", "_", "!", ":", ";", ",", ""},
            {"c", "c++", "c#", ".c"},
            {"a/b", "a\\b", "a|b", "ab", "a b"},
            {":)", ":(", ":-)", ";-)"},
            {"👨", "👨‍👩‍👧", "👨👩👧", "👩"},
            {"и", "й"},
            {"\xFF", "\xFE", "\xFF\xFE"},
        };
        for (const auto &names : groups) {
            std::map<std::string, std::string> seen;
            for (const std::string &name : names) {
                const auto [first, isNew] = seen.emplace(core::foldedClassName(name), name);
                QVERIFY2(isNew, (name + " and " + first->second).c_str());
            }
        }
    }

    void writesOutWhatIsNotSeen()
    {
        const auto visible = [](const QString &name) {
            return QString::fromStdString(core::visibleClassName(name.toStdString()));
        };
        QCOMPARE(visible("money back"), "money back");
        QCOMPARE(visible(u"re\u200Bfund"_qs), "re[U+200B]fund");
        QCOMPARE(visible(u"refund\u00A0 "_qs), "refund[U+00A0][U+0020]");
        QCOMPARE(visible(u"money\u00A0back"_qs), "money[U+00A0]back");
        QCOMPARE(visible("two\nlines"), "two[U+000A]lines");
        QCOMPARE(visible(u"cafe\u0301"_qs), "cafe[U+0301]");
        QCOMPARE(visible(u"caf\u00E9"_qs), u"caf\u00E9"_qs);
        QCOMPARE(visible(u"refund\u200E"_qs), "refund[U+200E]");
        QCOMPARE(visible(u"👨\u200D👩"_qs), u"👨\u200D👩"_qs);
        QCOMPARE(visible(u"می\u200Cخواهم"_qs), u"می\u200Cخواهم"_qs);
        QCOMPARE(core::visibleClassName("re\xFFund"), std::string("re\xFFund"));
    }

    void readsLongNamesInTime()
    {
        for (const char *part :
             {"\xF3\xA0\x81\xA7", "\xE2\x80\x8D", "\xCC\x81\xE2\x80\x8D", "-", " -", ".", "\xE2\x80\x8B"}) {
            std::string name = "a";
            for (int i = 0; i < 200'000; ++i)
                name += part;
            QElapsedTimer timer;
            timer.start();
            QVERIFY(core::cleanedClassName(name).size() <= name.size());
            QVERIFY(!core::foldedClassName(name).empty());
            QVERIFY2(timer.elapsed() < 3000, part);
        }
    }

    void theCheckNamesTwins()
    {
        const auto service =
            serviceWithClasses(newPlace(), {"Refund", "refund ", "delivery", "re\u200Bfund", "other", "praise"}, false);
        const core::EditLog log(service.database());
        core::EditDraft draft{
            .title = "Rows",
            .newLabels = {{.name = "REFUND", .declared = false}, {.name = "Delivery.", .declared = false}}};
        const auto labels = service.examples().labels();
        VERIFY_RESULT(labels);
        const auto add = [&](int64_t label, int rows) {
            for (int i = 0; i < rows; ++i) {
                draft.newRows.push_back({.text = rowText(draft.newRows.size()), .label = label});
                draft.newRows.back().split = i % 2 ? core::Split::Test : core::Split::Train;
            }
        };
        add(labels->at(0).id, 2);   // rows 1 and 2
        add(labels->at(1).id, 3);   // 3 to 5
        add(labels->at(2).id, 1);   // 6
        add(core::newLabel(0), 4);  // 7 to 10
        add(core::newLabel(1), 2);  // 11 and 12
        VERIFY_RESULT(log.apply(draft));

        const auto twins = found(service, "class_spelling");
        QCOMPARE(twins.size(), size_t{2});
        QCOMPARE(twins[0].message,
                 std::string("2 names differ only in how they are written: \"delivery\" (1 row) and \"Delivery.\" (2 "
                             "rows)."));
        QCOMPARE(twins[0].kept, std::string("delivery"));
        QCOMPARE(twins[0].rows, (std::vector<int64_t>{11, 12}));
        // The declared one that is as it looks stays, although others have more rows.
        QCOMPARE(twins[1].message, std::string("4 names differ only in how they are written: \"Refund\" (2 rows), "
                                               "\"refund[U+0020]\" (3 rows), \"re[U+200B]fund\" (0 rows) and "
                                               "\"REFUND\" (4 rows)."));
        QVERIFY2(twins[1].fix.starts_with("Merge them into \"Refund\"."), twins[1].fix.c_str());
        QVERIFY(twins[1].severity == core::Finding::Severity::Warn && twins[1].split.empty());
        QCOMPARE(twins[1].rows, (std::vector<int64_t>{3, 4, 5, 7, 8, 9, 10}));
        QCOMPARE(twins[1].classes.size(), size_t{4});
        QCOMPARE(twins[1].classes.front(), labels->at(0).id);
        // A label without a class is told apart from one that is only written otherwise.
        for (const core::Finding &finding : found(service, "label_without_class"))
            QVERIFY2(finding.fix.find("It is spelled like the class \"") == 0, finding.fix.c_str());
        QCOMPARE(found(service, "class_name_unseen").size(), size_t{2});

        // Ignored as a whole, also with other rows.
        core::IgnoredFindings ignored;
        ignored.add(twins[1]);
        VERIFY_RESULT(service.setSetting(core::keys::IgnoredFindings, ignored.toJson()));
        QCOMPARE(found(service, "class_spelling").size(), size_t{1});
    }

    void theMostFrequentNameStays()
    {
        const auto service = serviceWithClasses(newPlace(), {"Refund", "refund", "praise"}, true);
        addRows(service, {{0}, {1}, {1, 2}, {0, 1}, {1}});
        const auto twins = found(service, "class_spelling");
        QCOMPARE(twins.size(), size_t{1});
        QCOMPARE(twins[0].kept, std::string("refund"));
        QCOMPARE(twins[0].rows, (std::vector<int64_t>{1, 4}));

        // The class for what fits no other one keeps its mark.
        const auto labels = service.examples().labels();
        const auto rejecting = serviceWithClasses(newPlace(), {"Other", "other", "praise"}, false);
        addRows(rejecting, {{0}, {1}, {1}, {2}});
        VERIFY_RESULT(
            core::EditLog(rejecting.database())
                .apply({.title = "Reject", .settings = {core::Service::rejectClassChange(labels->at(0).id)}}));
        QCOMPARE(found(rejecting, "class_spelling").front().kept, std::string("Other"));
    }

    void namesThatDifferByAccentsOrZerosAreToldApart()
    {
        const auto service = serviceWithClasses(newPlace(),
                                                {"cafe", "caf\u00E9", "R\u00FCckgabe", "Ruckgabe", "Rueckgabe", "5",
                                                 "05", "0.5", "class 07", "Class 7", "\u0438", "\u0439", "no", "on"},
                                                false);
        addRows(service, rowsOfClasses(14, false));
        QVERIFY(found(service, "class_spelling").empty());
        QStringList messages;
        for (const char *code : {"class_accents", "class_zeros"}) {
            for (const core::Finding &finding : found(service, code)) {
                QCOMPARE(finding.severity, core::Finding::Severity::Info);
                messages << QString::fromStdString(finding.message);
            }
        }
        QCOMPARE(messages.join(u'\n'),
                 (QStringList{u"The names \"cafe\" and \"caf\u00E9\" differ by accents only."_qs,
                              u"The names \"Ruckgabe\" and \"R\u00FCckgabe\" differ by accents only."_qs,
                              u"The names \"Rueckgabe\" and \"R\u00FCckgabe\" differ by accents only."_qs,
                              u"The names \"\u0438\" and \"\u0439\" differ by accents only."_qs,
                              u"The names \"05\" and \"5\" differ by leading zeros only."_qs,
                              u"The names \"class 07\" and \"Class 7\" differ by leading zeros only."_qs}
                      .join(u'\n')));
    }

    void labelsThatLookLikeNothingAreNamed()
    {
        const auto service = serviceWithClasses(newPlace(), {"refund", "None", "nan", "NA"}, false);
        const core::EditLog log(service.database());
        const auto labels = service.examples().labels();
        core::EditDraft draft{.title = "Rows",
                              .newLabels = {{.name = "N/A", .declared = false}, {.name = "nil", .declared = false}}};
        draft.labels.push_back(
            {labels->at(1).id, core::LabelChange::Field::Description, "What fits none of the others"});
        for (const int64_t label :
             {labels->at(0).id, labels->at(1).id, labels->at(2).id, core::newLabel(0), core::newLabel(0)})
            draft.newRows.push_back({.text = rowText(draft.newRows.size()), .label = label});
        VERIFY_RESULT(log.apply(draft));
        const auto missing = found(service, "label_like_missing");
        QCOMPARE(missing.size(), size_t{2});  // not "None", which is described, nor "NA" and "nil", which no row has
        QCOMPARE(missing[0].message,
                 std::string("1 row has the label \"nan\", which is what programs write where there is no value."));
        QCOMPARE(missing[1].rows, (std::vector<int64_t>{4, 5}));
        QCOMPARE(missing[1].severity, core::Finding::Severity::Info);
    }
};

QTEST_GUILESS_MAIN(ClassSpellingTest)
#include "tst_class_spelling.moc"
