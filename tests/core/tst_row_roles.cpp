// SPDX-License-Identifier: Apache-2.0
// What columns mean: header lines as well-known data sets and tools have them, and what labels stand for.
#include "core/formats/csv.h"
#include "core/formats/jsonl.h"
#include "core/formats/label_text.h"
#include "core/formats/row_shapes.h"
#include "tests/support/support.h"

using namespace support;

namespace {

/// A header line and what stands below it, a letter a column: t a text, h a short head, l a class, i a small number,
/// b 0 or 1, n a number of its own, d a date, f a fraction, s a name of its own, c always the same, e nothing, u a
/// link, p train or test.
struct Header {
    const char *set;
    const char *names;
    const char *kinds;
    const char *text;   ///< its columns with +; "?" asked: no column is taken
    const char *label;  ///< "?" asked: the rows would come without a label, which is said
};

const Header Headers[] = {
    {"film reviews", "review,sentiment", "tl", "review", "sentiment"},
    {"short messages", "v1,v2,,,", "lteee", "v2", "v1"},
    {"news topics", "Class Index,Title,Description", "iht", "Title+Description", "Class Index"},
    {"bank questions", "text,category", "tl", "text", "category"},
    {"assistant", "text,intent", "tl", "text", "intent"},
    {"tweets, polarity", "target,ids,date,flag,user,text", "indcst", "text", "target"},
    {"tweets on airlines",
     "tweet_id,airline_sentiment,airline_sentiment_confidence,negativereason,airline,name,text,tweet_created",
     "nlfllstd", "text", "airline_sentiment"},
    {"emotions", "Text,Emotion", "tl", "Text", "Emotion"},
    {"toxic comments", "id,comment_text,toxic,severe_toxic,obscene,threat,insult,identity_hate", "stbbbbbb",
     "comment_text", "toxic+severe_toxic+obscene+threat+insult+identity_hate"},
    {"many emotions", "text,labels,id", "tis", "text", "labels"},
    {"question types", "label-coarse,label-fine,text", "iit", "text", "label-coarse"},
    {"ontology", "text,l1,l2,l3", "tlll", "text", "?"},
    {"sentences", "sentence,label", "tb", "sentence", "label"},
    {"inference", "premise,hypothesis,label", "ttl", "premise+hypothesis", "label"},
    {"duplicate questions", "id,qid1,qid2,question1,question2,is_duplicate", "nnnttb", "question1+question2",
     "is_duplicate"},
    {"finance", "Sentiment,News Headline", "lt", "News Headline", "Sentiment"},
    {"food reviews",
     "Id,ProductId,UserId,ProfileName,HelpfulnessNumerator,HelpfulnessDenominator,Score,Time,Summary,Text",
     "nsssiiinht", "Text", "Score"},
    {"business reviews", "review_id,user_id,business_id,stars,useful,funny,cool,text,date", "sssiiiitd", "text",
     "stars"},
    {"news categories", "link,headline,category,short_description,authors,date", "uhltsd", "headline+short_description",
     "category"},
    {"complaints",
     "Date received,Product,Sub-product,Issue,Consumer complaint narrative,Company,State,ZIP code,Complaint ID",
     "dllltslnn", "Consumer complaint narrative", "Product"},
    {"support tickets",
     "Ticket ID,Customer Name,Customer Email,Ticket Type,Ticket Subject,Ticket Description,Ticket Status", "nsslhtl",
     "Ticket Subject+Ticket Description", "Ticket Type"},
    {"numbers and names", "text,label,label_text", "til", "text", "label_text"},
    {"voice assistant", "id,locale,partition,scenario,intent,utt", "ncpllt", "utt", "intent"},
    {"customer service", "flags,instruction,category,intent,response", "lsllt", "instruction", "category"},
    {"hateful tweets", ",count,hate_speech,offensive_language,neither,class,tweet", "niiiiit", "tweet", "class"},
    {"offensive tweets", "id,tweet,subtask_a,subtask_b,subtask_c", "ntlll", "tweet", "?"},
    {"programmers' questions", "Id,Title,Body,Tags,CreationDate,Y", "nhtsdl", "Title+Body", "Y"},
    {"newsgroups", "text,target,title", "til", "text", "target"},
    {"broadcaster", "category,filename,title,content", "lsht", "title+content", "category"},
    {"fake news", "id,title,author,text,label", "nhstb", "text", "label"},
    {"sarcasm", "article_link,headline,is_sarcastic", "utb", "headline", "is_sarcastic"},
    {"insincere questions", "qid,question_text,target", "stb", "question_text", "target"},
    {"film phrases", "PhraseId,SentenceId,Phrase,Sentiment", "nnti", "Phrase", "Sentiment"},
    {"clothes", ",Clothing ID,Age,Title,Review Text,Rating,Recommended IND,Positive Feedback Count,Division Name",
     "nnihtibil", "Title+Review Text", "Rating"},
    {"restaurant", "Review,Liked", "tb", "Review", "Liked"},
    {"store reviews", "reviewer_id,store_name,review_time,review,rating", "ncdtl", "review", "rating"},
    {"resumes", "ID,Resume_str,Category", "ntl", "Resume_str", "Category"},
    {"languages", "Text,Language", "tl", "Text", "Language"},
    {"mails", "Category,Message", "lt", "Message", "Category"},
    {"company mails", ",label,text,label_num", "nltb", "text", "label"},
    {"songs", "artist,song,lyrics,genre", "sstl", "lyrics", "genre"},
    {"medicine", "condition_label,medical_abstract", "it", "medical_abstract", "condition_label"},
    {"dictations", ",description,medical_specialty,sample_name,transcription", "nhlst", "transcription",
     "medical_specialty"},
    {"disasters", "id,keyword,location,text,target", "nsstb", "text", "target"},
    {"films in French", "film-url,review,polarity", "utb", "review", "polarity"},
    {"Chinese reviews", "label,review", "bt", "review", "label"},
    {"German", "Nachricht;Kategorie", "tl", "Nachricht", "Kategorie"},
    {"German, long", "Lfd. Nr.;Eingangsdatum;Betreff;Beschreibung;Abteilung", "ndhtl", "Betreff+Beschreibung",
     "Abteilung"},
    {"French", "Texte;Étiquette", "tl", "Texte", "Étiquette"},
    {"Spanish", "Mensaje;Categoría", "tl", "Mensaje", "Categoría"},
    {"Portuguese", "texto,rótulo", "tl", "texto", "rótulo"},
    {"Russian", "текст,метка", "tl", "текст", "метка"},
    {"Chinese", "文本,标签", "tl", "文本", "标签"},
    {"Japanese", "本文,カテゴリ", "tl", "本文", "カテゴリ"},
    {"help desk", "Id,Subject,Description,Type,Status,Priority", "nhtlll", "Subject+Description", "Type"},
    {"issue tracker", "Summary,Issue key,Issue id,Issue Type,Status,Description", "hsnllt", "Summary+Description",
     "Issue Type"},
    {"code issues", "number,title,body,labels", "nhtl", "title+body", "labels"},
    {"form", "Timestamp,What can we do better?,Category", "dtl", "What can we do better?", "Category"},
    {"annotated", "id,data,label", "ntl", "data", "label"},
    {"distilled", "question,answer", "tl", "question", "answer"},
    {"completions", "prompt,completion", "tl", "prompt", "completion"},
    {"trainer", "text,target", "tl", "text", "target"},
    {"star ratings", "stars,text", "it", "text", "stars"},
    {"two texts", "left,right", "tt", "?", "?"},
};

std::string cellOf(char kind, int row)
{
    static const char *const classes[] = {"delivery", "refund", "question"};
    const std::string n = std::to_string(row);
    switch (kind) {
    case 't': return "This is what a person writes in case number " + n + " of the list";
    case 'h': return "About the case " + n;
    case 'l': return classes[row % 3];
    case 'i': return std::to_string(1 + row % 4);
    case 'b': return std::to_string(row % 2);
    case 'n': return std::to_string(1000 + row);
    case 'd': return "2024-01-" + std::to_string(10 + row);
    case 'f': return "0." + std::to_string(100 + row);
    case 's': return "person" + n;
    case 'c': return "NO_QUERY";
    case 'u': return "https://example.org/" + n;
    case 'p': return row % 4 == 0 ? "test" : "train";
    default: return {};
    }
}

core::RecordFile fileOf(const Header &header)
{
    const std::string names = header.names;
    const char separator = names.find(';') != std::string::npos ? ';' : ',';
    std::string table = names + "\n";
    for (int row = 0; row < 12; ++row) {
        for (size_t i = 0; header.kinds[i]; ++i)
            table += (i == 0 ? "" : std::string(1, separator)) + cellOf(header.kinds[i], row);
        table += "\n";
    }
    return core::parseCsv(table, core::detectDialect(table));
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : "+") + name;
    return text;
}

