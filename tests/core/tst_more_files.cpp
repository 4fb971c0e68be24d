// SPDX-License-Identifier: Apache-2.0
// Packed files, HTML, tables in Word, fastText lines, folders of data sets, and files whose ending lies.
#include "core/formats/file_kind.h"
#include "core/formats/zip_rows.h"
#include "tests/support/file_reading.h"
#include "tests/support/zip_file.h"

#include <zlib.h>

using namespace support;

namespace {

/// One member of a gzip file.
std::string gzip(const std::string &text)
{
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// An office file whose main part is this one.
std::string officeFile(const std::string &part, const std::string &content)
{
    return makeZip(
        {{"_rels/.rels", "<R><Relationship Type=\"/officeDocument\" Target=\"" + part + "\"/></R>"}, {part, content}});
}

const std::string Rows = "text,label\nlate again,delivery\nmoney back,refund\n";
const std::vector<std::string> Pairs{"late again|delivery", "money back|refund"};

}  // namespace

class MoreFilesTest : public QObject, private FileReading {
    Q_OBJECT

private Q_SLOTS:
    void gzipIsUnpacked()
    {
        const std::string json =
            "{\"text\":\"late again\",\"label\":\"delivery\"}\n{\"text\":\"money back\",\"label\":\"refund\"}\n";
        for (const auto &[name, bytes] :
             {std::pair(std::string("a.csv.gz"), gzip(Rows)), std::pair(std::string("b.CSV.GZ"), gzip(Rows)),
              std::pair(std::string("c.jsonl.gz"), gzip(json)),
              std::pair(std::string("d.csv.gz"), gzip(Rows.substr(0, 20)) + gzip(Rows.substr(20))),
              std::pair(std::string("e.csv.gz"), gzip(Rows) + std::string(512, '\0')),
              std::pair(
                  std::string("f.xlsx.gz"),
                  gzip(makeXlsx("", "<row><c t=\"str\"><v>text</v></c><c t=\"str\"><v>label</v></c></row><row><c "
                                    "t=\"str\"><v>late again</v></c><c t=\"str\"><v>delivery</v></c></row><row><c "
                                    "t=\"str\"><v>money back</v></c><c t=\"str\"><v>refund</v></c></row>"))),
              std::pair(std::string("g.csv"), gzip(Rows)), std::pair(std::string("h"), gzip(json)),
              std::pair(std::string("i.csv.gz"), Rows)}) {
            const auto file = readBytes(name, bytes);
            QVERIFY2(file, (name + ": " + problemOf(file)).c_str());
            QVERIFY2(pairs(*file) == Pairs, (name + ": " + join(pairs(*file))).c_str());
        }
        QVERIFY(join(core::readRowFile(m_folder / "g.csv")->notes).find("gzip") != std::string::npos);
    }

    void gzipThatIsDamagedSaysSo()
    {
        const std::string sound = gzip(Rows);
        for (const std::string &bytes : {sound.substr(0, sound.size() - 9), sound.substr(0, 10), sound + "behind it",
                                         std::string("\x1F\x8B      ")}) {
            const auto file = readBytes("cut.csv.gz", bytes);
            QVERIFY(!file && file.error().message.find("damaged or cut off") != std::string::npos);
        }
        const auto nested = readBytes("a.csv.gz.gz", gzip(gzip(Rows)));
        QVERIFY(!nested && nested.error().code == base::ErrorCode::Unsupported);
        const std::string many(200 << 20, 'a');
        const std::string part = gzip(many);
        const auto bomb = readBytes("bomb.csv.gz", part + part + part);
        QVERIFY(!bomb && bomb.error().message.find("512 MB") != std::string::npos);
        const auto tar = readBytes("a.tar.gz", gzip("x"));
        QVERIFY(!tar && tar.error().code == base::ErrorCode::Unsupported);
    }

