// SPDX-License-Identifier: Apache-2.0
// The check: what it finds in single texts and among labels, what people ignore, and which rows help most.
#include "core/classify/suggestions.h"
#include "core/imports/import_task.h"
#include "core/quality/audit.h"
#include "core/quality/label_errors.h"
#include "core/quality/personal_data.h"
#include "core/quality/text_language.h"
#include "core/quality/usefulness.h"
#include "core/store/edit_log.h"
#include "core/tasks/deep_check.h"
#include "core/tasks/find_replace.h"
#include "tests/support/support.h"

#include <random>

using namespace support;

class AuditTest : public QObject {
    Q_OBJECT

private:
    static base::Result<core::Service> makeService(const TempFolder &folder, const std::string &csv)
    {
        auto service = core::Service::create(folder / "s", "s", {"task", {}, {}, {}});
        write(folder / "rows.csv", csv);
        if (service)
            static_cast<void>(core::importFiles(*service, {folder / "rows.csv"}, {.skipDuplicates = false}, {}));
        return service;
    }

    static std::optional<core::Finding> find(const std::vector<core::Finding> &findings, const std::string &code)
    {
        for (const auto &finding : findings) {
            if (finding.code == code)
                return finding;
        }
        return std::nullopt;
    }

private Q_SLOTS:
    /// It wrote behind the end of a list.
    void aRowInNoSplitEndsTheCheckWithAnError()
    {
        const TempFolder folder;
        const auto service = makeService(folder, "text,label\nrefund me,refund\nwhere is it,delivery\n");
        VERIFY_RESULT(service);
        VERIFY_RESULT(core::audit(*service));
        service->database().execute("PRAGMA ignore_check_constraints = ON; UPDATE example SET split = 3");
        const auto findings = core::audit(*service);
        QVERIFY(!findings);
        QCOMPARE(findings.error().code, base::ErrorCode::Corrupt);
    }