core::RecordFile lines(const char *text)
{
    return core::parseJsonRows(text);
}

}  // namespace

class RowRolesTest : public QObject {
    Q_OBJECT

private:
    /// Each row's labels, joined; "-" for none, "! reason" for a refusal.
    static QStringList labelsOf(const core::RecordFile &file, const core::ShapeHints &hints)
    {
        QStringList all;
        const auto roles = core::rolesOf(file, hints);
        if (!roles)
            return {"! " + QString::fromStdString(roles.error())};
        for (const auto &record : file.records) {
            const auto row = core::shapeRow(record, *roles);
            all << QString::fromStdString(!row              ? "! " + row.error()
                                          : row->isAnswered ? core::joinLabels(row->labels)
                                                            : "-");
        }
        return all;
    }

    static QString notesOf(const core::RecordFile &file, const core::ShapeHints &hints)
    {
        const auto roles = core::rolesOf(file, hints);
        QString all;
        for (const auto &note : roles ? roles->notes : std::vector<std::string>{roles.error()})
            all += QString::fromStdString(note) + "\n";
        return all;
    }

private Q_SLOTS:
    void headersOfWellKnownSets_data()
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < std::size(Headers); ++i)
            QTest::newRow(Headers[i].set) << static_cast<int>(i);
    }
    void headersOfWellKnownSets()
    {
        QFETCH(int, index);
        const Header &header = Headers[index];
        const auto file = fileOf(header);
        const auto roles = core::rolesOf(file, {});
        if (header.text == std::string("?")) {
            QVERIFY2(!roles, "no column is clearly the text");
            QVERIFY(roles.error().find("\"left\", \"right\"") != std::string::npos);
            return;
        }
        QVERIFY2(roles.has_value(), roles ? "" : roles.error().c_str());
        std::vector<std::string> texts;
        for (const auto &twins : roles->text)
            texts.push_back(twins.front());
        QCOMPARE(QString::fromStdString(joined(texts)), QString(header.text));
        if (header.label == std::string("?")) {
            QVERIFY(roles->layout == core::RowRoles::Layout::None);
            QVERIFY2(notesOf(file, {}).contains("come without one"), "it is said");
        } else {
            QCOMPARE(QString::fromStdString(joined(roles->label)), QString(header.label));
        }
    }

    /// What is looked at of a large file is not taken for all of it.
    void largeFilesAreJudgedAsSmallOnes()
    {
        std::string table = "left,middle,right\n";
        for (int row = 0; row < 12'000; ++row)
            table += cellOf('n', row) + "," + cellOf('t', row) + "," + cellOf('l', row) + "\n";
        const auto file = core::parseCsv(table);
        const auto roles = core::rolesOf(file, {});
        QVERIFY2(roles.has_value(), roles ? "" : roles.error().c_str());
        QCOMPARE(roles->text, (std::vector<core::RowRoles::Twins>{{"middle"}}));
        QCOMPARE(roles->label, (std::vector<std::string>{"right"}));
    }

    void valuesOfSplitsMayHaveAnotherWord()
    {
        const auto file = core::parseCsv("text,label,split\na,x,oos_train\nb,y,test set\nc,x,val\n");
        const auto roles = core::rolesOf(file, {});
        QCOMPARE(roles->split, std::string("split"));
        QVERIFY(core::shapeRow(file.records[0], *roles)->split == core::NamedSplit::Train);
        QVERIFY(core::shapeRow(file.records[1], *roles)->split == core::NamedSplit::Test);
        const auto other = core::parseCsv("text,label,split\na,x,banana\nb,y,split\n");
        QVERIFY(core::rolesOf(other, {})->split.empty());
    }

    void manyHeadersAreRead()
    {
        int read = 0, asked = 0;
        for (const Header &header : Headers)
            ++(header.text == std::string("?") || header.label == std::string("?") ? asked : read);
        qInfo("%d header lines: %d read, %d asked about", read + asked, read, asked);
        QVERIFY(read + asked >= 60);
    }

    void numbersAreNamesUnlessTheyArePlaces_data()
    {
        QTest::addColumn<QByteArray>("file");  // lines of JSON, or a table
        QTest::addColumn<QStringList>("classes");
        QTest::addColumn<QStringList>("labels");
        const auto table = [](const char *cells) {
            QByteArray text = "text,label\n";
            int i = 0;
            const auto all = QByteArray(cells).split(' ');
            for (const QByteArray &cell : all)
                text += "text number " + QByteArray::number(++i) + "," + cell + "\n";
            return text;
        };
        const auto json = [](const char *values) {
            QByteArray text;
            int i = 0;
            const auto all = QByteArray(values).split(' ');
            for (const QByteArray &value : all)
                text += "{\"text\":\"text number " + QByteArray::number(++i) + "\",\"label\":" + value + "}\n";
            return text;
        };
        using List = QStringList;
        QTest::newRow("a number that is no class")
            << table("0 1 5") << List{"1", "2", "3", "4", "5"} << List{"0", "1", "5"};
        QTest::newRow("zeros in front") << table("05 10 05") << List{"05", "10"} << List{"05", "10", "05"};
        QTest::newRow("zeros that were dropped") << table("1 2 3") << List{"01", "02", "03"} << List{"1", "2", "3"};
        QTest::newRow("from one") << table("1 2 3 4") << List{"World", "Sports", "Business", "Science"}
                                  << List{"1", "2", "3", "4"};
        QTest::newRow("from zero") << table("0 1 2 0") << List{"World", "Sports", "Business"}
                                   << List{"World", "Sports", "Business", "World"};
        QTest::newRow("one cell is no number") << table("0 1 many") << List{"a", "b"} << List{"0", "1", "many"};
        QTest::newRow("numbers in letters") << json("\"0\" \"1\"") << List{"a", "b"} << List{"0", "1"};
        QTest::newRow("integers") << json("0 1 1") << List{"a", "b"} << List{"a", "b", "b"};
        QTest::newRow("with a fraction behind") << json("1.0 0.0") << List{"a", "b"} << List{"b", "a"};
        QTest::newRow("fractions in a table") << table("1.0 2.0 1.0") << List{} << List{"1", "2", "1"};
        QTest::newRow("below zero") << json("-1 0 1") << List{"a", "b", "c"} << List{"-1", "0", "1"};
        QTest::newRow("yes is one") << table("1 0") << List{"yes", "no"} << List{"yes", "no"};
        QTest::newRow("no is zero") << table("1 0") << List{"no", "yes"} << List{"yes", "no"};
        QTest::newRow("the negative is zero, so it is asked")
            << table("1 0") << List{"positive", "negative"} << List{"1", "0"};
        QTest::newRow("true") << json("true false") << List{"True", "False"} << List{"True", "False"};
        QTest::newRow("true, in the other order")
            << json("true false") << List{"False", "True"} << List{"True", "False"};
        QTest::newRow("true in German") << json("true false") << List{"ja", "nein"} << List{"ja", "nein"};
        QTest::newRow("true as one") << json("true false") << List{"1", "0"} << List{"1", "0"};
        QTest::newRow("true without classes") << json("true false") << List{} << List{"true", "false"};
        QTest::newRow("true in a table") << table("TRUE FALSE True") << List{"True", "False"}
                                         << List{"True", "False", "True"};
        QTest::newRow("words that look like nothing")
            << table("NA None null nan N/A") << List{} << List{"NA", "None", "null", "nan", "N/A"};
    }
    void numbersAreNamesUnlessTheyArePlaces()
    {
        QFETCH(QByteArray, file);
        QFETCH(QStringList, classes);
        QFETCH(QStringList, labels);
        core::ShapeHints hints;
        for (const QString &name : classes)
            hints.classes.push_back(name.toStdString());
        const auto records = file.startsWith('{') ? lines(file.constData()) : core::parseCsv(file.toStdString());
        QCOMPARE(labelsOf(records, hints), labels);
    }

    void aBooleanThatNoClassMeansIsAsked()
    {
        const auto file = lines("{\"text\":\"a\",\"label\":true}\n{\"text\":\"b\",\"label\":false}\n");
        for (const auto &classes : {std::vector<std::string>{"spam", "ham"}, {"positive", "negative"}}) {
            core::ShapeHints hints{.classes = classes};
            const QStringList refused = labelsOf(file, hints);
            QVERIFY2(refused[0].startsWith("! ") && refused[0].contains("true"), qPrintable(refused[0]));
            hints.meaning = {{"true", classes[0]}, {"false", classes[1]}};
            QCOMPARE(labelsOf(file, hints),
                     (QStringList{QString::fromStdString(classes[0]), QString::fromStdString(classes[1])}));
        }
    }

    void theMappingIsSaidAndCanBeChosen()
    {
        const auto file = lines("{\"text\":\"a\",\"label\":0}\n{\"text\":\"b\",\"label\":1}\n");
        core::ShapeHints hints{.classes = {"refund", "delivery"}};
        QVERIFY(notesOf(file, hints).contains("0 = refund, 1 = delivery"));
        hints.numbers = core::NumberLabels::Names;
        QCOMPARE(labelsOf(file, hints), (QStringList{"0", "1"}));
        const auto fromOne = core::parseCsv("text,label\na,1\nb,2\n");
        hints.numbers = core::NumberLabels::Automatic;
        QVERIFY(notesOf(fromOne, hints).contains("1 = refund, 2 = delivery"));
        hints.numbers = core::NumberLabels::FromOne;
        QCOMPARE(labelsOf(fromOne, hints), (QStringList{"refund", "delivery"}));
        const core::ShapeHints zeros{.classes = {"01", "02"}, .numbers = core::NumberLabels::LostZeros};
        QCOMPARE(labelsOf(fromOne, zeros), (QStringList{"01", "02"}));
        QVERIFY(notesOf(fromOne, {.classes = {"01", "02"}}).contains("1 = 01, 2 = 02"));
    }

    void severalLabelsInACell_data()
    {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<QByteArray>("labels");  // joined; "!" refused
        const auto row = [](const char *cell, const char *labels) {
            QTest::newRow(cell) << QByteArray(cell) << QByteArray(labels);
        };
        row("['delivery', 'quality']", "delivery; quality");
        row("['delivery']", "delivery");
        row("[delivery, quality]", "delivery; quality");
        row("[\"delivery\",\"quality\",]", "delivery; quality");
        row("[\u201Cdelivery\u201D, \u201Cquality\u201D]", "delivery; quality");
        row("['delivery' 'quality']", "delivery; quality");
        row("{'delivery', 'quality'}", "delivery; quality");
        row("('delivery', 'quality')", "delivery; quality");
        row("['it\\'s late', \"don't know\"]", "it's late; don't know");
        row("['it's late', 'b']", "it's late; b");
        row("[]", "[]");
        row("[\"delivery\", \"qual", "!");
        row("['delivery", "!");
        row("delivery|quality", "delivery; quality");
        row("delivery#quality", "delivery; quality");
        row("delivery\u3001quality", "delivery; quality");
        row("delivery\uFF0Cquality", "delivery; quality");
        row("delivery, quality", "delivery; quality");
        row("C# and more", "C# and more");
        row("[x]", "[\"[x]\"]");
        row("a, b", "a, b");
    }
    void severalLabelsInACell()
    {
        QFETCH(QByteArray, cell);
        QFETCH(QByteArray, labels);
        core::RecordFile file;
        file.columns = {"text", "label"};
        file.records = {{2, {{"text", "t"}, {"label", cell.toStdString()}}}, {3, {{"text", "u"}, {"label", "other"}}}};
        const core::ShapeHints hints{.classes = {"delivery", "quality", "[x]"}, .takesSeveral = true};
        const QString first = labelsOf(file, hints).front();
        if (labels == "!")
            QVERIFY2(first.startsWith("! "), qPrintable(first));
        else
            QCOMPARE(first, QString::fromUtf8(labels));
    }

    void aColumnSaysThatItHoldsSeveral()
    {
        const auto rows = [](const char *first, const char *second) {
            return core::parseCsv(std::string("text,label\na,") + first + "\nb,refund\nc,delivery\nd," + second + "\n");
        };
        const auto bars = rows("delivery|refund", "");
        QVERIFY(core::hasSeveralLabels(bars, *core::rolesOf(bars, {})));
        const auto commas = rows("\"delivery, refund\"", "refund");
        QVERIFY(core::hasSeveralLabels(commas, *core::rolesOf(commas, {})));
        const auto names = rows("\"Billing, late\"", "\"Billing, late\"");
        QVERIFY2(!core::hasSeveralLabels(names, *core::rolesOf(names, {})), "its parts are no labels");
        const auto lists = core::parseCsv("text,label\na,\"['x', 'y']\"\nb,['x']\n");
        QCOMPARE(labelsOf(lists, {}), (QStringList{"x; y", "x"}));
    }

    void oneHotColumnsAreClasses()
    {
        const auto file = core::parseCsv("id,comment_text,toxic,insult,threat\n1,you are all so very bad,1,1,0\n"
                                         "2,have a nice day my friend,0,0,0\n3,I will come and find you,1,0,1\n");
        QCOMPARE(labelsOf(file, {}), (QStringList{"toxic; insult", "[]", "toxic; threat"}));
        QVERIFY(notesOf(file, {}).contains("read as classes"));
        const auto wide = core::parseCsv("text,label,f0,f1,f2\nsome words here,a,0,1,0\nmore words here,b,1,1,0\n");
        QCOMPARE(labelsOf(wide, {}), (QStringList{"a", "b"}));
        const auto numbered = core::parseCsv("text,label1,label2\nsome words here,a,b\nmore words here,b,\n");
        QCOMPARE(labelsOf(numbered, {}), (QStringList{"a; b", "b"}));
    }

    void columnsAreFoundByWhatPeopleType()
    {
        const auto file = core::parseCsv("Text,Label\nsome words here,a\nmore words here,b\n");
        QCOMPARE(labelsOf(file, {.textColumns = {"text"}, .labelColumns = {"LABEL"}}), (QStringList{"a", "b"}));
        const auto odd = core::parseCsv("a,b,Label\nfirst,second,x\nthird,fourth,y\n");
        QCOMPARE(labelsOf(odd, {.textColumns = {"a", "b"}}), (QStringList{"x", "y"}));
        const auto roles = core::rolesOf(odd, {.textColumns = {"a", "b"}});
        QCOMPARE(core::shapeRow(odd.records[0], *roles)->text, std::string("a: first\nb: second"));
        const auto none = core::rolesOf(odd, {.textColumns = {"c"}});
        QVERIFY(!none);
        QVERIFY(none.error().find("\"a\", \"b\", \"Label\"") != std::string::npos);
    }

    void aColumnOfClassNamesIsTheLabel()
    {
        const auto file = core::parseCsv("\"3\",\"Stocks fall\",\"Markets closed lower on Monday.\"\n"
                                         "\"4\",\"New chip\",\"A maker shows a faster chip, says the report.\"\n"
                                         "\"1\",\"Talks resume\",\"Both sides meet again after a year.\"\n");
        const auto roles = core::rolesOf(file, {.classes = {"1", "2", "3", "4"}});
        QVERIFY2(roles, roles ? "" : roles.error().c_str());
        QCOMPARE(roles->label, core::RowRoles::Twins{"column 1"});
        QVERIFY(core::rolesOf(file, {.classes = {"1", "2"}})->label.empty());
    }

    void aSecondColumnOfTheNameFillsGaps()
    {
        core::RecordFile file;
        file.columns = {"text", "label", "label (2)"};
        file.records = {{2, {{"text", "a"}, {"label", "x"}, {"label (2)", "y"}}},
                        {3, {{"text", "b"}, {"label", ""}, {"label (2)", "y"}}}};
        QCOMPARE(labelsOf(file, {}), (QStringList{"x", "y"}));
        QVERIFY(notesOf(file, {}).contains("2 columns are called \"label\""));
    }

    void splitAndOtherColumnsAreKept()
    {
        const auto file = core::parseCsv("ticket,text,label,split\n77,late again,a,train\n78,money back,b,test\n");
        const auto roles = core::rolesOf(file, {});
        QVERIFY(roles.has_value());
        const auto row = core::shapeRow(file.records[1], *roles);
        QVERIFY(row->split == core::NamedSplit::Test);
        QCOMPARE(row->extra, std::string(R"({"ticket":"78"})"));
        const auto own = core::parseCsv("id,text,label,split,provenance,source,comment,place,ticket\n"
                                        "5,late again,a,train,human,x.csv,,,77\n");
        const auto ownRow = core::shapeRow(own.records[0], *core::rolesOf(own, {}));
        QVERIFY(ownRow->id == 5);
        QCOMPARE(ownRow->extra, std::string(R"({"ticket":"77"})"));
    }

    void marksAroundLabelsGo()
    {
        const auto file = core::parseCsv("text,label\na, refund \nb,refund\xC2\xA0\nc,re\xE2\x80\x8B"
                                         "fund\n");
        QCOMPARE(labelsOf(file, {}), (QStringList{"refund", "refund", "refund"}));
    }
};

QTEST_GUILESS_MAIN(RowRolesTest)
#include "tst_row_roles.moc"
