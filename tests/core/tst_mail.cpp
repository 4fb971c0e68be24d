// SPDX-License-Identifier: Apache-2.0
// Mails and mailboxes as mail programs write them.
#include "core/formats/row_file.h"
#include "tests/support/support.h"

using namespace support;

class MailTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    base::Result<core::RecordFile> readBytes(const std::string &name, const std::string &bytes)
    {
        write(m_folder / name, bytes);
        return core::readRowFile(m_folder / name);
    }

    static std::string field(const core::RecordFile &file, const char *name, size_t row = 0)
    {
        return file.records.at(row).fields.at(name).get<std::string>();
    }

private Q_SLOTS:
    void aMailIsSubjectBodyAndDate()
    {
        const auto file = readBytes(
            "a.eml", "From: \"A. Person\" <a@b.example>\r\nTo: c@d.example\r\nSubject: =?utf-8?B?UGFrZXQ=?=\r\n"
                     " =?iso-8859-1?Q?_f=FCr_alle?=\r\nDate: Fri, 1 Mar 2024 14:05:00 +0100\r\n\r\n"
                     "It never came.\r\nPlease look.\r\n");
        VERIFY_RESULT(file);
        QCOMPARE(file->columns, (std::vector<std::string>{"subject", "body", "date"}));
        QCOMPARE(file->records.size(), size_t{1});
        QCOMPARE(field(*file, "subject"), std::string("Paket f\xC3\xBCr alle"));
        QCOMPARE(field(*file, "body"), std::string("It never came.\nPlease look."));
        QCOMPARE(field(*file, "date"), std::string("2024-03-01T14:05:00+01:00"));
        QVERIFY(file->records[0].fields.dump().find("Person") == std::string::npos);
    }

    void bodiesAreDecoded_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QByteArray>("body");
        const auto add = [](const char *name, const QByteArray &headers, const QByteArray &content,
                            const QByteArray &body) { QTest::newRow(name) << headers << content << body; };
        add("quoted-printable",
            "Content-Type: text/plain; charset=iso-8859-15\nContent-Transfer-Encoding: quoted-printable\n",
            "5=A4 f=FCr=\n alle", "5\xE2\x82\xAC f\xC3\xBCr alle");
        add("base64", "Content-Type: text/plain; charset=\"UTF-8\"\nContent-Transfer-Encoding: base64\n",
            "Z3LDvMOfZQ==",
            "gr\xC3\xBC\xC3\x9F"
            "e");
        add("Japanese", "Content-Type: text/plain; charset=ISO-2022-JP\n", "\x1B$B$3\x1B(B", "\xE3\x81\x93");
        add("Windows called Latin 1", "Content-Type: text/plain; charset=iso-8859-1\n", "\x93quoted\x94",
            "\xE2\x80\x9Cquoted\xE2\x80\x9D");
        add("UTF-8 that is not said", "", "na\xC3\xAFve caf\xC3\xA9", "na\xC3\xAFve caf\xC3\xA9");
        add("a charset that nobody knows", "Content-Type: text/plain; charset=x-none\n", "na\xC3\xAFve",
            "na\xC3\xAFve");
        add("only HTML", "Content-Type: text/html; charset=utf-8\n",
            "<html><body><p>Money</p><div>back<br>now</div><style>p{}</style></body></html>", "Money\nback\nnow");
        add("flowed", "Content-Type: text/plain; format=flowed\n", "One line \ngoes on.\n> a quote \nAnother.",
            "One line goes on.\n> a quote \nAnother.");
        add("several parts", "Content-Type: multipart/mixed; boundary=x\n",
            "--x\nContent-Type: text/plain\n\nfirst\n--x\nContent-Type: text/plain\n\nsecond\n--x--\n",
            "first\n\nsecond");
        add("the plain one of two forms", "Content-Type: multipart/alternative; boundary=x\n",
            "--x\nContent-Type: text/html\n\n<p>html</p>\n--x\nContent-Type: text/plain\n\nplain\n--x--\n", "plain");
        add("a plain form that is blank", "Content-Type: multipart/alternative; boundary=x\n",
            "--x\nContent-Type: text/plain\n\n  \n--x\nContent-Type: multipart/related; "
            "boundary=y\n\n--y\nContent-Type: text/html\n\n<p>html</p>\n--y--\n--x--\n",
            "html");
        add("signed", "Content-Type: multipart/signed; boundary=x; protocol=\"application/pgp-signature\"\n",
            "--x\nContent-Type: text/plain\n\nsigned text\n--x\nContent-Type: "
            "application/pgp-signature\n\nabc\n--x--\n",
            "signed text");
        add("a boundary that never comes", "Content-Type: multipart/mixed; boundary=x\n",
            "--x\nContent-Type: text/plain\n\nall there is", "all there is");
    }
    void bodiesAreDecoded()
    {
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, content);
        QFETCH(QByteArray, body);
        const auto file = readBytes("b.eml", "From: a@b.example\nSubject: S\nMIME-Version: 1.0\n" +
                                                 headers.toStdString() + "\n" + content.toStdString());
        VERIFY_RESULT(file);
        QCOMPARE(QByteArray::fromStdString(field(*file, "body")), body);
        QVERIFY(file->notes.empty());
    }

    void whatIsAttachedIsNamed()
    {
        const auto file = readBytes(
            "c.eml", "From: a@b.example\nSubject: S\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
                     "boundary=x\n\n--x\nContent-Type: text/plain\n\n"
                     "text\n--x\nContent-Type: application/pdf; name=\"a.pdf\"\n\nabc\n--x\nContent-Type: text/plain\n"
                     "Content-Disposition: attachment; filename=\"list.txt\"\n\nnot read\n--x--\n");
        VERIFY_RESULT(file);
        QCOMPARE(field(*file, "body"), std::string("text"));
        QCOMPARE(file->notes, (std::vector<std::string>{"2 attachments were not read: a.pdf, list.txt."}));
    }

    void aMailboxHasARowForEachMail()
    {
        const std::string head = "From a@b Fri Mar  1 14:05:00 2024\nFrom: a@b.example\n";
        const auto file =
            readBytes("d.mbox", head + "Subject: One\n\nfirst\n>From here on\n>>From there\n\n" + head +
                                    "Subject: Two\nContent-Type: multipart/encrypted; boundary=x\n\n--x\nContent-Type: "
                                    "application/octet-stream\n\nabc\n--x--\n\n" +
                                    head + "Subject: Three\n\nthird\n");
        VERIFY_RESULT(file);
        QCOMPARE(file->records.size(), size_t{2});
        QCOMPARE(field(*file, "body"), std::string("first\nFrom here on\n>From there"));
        QCOMPARE(file->records[1].row, int64_t{3});
        QCOMPARE(field(*file, "body", 1), std::string("third"));
        QCOMPARE(file->rejections.size(), size_t{1});
        QCOMPARE(file->rejections[0].row, int64_t{2});
        QCOMPARE(file->rejections[0].reason, std::string("this mail is encrypted"));
    }

    void mailsAreKnownByTheirHeaders()
    {
        const std::string mail = "From: a@b.example\nSubject: Parcel\nX-Note: a\n  longer one\n\nIt never came.\n";
        const auto text = readBytes("mail.txt", mail);
        VERIFY_RESULT(text);
        QCOMPARE(field(*text, "subject"), std::string("Parcel"));
        QCOMPARE(text->notes.size(), size_t{1});
        const auto nameless = readBytes("1234", mail);
        VERIFY_RESULT(nameless);
        QCOMPARE(field(*nameless, "body"), std::string("It never came."));
        const auto box = readBytes("box", "From a@b Fri Mar  1 14:05:00 2024\n" + mail);
        VERIFY_RESULT(box);
        QCOMPARE(field(*box, "subject"), std::string("Parcel"));
        const auto letter = readBytes("letter.txt", "To: the shop\n\nDear all,\nwhere is it?\n");
        VERIFY_RESULT(letter);
        QVERIFY(letter->columns.front() == "text");
        const auto lines = core::readRowFile(m_folder / "mail.txt", {.unit = core::TextUnit::Lines});
        VERIFY_RESULT(lines);
        QCOMPARE(lines->records.size(), size_t{5});
    }

    void whatHoldsNoTextSaysSo_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("word");
        const auto add = [](const char *name, const QByteArray &bytes, const char *word) {
            QTest::newRow(word) << QByteArray(name) << bytes << QByteArray(word);
        };
        add("e.eml",
            "From: a@b.example\nSubject: \nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nabc\n",
            "encrypted");
        add("f.eml", "From: a@b.example\nTo: b@c.example\n\n\n", "no text");
        add("g.mbox", "nothing here\nat all\n", "no mail");
        add("h.eml", "", "empty");
    }
    void whatHoldsNoTextSaysSo()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, word);
        const auto file = readBytes(name.toStdString(), bytes.toStdString());
        QVERIFY(!file);
        QVERIFY2(file.error().message.find(word.toStdString()) != std::string::npos, file.error().message.c_str());
    }

    void partsWithinPartsComeToAnEnd()
    {
        std::string mail = "From: a@b.example\nSubject: S\nMIME-Version: 1.0\n";
        for (int i = 0; i < 3'000; ++i)
            mail +=
                "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
        QElapsedTimer timer;
        timer.start();
        static_cast<void>(readBytes("deep.eml", mail));
        QVERIFY2(timer.elapsed() < 10'000, std::to_string(timer.elapsed()).c_str());
    }
};

QTEST_GUILESS_MAIN(MailTest)
#include "tst_mail.moc"