    void zipFilesShowTheirFiles()
    {
        const std::string zip = makeZip({{"data/two.jsonl", "{\"text\":\"a\",\"label\":\"b\"}\n"},
                                         {"data/one.csv", Rows},
                                         {"README.md", "About"},
                                         {"__MACOSX/data/._one.csv", "x"},
                                         {"picture.png", "x"},
                                         {"inner.zip", "x"},
                                         {"binary", std::string("\1\2\3\4", 4)},
                                         {"notes", "plain words"}});
        write(m_folder / "a.zip", zip);
        const auto contents = core::zipContents(m_folder / "a.zip");
        VERIFY_RESULT(contents);
        QCOMPARE(contents->entries, (std::vector<std::string>{"data/one.csv", "data/two.jsonl", "notes"}));
        QCOMPARE(contents->leftOut.size(), size_t{5});
        const auto entries = core::zipEntries(m_folder / "a.zip");
        VERIFY_RESULT(entries);
        QCOMPARE(*entries, contents->entries);
        const auto undecided = core::readRowFile(m_folder / "a.zip");
        QVERIFY(!undecided && undecided.error().message.find("data/one.csv") != std::string::npos);
        const auto one = core::readRowFile(m_folder / "a.zip", {.entry = "data/one.csv"});
        VERIFY_RESULT(one);
        QCOMPARE(pairs(*one), Pairs);
        const auto none = core::readRowFile(m_folder / "a.zip", {.entry = "data/three.csv"});
        QVERIFY(!none && none.error().code == base::ErrorCode::NotFound);
        const auto inner = core::readRowFile(m_folder / "a.zip", {.entry = "inner.zip"});
        QVERIFY(!inner);
    }

    void aZipOfOneFileIsThatFile()
    {
        const auto file = readBytes("b.zip", makeZip({{"rows.csv", Rows}, {"LICENSE", "free"}}));
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), Pairs);
        QVERIFY(join(file->notes).find("LICENSE") != std::string::npos);
        const auto packed = readBytes("c.zip", makeZip({{"rows.csv.gz", gzip(Rows)}}));
        QVERIFY(!packed && packed.error().code == base::ErrorCode::Unsupported);
        const auto word = readBytes("d.zip", makeZip({{"a.docx", makeDocx("<w:p><w:r><w:t>words</w:t></w:r></w:p>")}}));
        VERIFY_RESULT(word);
        QCOMPARE(texts(*word), (std::vector<std::string>{"words"}));
        const auto empty = readBytes("e.zip", makeZip({{"a.png", "x"}}));
        QVERIFY(!empty && empty.error().message.find("no files of rows") != std::string::npos);
        ZipEntries many;
        for (int i = 0; i < 3'000; ++i)
            many.emplace_back("refund/" + std::to_string(i) + ".txt", "money back");
        write(m_folder / "many.zip", makeZip(many));
        const auto entries = core::zipEntries(m_folder / "many.zip");
        VERIFY_RESULT(entries);
        QCOMPARE(entries->size(), size_t{3'000});
    }

    void fastTextLinesHaveLabels()
    {
        const auto file =
            readBytes("a.txt", "__label__delivery late, again\n\n__label__refund\tmoney back\n__label__other\n");
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), (std::vector<std::string>{"late, again|delivery", "money back|refund"}));
        QCOMPARE(file->records[1].row, int64_t{3});
        QCOMPARE(file->rejections.size(), size_t{1});
        QCOMPARE(file->rejections[0].row, int64_t{4});
        const auto several = readBytes("b.train", "__label__a __label__b one text\n__label__a , __label__c another, "
                                                  "text\n__label__a,__label__b third\nwithout a label __label__d\n");
        VERIFY_RESULT(several);
        QCOMPARE(several->records[0].fields.dump(), std::string(R"({"text":"one text","label":["a","b"]})"));
        QCOMPARE(several->records[1].fields.dump(), std::string(R"({"text":"another, text","label":["a","c"]})"));
        QCOMPARE(several->records[2].fields.dump(), std::string(R"({"text":"third","label":["a","b"]})"));
        QCOMPARE(several->records[3].fields.dump(), std::string(R"({"text":"without a label","label":["d"]})"));
        const auto about = readBytes("c.txt", "fastText wants __label__ before a label.\nIt is a word.\n");
        VERIFY_RESULT(about);
        QCOMPARE(about->columns.back(), std::string("place"));
    }