    void personalDataIsFoundAndMasked_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("masked");
        const auto same = [](const char *text) { QTest::newRow(text) << text << text; };
        const auto row = [](const char *text, const char *masked) { QTest::newRow(text) << text << masked; };
        row("write to kim.o'neil+x@mail.example.org.", "write to [mail address].");
        row("a@b.de,c@d.co.uk", "[mail address],[mail address]");
        row("call +49 (0)30 1234-5678 now", "call [phone number] now");
        row("0171 2345678", "[phone number]");
        row("(555) 123-4567 or 555-123-4567", "[phone number] or [phone number]");
        row("card 4111 1111 1111 1111 please", "card [card number] please");
        row("5500-0000-0000-0004", "[card number]");
        row("IBAN DE89 3704 0044 0532 0130 00 is mine", "IBAN [bank account] is mine");
        row("gb82west12345698765432", "[bank account]");
        row("ü@example.org schreib kim@example.org", "ü@example.org schreib [mail address]");
        same("card 4111 1111 1111 1112 has a wrong check digit");
        same("DE88 3704 0044 0532 0130 00 has a wrong checksum");
        same("order 20231105-000123 of 01.02.2024 10:30");
        same("that's 5 of 10, version 1.2.3, at 12:45, for 1,234.56 EUR");
        same("@home a@b user@localhost x@y..z");
        same("item A4111111111111111B in box 555-12");
        same("");
    }

    void personalDataIsFoundAndMasked()
    {
        QFETCH(QString, text);
        QFETCH(QString, masked);
        QCOMPARE(QString::fromStdString(core::withoutPersonalData(text.toStdString())), masked);
    }

    void maskingEndsOnAnyBytes()
    {
        std::mt19937 random(7);
        const std::string alphabet = "@.+-() 0123456789aDE\x80\xC3\xFF,";
        for (int i = 0; i < 3000; ++i) {
            std::string text;
            for (auto n = random() % 60; n > 0; --n)
                text += alphabet[random() % alphabet.size()];
            size_t last = 0;
            for (const auto &found : core::findPersonalData(text)) {
                QVERIFY(found.begin >= last && found.end > found.begin && found.end <= text.size());
                last = found.end;
            }
        }
    }

    void scriptsAndLanguages()
    {
        QCOMPARE(core::scriptOf("Where is it?"), std::string("Latin"));
        QCOMPARE(core::scriptOf("Где моя посылка 123"), std::string("Cyrillic"));
        QCOMPARE(core::scriptOf("我的包裹在哪里"), std::string("Chinese"));
        QCOMPARE(core::scriptOf("荷物はどこですか"), std::string("Japanese"));
        QCOMPARE(core::scriptOf("소포는 어디에"), std::string("Korean"));
        QCOMPARE(core::scriptOf("123 !?"), std::string());
        QCOMPARE(core::languageOf("Where is the parcel that I have paid for?"), std::string("English"));
        QCOMPARE(core::languageOf("Ich habe die Ware nicht bekommen und möchte mein Geld zurück"),
                 std::string("German"));
        QCOMPARE(core::languageOf("Je ne sais pas où est mon colis et je voudrais être remboursé"),
                 std::string("French"));
        QCOMPARE(core::languageOf("No sé dónde está mi paquete y quiero que me devuelvan el dinero"),
                 std::string("Spanish"));
        QCOMPARE(core::languageOf("Parcel lost"), std::string());
    }

    void theCheckNamesWhatSingleRowsAreLike()
    {
        const TempFolder folder;
        std::string csv = "text,label\n";
        for (int i = 0; i < 30; ++i)
            csv += "I have not had the answer that I asked for in mail " + std::to_string(i) + ",a\n";
        csv += "please call me at +44 20 7946 0958,b\nГде моя посылка,b\n";
        csv += "Ich habe die Ware nicht bekommen und das ist nicht gut,b\n";
        const auto service = makeService(folder, csv);
        VERIFY_RESULT(service);
        const auto findings = core::audit(*service);
        VERIFY_RESULT(findings);
        QCOMPARE(find(*findings, "personal_data")->rows, (std::vector<int64_t>{31}));
        QCOMPARE(find(*findings, "stray_script")->rows, (std::vector<int64_t>{32}));
        QCOMPARE(find(*findings, "stray_language")->rows, (std::vector<int64_t>{33}));
        QVERIFY(find(*findings, "imbalance").has_value());
        QCOMPARE(find(*findings, "small_class")->subject, std::string("b"));
        QVERIFY(!find(*findings, "too_long"));
        QVERIFY(!find(*findings, "label_in_text"));
    }

    void tooLongIsCountedInTokens()
    {
        const TempFolder folder;
        std::string words, letters(300, 'x');
        for (int i = 0; i < 100; ++i)
            words += "money ";
        const auto service = makeService(folder, "text,label\n" + words + ",a\nshort,b\n");
        VERIFY_RESULT(service);
        const auto tokenizer = core::defaultTokenizerOrNull();
        QVERIFY(tokenizer);
        QVERIFY(!find(*core::audit(*service, {.tokenizer = tokenizer.get(), .maxLength = 102}), "too_long"));
        const auto found = find(*core::audit(*service, {.tokenizer = tokenizer.get(), .maxLength = 101}), "too_long");
        QCOMPARE(found->rows, (std::vector<int64_t>{1}));
        QCOMPARE(found->severity, core::Finding::Severity::Info);
    }

    void aLabelThatStandsInTheTextIsNoted()
    {
        const TempFolder first, last, named;
        std::string a = "text,label\n", b = a, c = a;
        for (int i = 0; i < 15; ++i) {
            const std::string n = std::to_string(i);
            a += "[R] text number " + n + " about things,refund\n[D] another one " + n + " of them,delivery\n";
            b += n + " is a text -> refund,refund\n" + n + " is a text -> delivery,delivery\n";
            c += "word" + n + " Refund it " + n + "a,refund\nsay" + n + " the late delivery " + n + "b,late_delivery\n";
        }
        for (const auto &[folder, csv] : {std::pair(&first, &a), std::pair(&last, &b), std::pair(&named, &c)}) {
            const auto service = makeService(*folder, *csv);
            VERIFY_RESULT(service);
            const auto found = find(*core::audit(*service), "label_in_text");
            QVERIFY2(found.has_value(), csv->c_str());
        }
    }

    void aLargeClassMakesNoWordTellIt()
    {
        const TempFolder folder;
        std::string csv = "text,label\n";
        for (int i = 0; i < 100; ++i)
            csv += std::string(i % 2 == 0 ? "please" : "hello") + " text number " + std::to_string(i) + " of several," +
                   (i % 33 == 32 ? "rare" : "usual") + "\n";
        const auto service = makeService(folder, csv);
        VERIFY_RESULT(service);
        QVERIFY(!find(*core::audit(*service), "label_in_text"));
    }

    void rowsMadeFromTheExamAreNamed()
    {
        const TempFolder folder;
        const auto service = makeService(folder, "text,label\none,a\ntwo,b\nthree,a\nfour,b\n");
        VERIFY_RESULT(service);
        const core::EditLog log(service->database());
        using Field = core::FieldChange::Field;
        core::EditDraft draft{.title = "Vary"};
        draft.changes = {{1, Field::Split, {}, 1}, {2, Field::Split, {}, 1}};
        // A child of an exam row in train, one beside it in test; of a train row in test; two of a row that is gone.
        draft.newRows = {{.text = "uno", .label = 1, .parent = 1},
                         {.text = "eins", .label = 1, .split = core::Split::Test, .parent = 1},
                         {.text = "tres", .label = 1, .split = core::Split::Test, .parent = 3},
                         {.text = "cinque", .label = 1, .parent = 99},
                         {.text = "cinco", .label = 1, .split = core::Split::Test, .parent = 99},
                         {.text = "quatro", .label = 2, .parent = 4}};
        VERIFY_RESULT(log.apply(draft));
        const auto found = find(*core::audit(*service), "made_from_the_exam");
        QVERIFY(found.has_value());
        QCOMPARE(found->rows, (std::vector<int64_t>{1, 6, 7, 9}));
        QCOMPARE(found->fixRows, (std::vector<int64_t>{3, 5, 8}));
        QCOMPARE(found->message, std::string("4 rows of test have been made from the same row as one of train."));
    }

    void whatIsIgnoredIsNotSaidAgainUntilUndone()
    {
        const TempFolder folder;
        const auto service =
            makeService(folder, "text,label\nmail kim@example.org,a\nmail pat@example.org,b\nx,a\nx,a\n");
        VERIFY_RESULT(service);
        auto findings = core::audit(*service);
        const auto mails = find(*findings, "personal_data");
        const auto few = find(*findings, "few_rows");
        QCOMPARE(mails->rows.size(), size_t{2});
        core::IgnoredFindings ignored;
        ignored.add("personal_data", {1});
        ignored.add(*few);
        ignored.add("too_few_rows", {2});  // blocks: stays
        const core::EditLog log(service->database());
        VERIFY_RESULT(log.apply({.title = "Ignore", .settings = {{core::keys::IgnoredFindings, ignored.toJson()}}}));
        findings = core::audit(*service);
        QCOMPARE(find(*findings, "personal_data")->rows, (std::vector<int64_t>{2}));
        QVERIFY(find(*findings, "personal_data")->message.starts_with("1 row "));
        QVERIFY(!find(*findings, "few_rows"));
        QVERIFY(find(*findings, "too_few_rows"));
        VERIFY_RESULT(log.undo());
        QCOMPARE(find(*core::audit(*service), "personal_data")->rows.size(), size_t{2});
        for (const char *broken : {"", "[]", "{\"a\":{\"b\":1}}", "{\"a\":[\"x\",null]}", "{", "null"})
            QVERIFY(!core::IgnoredFindings::parse(broken).contains("a", 1));
    }

    void wrongLabelsRankFirst()
    {
        // Three classes, sure answers; two labels are wrong, one row is between two classes.
        engine::Matrix p(30, 3);
        std::vector<int> labels;
        for (size_t i = 0; i < 30; ++i) {
            const int label = static_cast<int>(i % 3);
            for (int c = 0; c < 3; ++c)
                p.row(i)[static_cast<size_t>(c)] = c == label ? 0.9F : 0.05F;
            labels.push_back(label);
        }
        labels[4] = 2;  // is 1
        labels[9] = 1;  // is 0
        p.row(12)[0] = 0.45F;
        p.row(12)[1] = 0.5F;
        const auto quality = core::labelQuality(p, labels);
        const auto doubts = core::findLabelErrors(p, labels);
        QCOMPARE(doubts.size(), size_t{2});
        QCOMPARE(doubts[0].row, size_t{4});
        QCOMPARE(doubts[0].suggested, std::vector{1});
        QCOMPARE(doubts[1].row, size_t{9});
        QVERIFY(quality[4] < quality[12] && quality[12] < quality[0]);
        QVERIFY(core::findLabelErrors({}, {}).empty());
    }

    void wrongDecisionsRankFirstWhereRowsHaveSeveralLabels()
    {
        // Rows of one class and of two, all answered surely; one label too many, one too few, one exchanged.
        const engine::Combinations sets{{0}, {1}, {0, 2}, {}, {1, 2}, {0, 1}};
        engine::Matrix p(40, 4);
        std::vector<int> labels;
        for (size_t i = 0; i < 40; ++i) {
            labels.push_back(static_cast<int>(i % 4));
            for (int c = 0; c < 4; ++c)
                p.row(i)[static_cast<size_t>(c)] = std::ranges::binary_search(sets[i % 4], c) ? 0.9F : 0.04F;
        }
        labels[5] = 4;        // {1}, here with 2 as well
        labels[10] = 0;       // {0, 2}, here without 2
        labels[20] = 1;       // {0}, here 1 instead
        p.row(30)[2] = 0.3F;  // between two answers: people know better
        p.row(13)[0] = 0.6F;
        const auto quality = core::labelQuality(p, labels, sets);
        const auto doubts = core::findLabelErrors(p, labels, sets);
        QCOMPARE(doubts.size(), size_t{3});
        const std::map<size_t, std::vector<int>> expected{{5, {1}}, {10, {0, 2}}, {20, {0}}};
        for (const auto &doubt : doubts) {
            QVERIFY(expected.contains(doubt.row));
            QCOMPARE(doubt.suggested, expected.at(doubt.row));
            QCOMPARE(doubt.quality, quality[doubt.row]);
            QVERIFY(doubt.quality < quality[30] && doubt.quality < quality[13]);
        }
        QVERIFY(quality[13] < quality[0] && quality[30] < quality[0]);
        QVERIFY(core::findLabelErrors({}, {}, sets).empty());
    }

    void usefulRowsAreUnsureAndUnlike()
    {
        engine::Matrix p(5, 2), features(5, 2);
        const float sure[] = {0.99F, 0.51F, 0.52F, 0.53F, 0.6F};
        const float direction[][2] = {{1, 0}, {1, 0}, {1, 0.01F}, {1, 0.02F}, {0, 1}};
        for (size_t i = 0; i < 5; ++i) {
            p.row(i)[0] = sure[i];
            p.row(i)[1] = 1 - sure[i];
            std::copy_n(direction[i], 2, features.row(i).begin());
        }
        QCOMPARE(core::mostUseful(p, features, 2), (std::vector<size_t>{1, 4, 2, 3, 0}));
        QCOMPARE(core::mostUseful(p, features, 0), (std::vector<size_t>{1, 2, 3, 4, 0}));
        QVERIFY(core::mostUseful({}, {}, 3).empty());
    }

    void aDeepCheckAndSuggestionsOnRealFeatures()
    {
        const TempFolder folder;
        const char *refunds[] = {"I want my money back", "please refund the payment", "when do I get the money back?",
                                 "refund my order",      "give me back what I paid",  "the refund has not arrived"};
        const char *parcels[] = {"where is my parcel",         "the package did not come",
                                 "delivery is late",           "track my shipment please",
                                 "the courier lost my parcel", "when will it be delivered?"};
        std::string csv = "text,label\n";
        for (int i = 0; i < 6; ++i)
            csv += std::string(refunds[i]) + ",refund\n" + parcels[i] + ",delivery\n";
        csv += "please pay the money back to my card,delivery\n";  // wrong
        const auto service = makeService(folder, csv);
        VERIFY_RESULT(service);
        const auto check = core::checkDeeply(*service, nullptr, {.near = false, .meaning = false}, {});
        VERIFY_RESULT(check);
        const auto errors = find(check->findings, "label_errors");
        QVERIFY(errors.has_value());
        QCOMPARE(errors->rows.front(), int64_t{13});
        QCOMPARE(errors->suggested.front(), core::labelSet({1}));

        write(folder / "new.csv", "text\nmoney back please\nparcel is not here\n");
        VERIFY_RESULT(core::importFiles(*service, {folder / "new.csv"}, {.split = core::Split::Unlabelled}, {}));
        auto reader = core::FeatureReader::open();
        VERIFY_RESULT(reader);
        const auto quick = core::trainQuickly(*service, *reader, {});
        VERIFY_RESULT(quick);
        const auto suggestions = core::suggestLabels(*service, *quick, 100, {});
        VERIFY_RESULT(suggestions);
        QCOMPARE(suggestions->byRow.size(), size_t{2});
        QCOMPARE(suggestions->byRow.begin()->second.labels, core::labelSet({1}));
        QCOMPARE(suggestions->mostUseful.size(), size_t{2});
        QVERIFY(quick->curve.points.empty());  // 13 rows say nothing about more
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(core::suggestLabels(*service, *quick, 100, {stop.get_token()}).error().code,
                 base::ErrorCode::Cancelled);
    }

    void replacingCountsPlacesAndKeepsOtherRows()
    {
        const TempFolder folder;
        const auto service = makeService(folder, "text,label\nCafé CAFÉ cafe,a\nnothing,b\n");
        VERIFY_RESULT(service);
        const std::vector<int64_t> rows{1, 2, 99};
        auto found = core::findReplacements(*service, rows, {.find = "café", .replace = "$1\\1"}, {});
        VERIFY_RESULT(found);
        QCOMPARE(found->places, int64_t{2});
        QCOMPARE(found->changes.size(), size_t{1});
        QCOMPARE(found->changes[0].text, std::string("$1\\1 $1\\1 cafe"));
        found = core::findReplacements(*service, rows, {.find = "(c)a", .replace = "\\1o", .isRegex = true}, {});
        QCOMPARE(found->changes[0].text, std::string("cofé coFÉ cofe").replace(0, 1, "C").replace(6, 2, "Co"));
        QCOMPARE(core::findReplacements(*service, rows, {.find = "(", .isRegex = true}, {}).error().code,
                 base::ErrorCode::InvalidInput);
        // An expression that matches nothing at every place ends.
        found = core::findReplacements(*service, {2}, {.find = "x*", .replace = "-", .isRegex = true}, {});
        QCOMPARE(found->changes[0].text, std::string("-n-o-t-h-i-n-g-"));
    }
};

QTEST_GUILESS_MAIN(AuditTest)
#include "tst_audit.moc"