    void dataSetsNameTheirClasses_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("description");
        QTest::addColumn<QByteArray>("content");
        const auto add = [](const char *name, const char *file, const QByteArray &description, const char *content) {
            QTest::newRow(name) << QByteArray(file) << description << QByteArray(content);
        };
        const char *labels = "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":0}\n";
        add("a map", "data/train.jsonl",
            "---\nlicense: mit\ndataset_info:\n  features:\n  - name: text\n    dtype: string\n  - name: label\n    "
            "dtype:\n"
            "      class_label:\n        names:\n          '0': refund\n          '1': delivery\n---\nAbout it.\n",
            labels);
        add("a list", "train.jsonl",
            "---\ndataset_info:\n  features:\n  - name: label\n    dtype:\n      class_label:\n        names: [refund, "
            "delivery]\n---\n",
            labels);
        add("several configurations", "second/train.jsonl",
            "---\ndataset_info:\n- config_name: first\n  features:\n  - name: label\n    dtype:\n      class_label:\n  "
            "      names: [x, y]\n"
            "- config_name: second\n  features:\n  - name: label\n    dtype:\n      class_label:\n        names: "
            "[refund, delivery]\n---\n",
            labels);
        add("a list of labels", "train.jsonl",
            "---\ndataset_info:\n  features:\n  - name: label\n    sequence:\n      class_label:\n        names:\n     "
            "     '0': refund\n          '1': delivery\n---\n",
            "{\"text\":\"a\",\"label\":[0,1]}\n");
        add("a table", "train.csv",
            "---\ndataset_info:\n  features:\n  - name: label\n    dtype:\n      class_label:\n        names: [refund, "
            "delivery]\n---\n",
            "text,label\na,1\nb,0\n");
        add("another name", "train.csv",
            "---\ndataset_info:\n  features:\n  - name: coarse\n    dtype:\n      class_label:\n        names: "
            "[refund, delivery]\n---\n",
            "text,coarse\na,1\nb,0\n");
    }
    void dataSetsNameTheirClasses()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, description);
        QFETCH(QByteArray, content);
        const TempFolder folder;
        write(folder / "README.md", description.toStdString());
        write(folder / file.toStdString(), content.toStdString());
        const auto read = core::readRowFile(folder / file.toStdString());
        VERIFY_RESULT(read);
        QCOMPARE(read->classNames, (std::vector<std::string>{"refund", "delivery"}));
        QVERIFY(join(read->notes).find("0 = refund, 1 = delivery.") != std::string::npos);
    }

    void otherDescriptionsNameClassesToo()
    {
        const TempFolder folder;
        const std::string features =
            R"({"text":{"dtype":"string","_type":"Value"},"label":{"num_classes":2,"names":["refund","delivery"],"_type":"ClassLabel"}})";
        write(folder / "a/dataset_infos.json", R"({"default":{"features":)" + features + "}}");
        write(folder / "b/dataset_info.json", R"({"features":)" + features + "}");
        for (const char *name : {"a", "b"}) {
            write(folder / name / "train.csv", "text,label\na,1\nb,0\n");
            const auto read = core::readRowFile(folder / name / "train.csv");
            VERIFY_RESULT(read);
            QCOMPARE(read->classNames, (std::vector<std::string>{"refund", "delivery"}));
        }
        // Names that are in the file already need no list, and a README of another kind says nothing.
        write(folder / "a/names.csv", "text,label\na,refund\nb,delivery\n");
        QVERIFY(core::readRowFile(folder / "a/names.csv")->classNames.empty());
        write(folder / "c/README.md", "---\ntitle: [\n---\n");
        write(folder / "c/train.csv", "text,label\na,1\n");
        QVERIFY(core::readRowFile(folder / "c/train.csv")->classNames.empty());
        // Aliases that unfold to more than anyone can read.
        std::string laughs = "---\ndataset_info:\n  features:\n  - &a0 [x]\n";
        for (int i = 1; i < 15; ++i) {
            const std::string before = "*a" + std::to_string(i - 1);
            laughs += "  - &a" + std::to_string(i) + " [" + before + "," + before + "," + before + "," + before + "," +
                      before + "]\n";
        }
        write(folder / "c/README.md", laughs + "---\n");
        QElapsedTimer timer;
        timer.start();
        QVERIFY(core::readRowFile(folder / "c/train.csv")->classNames.empty());
        QVERIFY(timer.elapsed() < 2'000);
    }

    void contentSaysWhatAFileIs_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("said");
        const auto add = [](const char *name, const std::string &bytes, const char *said) {
            QTest::newRow((std::string(name) + " " + said).c_str())
                << QByteArray(name) << QByteArray::fromStdString(bytes) << QByteArray(said);
        };
        const std::string html = "<html><body><p>Report</p><table><tr><th>text</th><th>label</th></tr><tr><td>late "
                                 "again</td><td>delivery</td></tr>"
                                 "<tr><td>money back</td><td>refund</td></tr></table></body></html>";
        const std::string book =
            makeXlsx("", "<row><c t=\"str\"><v>text</v></c><c t=\"str\"><v>label</v></c></row><row><c "
                         "t=\"str\"><v>late again</v></c><c t=\"str\"><v>delivery</v></c></row><row><c "
                         "t=\"str\"><v>money back</v></c><c t=\"str\"><v>refund</v></c></row>");
        std::string tabs = Rows;
        std::replace(tabs.begin(), tabs.end(), ',', '\t');
        std::string wide = "\xFF\xFE";
        for (const char c : html) {
            wide += c;
            wide += '\0';
        }
        add("a.xls", html, "HTML");
        add("b.xls", wide, "HTML");
        add("c.xls",
            "<table><tr><td>text</td><td>label</td></tr><tr><td>late again</td><td>delivery</td></tr><tr><td>money "
            "back</td><td>refund</td></tr></table>",
            "HTML");
        add("d.xls", tabs, "text table");
        add("e.xlsx", Rows, "text table");
        add("f.xls", book, ".xlsx");
        add("g.csv", book, ".xlsx");
        add("h.zip", book, ".xlsx");
        add("i.csv", makeZip({{"rows.csv", Rows}}), "zip");
        add("j.csv", html, "HTML");
        add("k.txt", "<!DOCTYPE html>" + html, "HTML");
        add("l", book, "");
        add("m", html, "");
        add("n.export", tabs, "");
        add("o.html", html, "");
    }
    void contentSaysWhatAFileIs()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, said);
        const auto file = readBytes(name.toStdString(), bytes.toStdString());
        VERIFY_RESULT(file);
        QCOMPARE(pairs(*file), Pairs);
        const std::string notes = join(file->notes);
        QCOMPARE(notes.find("is named") != std::string::npos, !said.isEmpty());
        QVERIFY2(notes.find(said.toStdString()) != std::string::npos, notes.c_str());
    }

    void documentsUnderAnotherNameAreRead()
    {
        const std::string html = "<html><body><p>hello</p><p>world</p></body></html>";
        for (const char *name : {"a.docx", "a.doc", "a.pdf"}) {
            const auto file = readBytes(name, html);
            QVERIFY2(file, name);
            QCOMPARE(texts(*file), (std::vector<std::string>{"hello", "world"}));
            QCOMPARE(file->notes.size(), size_t{1});
        }
        const auto word = readBytes("b.doc", makeDocx("<w:p><w:r><w:t>words</w:t></w:r></w:p>"));
        VERIFY_RESULT(word);
        QCOMPARE(texts(*word), (std::vector<std::string>{"words"}));
        const auto pdf = readBytes("c.docx", makePdf({"a page"}));
        VERIFY_RESULT(pdf);
        QCOMPARE(texts(*pdf), (std::vector<std::string>{"a page"}));
    }

    void textsThatBeginLikeOtherFilesAreTexts()
    {
        for (const auto &[name, bytes] :
             {std::pair("a.csv", "PAR1,label\nx,y\n"), std::pair("b.csv", "GIF8,label\nx,y\n"),
              std::pair("c.csv", "BZh,label\nx,y\n"), std::pair("d.tsv", "7z\tlabel\nx\ty\n"),
              std::pair("e.csv", "<table>,label\nx,y\n"), std::pair("f.csv", "From: me,Subject: you\nx,y\n")}) {
            const auto file = readBytes(name, bytes);
            QVERIFY2(file, (std::string(name) + problemOf(file)).c_str());
            QVERIFY2(file->records.size() == 1 && file->notes.empty(), name);
        }
    }

    void whatIsNotReadSaysWhy_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("word");
        const auto add = [](const char *name, const std::string &bytes, const char *word) {
            QTest::newRow((std::string(name) + " " + word).c_str())
                << QByteArray(name) << QByteArray::fromStdString(bytes) << QByteArray(word);
        };
        std::string ole = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(1528, '\0');
        const auto withStream = [&](const std::string &stream) {
            std::string bytes = ole;
            for (size_t i = 0; i < stream.size(); ++i)
                bytes[640 + 2 * i] = stream[i];
            return bytes;
        };
        add("a.doc", withStream("WordDocument"), ".docx");
        add("b.xls", withStream("WordDocument"), "Word");
        add("c.xlsx", withStream("EncryptedPackage"), "password");
        add("d.msg", withStream("__nameid_version1.0"), ".eml");
        add("e.rtf", "{\\rtf1 text}", ".docx");
        add("f.doc", "{\\rtf1 text}", "docx");
        add("g.csv", "{\\rtf1 text}", "Rich text");
        add("h.pkl", std::string("\x80\x04\x95\0\0", 5), "run code");
        add("i", std::string("\x80\x04\x95\0\0", 5), "run code");
        add("i2.csv", std::string("\x80\x04\x95\0\0", 5), "run code");
        add("j.db", std::string("SQLite format 3\0", 16), "Export");
        add("k.csv", std::string("SQLite format 3\0\0\1", 18), "Export");
        add("l.png", "\x89PNG\r\n\x1A\n", "Pictures");
        add("m.numbers", "x", "Export");
        add("n.7z", "7z\xBC\xAF\x27\x1C", "Unpack");
        add("o.pptx", makeZip({{"[Content_Types].xml", "presentationml.slideshow slide"}}), "Presentations");
        add("p.xlsx", officeFile("xl/workbook.bin", "x"), "xlsb");
        add("q.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS");
        add("r.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "Git LFS");
        add("s.pst", "x", "Outlook");
        add("t.xml", "<?xml version=\"1.0\"?><a/>", "XML");
        add("u.docx", "", "empty");
        add("v.pdf", std::string(4096, '\0'), "PDF");
        add("w.qqq", std::string("\1\2\3\4", 4), "kind");
    }
    void whatIsNotReadSaysWhy()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, word);
        const auto file = readBytes(name.toStdString(), bytes.toStdString());
        QVERIFY(!file);
        QVERIFY2(file.error().message.find(word.toStdString()) != std::string::npos, file.error().message.c_str());
    }

    void ofAFolderOnlyRowsAreTaken()
    {
        const TempFolder folder;
        const auto isPassedOver = [&](const std::string &name, const std::string &bytes) {
            write(folder / name, bytes);
            const auto reason = core::whyNotARowFile(folder / name);
            return reason && reason->ends_with('.') && !core::isRowFile(folder / name);
        };
        for (const char *name : {"README.md",
                                 "readme.txt",
                                 "README",
                                 "LICENSE",
                                 "LICENSE.txt",
                                 "COPYING",
                                 ".gitattributes",
                                 ".hidden.csv",
                                 "~$book.xlsx",
                                 ".~lock.book.ods#",
                                 "Thumbs.db",
                                 "a.png",
                                 "a.pkl",
                                 "a.py",
                                 "dataset_infos.json",
                                 "b.doc",
                                 "Makefile",
                                 ".git/config",
                                 "__MACOSX/._a.csv",
                                 "a.zzz",
                                 "a.tar.gz"})
            QVERIFY2(isPassedOver(name, "text"), name);
        QVERIFY(isPassedOver("binary", std::string("\1\2\3\4", 4)));
        QVERIFY(isPassedOver("nothing", ""));
        for (const char *name :
             {"a.csv", "a.JSONL", "a.xlsx", "a.xls", "a.ods", "a.csv.gz", "a.zip", "a.eml", "a.mbox", "a.html",
              "a.parquet", "1234", "notes", "mail.2024", "README for the data.csv", "state.json", "a.train"})
            QVERIFY2(!isPassedOver(name, "some text"), name);
    }
};

QTEST_GUILESS_MAIN(MoreFilesTest)
#include "tst_more_files.moc"
