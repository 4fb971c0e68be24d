// SPDX-License-Identifier: Apache-2.0
// Exports of Label Studio and Prodigy, what is none, and what is broken.
#include "core/formats/annotation/annotations.h"
#include "core/formats/csv.h"
#include "core/formats/jsonl.h"
#include "core/formats/row_file.h"
#include "tests/support/annotated_table.h"
#include "tests/support/record_text.h"
#include "tests/support/support.h"

#include <random>

using namespace support;
using namespace std::string_literals;
using nlohmann::ordered_json;

namespace {

/// A task of Label Studio with the choices of each person; "-" is an empty answer, "skip" a skipped one.
std::string task(int id, const std::string &text, const std::vector<std::string> &people)
{
    ordered_json annotations = ordered_json::array();
    for (const std::string &person : people) {
        ordered_json result = ordered_json::array();
        if (person != "-" && person != "skip") {
            ordered_json choices = ordered_json::array();
            std::stringstream stream(person);
            for (std::string choice; std::getline(stream, choice, '+');)
                choices.push_back(choice);
            result.push_back({{"value", {{"choices", choices}}},
                              {"id", "r1"},
                              {"from_name", "mood"},
                              {"to_name", "text"},
                              {"type", "choices"},
                              {"origin", "manual"}});
        }
        annotations.push_back({{"id", 100 + id},
                               {"completed_by", 1},
                               {"result", result},
                               {"was_cancelled", person == "skip"},
                               {"ground_truth", false}});
    }
    return ordered_json{{"id", id},
                        {"annotations", annotations},
                        {"file_upload", "a.csv"},
                        {"drafts", ordered_json::array()},
                        {"predictions", {{{"result", {{{"from_name", "mood"}, {"value", {{"choices", {"wrong"}}}}}}}}}},
                        {"data", {{"text", text}, {"ticket", "T" + std::to_string(id)}}}}
        .dump();
}

}  // namespace

class AnnotationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void labelStudioTasks()
    {
        const std::string tasks = "[" + task(1, "late again", {"delivery"}) + ",\n" +
                                  task(2, "money back", {"refund", "refund"}) + ",\n" +
                                  task(3, "nobody came to it", {}) + ",\n" + task(4, "submitted empty", {"-"}) + ",\n" +
                                  task(5, "skipped", {"skip"}) + ",\n" + task(6, "two people", {"refund", "delivery"}) +
                                  ",\n" + task(7, "three people", {"refund", "delivery", "refund"}) + ",\n" +
                                  task(8, "skipped by one", {"skip", "delivery"}) + "]";
        const auto file = core::readJsonRows(tasks);
        QCOMPARE(labelsOf(file),
                 "1 late again = delivery, 2 money back = refund, 3 nobody came to it = -, 4 submitted empty = "
                 "-, 7 three people = refund, 8 skipped by one = delivery"s);
        QCOMPARE(rejectedOf(file), json("5 a person skipped this row\n"
                                        "6 people disagree about it: 'delivery', 'refund'"));
        QCOMPARE(file.records[0].fields.dump(),
                 ordered_json({{"text", "late again"}, {"label", "delivery"}, {"id", 1}, {"ticket", "T1"}}).dump());
        const std::string notes = notesOf(file);
        QVERIFY2(notes.find("Label Studio") != std::string::npos && notes.find(json("'mood'")) != std::string::npos,
                 notes.c_str());
        QVERIFY2(notes.find("1 row has the label that most") != std::string::npos, notes.c_str());
        QCOMPARE(labelsOf(core::readJsonRows(task(1, "one task alone", {"delivery"}))), "1 one task alone = delivery"s);
    }

    void labelStudioWithSeveralChoicesAndQuestions()
    {
        const auto several = core::readJsonRows("[" + task(1, "both", {"refund+delivery", "delivery+refund"}) + "," +
                                                task(2, "one", {"refund"}) + "," + task(3, "none", {}) + "]");
        QCOMPARE(labelsOf(several), json("1 both = ['refund','delivery'], 2 one = ['refund'], 3 none = -"));
        // Version 0.x, a ground truth, other questions, a text under another name.
        const auto old = core::readJsonRows(
            json("[\n"
                 "{'id':1,'data':{'review':'late again','label':'old'},'completions':[\n"
                 "{'result':[{'from_name':'why','type':'textarea','value':{'text':['slow']}},\n"
                 "{'from_name':'stars','type':'rating','value':{'rating':2}},\n"
                 "{'from_name':'topic','type':'choices','value':{'choices':['delivery']}},\n"
                 "{'from_name':'tone','type':'choices','value':{'choices':['angry']}}]},\n"
                 "{'ground_truth':true,'result':[{'from_name':'topic','type':'choices','value':{'choices':['refund']}}]"
                 "}]},\n"
                 "{'id':2,'data':{'review':'skipped'},'completions':[{'skipped':true,'result':[]}]}]"));
        QCOMPARE(rowsOf(old), json("1 {'text':'late again','label':'refund','id':1,'label (2)':'old'}"));
        QCOMPARE(rejectedOf(old), "2 a person skipped this row"s);
        const auto questions =
            core::readJsonRows(json("[\n"
                                    "{'id':1,'data':{'text':'late again'},'annotations':[{'result':[\n"
                                    "{'from_name':'stars','type':'rating','value':{'rating':2}},\n"
                                    "{'from_name':'path','type':'taxonomy','value':{'taxonomy':[['a'],['a','b']]}},\n"
                                    "{'from_name':'topic','type':'choices','value':{'choices':['delivery']}}]}]}]"));
        QCOMPARE(rowsOf(questions),
                 json("1 {'text':'late again','label':'delivery','id':1,'path':['a','a / b'],'stars':'2'}"));
        QVERIFY(notesOf(questions).find(json("'path', 'stars'")) != std::string::npos);
        const auto rating = core::readJsonRows(json(
            "[{'id':1,'data':{'text':'a'},'annotations':[{'result':[{'from_name':'stars','value':{'rating':2}}]}]}]"));
        QCOMPARE(labelsOf(rating), "1 a = 2"s);
    }

    void labelStudioPlacesAreNoLabels()
    {
        const auto file = core::readJsonRows(
            json("[\n"
                 "{'id':1,'data':{'text':'Ann is here'},'annotations':[{'result':[\n"
                 "{'from_name':'l','type':'labels','value':{'start':0,'end':3,'text':'Ann','labels':['PER']}}]}]},\n"
                 "{'id':2,'data':{'text':'not labelled'},'annotations':[]}]"));
        QCOMPARE(labelsOf(file), "2 not labelled = -"s);
        QCOMPARE(rejectedOf(file), "1 "s + Spans);
    }

    void labelStudioMin()
    {
        const auto file = core::readJsonRows(
            json("[\n"
                 "{'text':'late "
                 "again','ticket':'T1','id':1,'mood':'delivery','annotator':1,'annotation_id':1,'created_at':'d','lead_"
                 "time':3.2},\n"
                 "{'text':'both','ticket':'T2','id':2,'mood':{'choices':['refund','delivery']},'annotator':1,'"
                 "annotation_id':2,'created_at':'d','lead_time':1},\n"
                 "{'text':'disputed','ticket':'T3','id':3,'mood':'refund','annotator':1,'annotation_id':3,'created_at':"
                 "'d','lead_time':1},\n"
                 "{'text':'disputed','ticket':'T3','id':3,'mood':'delivery','annotator':2,'annotation_id':4,'created_"
                 "at':'d','lead_time':1},\n"
                 "{'text':'agreed','ticket':'T4','id':4,'mood':'refund','annotator':1,'annotation_id':5,'created_at':'"
                 "d','lead_time':1},\n"
                 "{'text':'agreed','ticket':'T4','id':4,'mood':'refund','annotator':2,'annotation_id':6,'created_at':'"
                 "d','lead_time':1},\n"
                 "{'text':'not "
                 "chosen','ticket':'T5','id':5,'annotator':2,'annotation_id':7,'created_at':'d','lead_time':1}]"));
        QCOMPARE(labelsOf(file), json("1 late again = ['delivery'], 2 both = ['refund','delivery'], 5 agreed = "
                                      "['refund'], 7 not chosen = -"));
        QCOMPARE(rejectedOf(file), json("3 people disagree about it: 'delivery', 'refund'\n"
                                        "4 it is another answer to row 3, which counts once\n"
                                        "6 it is another answer to row 5, which counts once"));
        QCOMPARE(file.records[0].fields["ticket"], ordered_json("T1"));
    }

    void labelStudioTables()
    {
        const auto file =
            table(json("annotation_id,annotator,created_at,id,lead_time,text,tone,updated_at,was_cancelled\n"
                       "1,1,d,1,3.2,late again,delivery,d,False\n"
                       "2,1,d,2,3.1,both of it,'{''choices'': [''refund'', ''delivery'']}',d,False\n"
                       "3,1,d,3,3.1,skipped,,d,True\n"
                       "4,1,d,4,3.1,open,,d,False\n"));
        QCOMPARE(labelsOf(file), json("2 late again = ['delivery'], 3 both of it = ['refund','delivery'], 5 open = -"));
        QCOMPARE(rejectedOf(file), "4 a person skipped this row"s);
        QCOMPARE(file.columns.at(1), "label"s);
        const auto tabs = table("text\tid\tsentiment\tannotator\tannotation_id\nlate again\t1\tdelivery\t1\t1\n");
        QCOMPARE(labelsOf(tabs), "2 late again = delivery"s);
        const auto places = table(json("annotation_id,annotator,id,label,text\n"
                                       "1,1,1,'[{''start'':0,''end'':3,''labels'':[''PER'']}]',Ann is here\n"));
        QCOMPARE(rejectedOf(places), "2 "s + Spans);
    }

    void prodigyOneLabel()
    {
        const auto file = core::readJsonRows(
            json("{'text':'late again','label':'delivery','_input_hash':1,'_task_hash':2,'answer':'accept'}\n"
                 "{'text':'money back','label':'delivery','answer':'reject'}\n"
                 "{'text':'%%','label':'refund','answer':'ignore'}\n"
                 "{'text':'not answered','label':'refund','_task_hash':5}\n"));
        QCOMPARE(labelsOf(file), "1 late again = delivery, 4 not answered = -"s);
        QCOMPARE(rejectedOf(file), "2 a person rejected this label\n3 a person skipped this row"s);
        QVERIFY(notesOf(file).find("This is an export of Prodigy") == 0);
        const auto csv = table("text,label,answer\nlate again,delivery,accept\nmoney back,delivery,reject\n");
        QCOMPARE(labelsOf(csv), "2 late again = delivery"s);
        QCOMPARE(rejectedOf(csv), "3 a person rejected this label"s);
        // Two people, the same question.
        const auto people =
            core::readJsonRows(json("[{'text':'a','label':'x','_task_hash':1,'_annotator_id':'p','answer':'accept'},\n"
                                    "{'text':'a','label':'x','_task_hash':1,'_annotator_id':'q','answer':'reject'},\n"
                                    "{'text':'b','label':'x','_task_hash':2,'_annotator_id':'p','answer':'accept'},\n"
                                    "{'text':'b','label':'x','_task_hash':2,'_annotator_id':'q','answer':'accept'}]"));
        QCOMPARE(labelsOf(people), "3 b = x"s);
        QCOMPARE(people.rejections.size(), size_t{3});
        QCOMPARE(people.rejections[0].reason, "people disagree about it: some accepted this label, some rejected it"s);
    }

    void prodigyOptions()
    {
        const std::string options =
            json("'options':[{'id':'D','text':'Delivery'},{'id':'R','text':'Refund'},{'id':3,'text':'More'}]");
        const auto file =
            core::readJsonRows(json("[{'text':'a',") + options +
                               json(",'accept':['D'],'answer':'accept','config':{'choice_style':'single'}},") +
                               json("{'text':'b',") + options + json(",'accept':[3],'answer':'accept'},") +
                               json("{'text':'c',") + options + json(",'accept':[],'answer':'accept'},") +
                               json("{'text':'d',") + options + json(",'accept':['R'],'answer':'reject'},") +
                               json("{'text':'e',") + options + json(",'accept':['R'],'answer':'ignore'}]"));
        QCOMPARE(labelsOf(file), "1 a = D, 2 b = 3, 3 c = -"s);
        QCOMPARE(rejectedOf(file), "4 a person rejected this row\n5 a person skipped this row"s);
        const auto several =
            core::readJsonRows(json("[{'text':'a',") + options + json(",'accept':['D','R'],'answer':'accept'},") +
                               json("{'text':'b',") + options + json(",'accept':['R'],'answer':'accept'},") +
                               json("{'text':'c',") + options + json(",'accept':[],'answer':'accept'}]"));
        QCOMPARE(labelsOf(several), json("1 a = ['D','R'], 2 b = ['R'], 3 c = []"));
        const auto disputed = core::readJsonRows(
            json("[{'text':'a','accept':['D'],'answer':'accept','_input_hash':1,'_session_id':'p'},\n"
                 "{'text':'a','accept':['R'],'answer':'accept','_input_hash':1,'_session_id':'q'},\n"
                 "{'text':'b','accept':['R'],'answer':'accept','_input_hash':2,'_session_id':'p'}]"));
        QCOMPARE(labelsOf(disputed), "3 b = R"s);
    }

    void prodigyMapsAndPlaces()
    {
        const auto file = core::readJsonRows(json("[{'text':'a','cats':{'D':1.0,'R':0.0},'answer':'accept'},\n"
                                                  "{'text':'b','cats':{'D':true,'R':true},'answer':'accept'},{'text':'"
                                                  "c','cats':{'D':1.0},'answer':'reject'}]"));
        QCOMPARE(labelsOf(file), json("1 a = ['D'], 2 b = ['D','R']"));
        QCOMPARE(rejectedOf(file), "3 a person rejected this label"s);
        const auto places = core::readJsonRows(
            json("{'text':'Ann is "
                 "here','spans':[{'start':0,'end':3,'label':'PER'}],'answer':'accept','_view_id':'ner_manual'}"));
        QCOMPARE(rejectedOf(places), "1 "s + Spans);
    }

    void ordinaryFilesAreNoExports_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const std::string &text) {
            QTest::newRow(text.c_str()) << QByteArray::fromStdString(text);
        };
        row(json("[{'question':'Where is it?','answer':'delivery'}]"));
        row(json("[{'question':'May he come in?','answer':'accept'},{'question':'And she?','answer':'reject'}]"));
        row(json("[{'text':'May he come in?','answer':'accept'},{'text':'And she?','answer':'reject'}]"));
        row(json("[{'text':'a','label':'x','answer':'It is on its way.'}]"));
        row(json("[{'text':'a','label':'x','answer':'accept'},{'text':'b','label':'x','answer':'maybe'}]"));
        row(json("[{'text':'a','accept':['x']},{'text':'b','accept':[]}]"));
        row(json("[{'text':'a','annotation':'x'},{'text':'b','annotation':'y'}]"));
        row(json("[{'text':'a','annotation':'x','status':'open'}]"));
        row(json("[{'text':'a','annotations':'x','data':'d'}]"));
        row(json("[{'text':'a','annotations':[1,2],'data':{'n':1}}]"));
        row(json("[{'text':'a','label':['x','y']},{'text':'b','label':[]}]"));
        row(json(
            "[{'id':'7','text':'a','label':['x'],'split':'train'},{'id':'8','text':'b','label':[],'split':'train'}]"));
        row(json("[{'id':'u-1','text':'a','label':['x']},{'id':'u-2','text':'b','label':[]}]"));
        row(json("[{'id':1,'text':'a','label':'x','comments':'fine'}]"));
        row(json("[{'content':'a','labels':['x']}]"));
        row(json("[{'source':'web','text':'a','label':'x','text-metadata':{'n':1}}]"));
        row(json("[{'text':'a','responses':['b'],'status':'submitted'}]"));
        row(json("[{'fields':{'text':'a'},'label':'x'}]"));
        row(json("[{'document':'a','class':'x'}]"));
        row(json("[{'text':'a','cats':'x'},{'text':'b','cats':'y'}]"));
        row(json("[{'text':'a','cats':['x']}]"));
        row(json("[{'annotation_id':5,'text':'a','label':'x'}]"));
    }
    void ordinaryFilesAreNoExports()
    {
        QFETCH(QByteArray, text);
        auto file = core::parseJsonRows(text.toStdString());
        const std::string before = rowsOf(file);
        QVERIFY(!core::readAnnotations(file));
        QCOMPARE(rowsOf(file), before);
        QVERIFY(file.rejections.empty() && file.notes.empty());
    }

    void ordinaryTablesAreNoExports()
    {
        for (const char *csv :
             {"text,answer\nmay he?,accept\nmay she?,reject\n", "question,answer\nq,accept\n", "text,annotation\na,x\n",
              "text,accept\na,x\n", "id,text,label\n1,a,x\n2,b,y\n", "id,text,label,split\n1,a,[],train\n",
              "annotator,text,label\np,a,x\n", "text,label,status\na,x,Validated\n"})
            QVERIFY2(table(csv).notes.empty(), csv);
    }

    /// Exports with parts missing, of wrong types, and deep: whatever comes, nothing breaks, and no row

    /// vanishes.
    void malformedExportsNeverBreak()
    {
        const std::vector<std::string> exports{
            "[" + task(1, "a", {"x", "y"}) + "," + task(2, "b", {"skip"}) + "]",
            json("[{'text':'a','id':1,'mood':{'choices':['x','y']},'annotator':1,'annotation_id':2,'created_at':'d','"
                 "lead_time':1}]"),
            json("[{'text':'a','options':[{'id':'x','text':'X'}],'accept':['x'],'answer':'accept','_input_hash':1,'_"
                 "session_id':'p','config':{'choice_style':'multiple'}}]"),
            json("[{'text':'a','cats':{'x':1},'spans':[{'start':0,'end':1}],'answer':'accept'}]"),
            json("[{'text':'a','inputs':{'text':'a'},'prediction':[['x',1]],'annotation':['x'],'multi_label':true,'"
                 "status':'Validated'}]"),
            json("[{'text':'a','label':[{'user_id':'p','value':'x','status':'submitted'}],'label-suggestion':'x'}]"),
            json("[{'id':'1','fields':{'text':'a'},'responses':{'q':[{'value':'x','user_id':'p'}]},'suggestions':{'q':{"
                 "'value':'y'}},'_server_id':'s'}]"),
            json("[{'fields':{'text':'a'},'responses':[{'values':{'q':{'value':'x'}},'status':'submitted'}],'"
                 "suggestions':[{'question_name':'q'}]}]"),
            json(
                "[{'text':'a','label.responses':['x'],'label.responses.status':['submitted'],'label.suggestion':'y'}]"),
            json("[{'id':1,'text':'a','label':['x'],'Comments':[],'entities':[[0,1,'e']],'relations':[]}]"),
            json("[{'a':'t','a__q__MANUAL':'x','a__q__WEAK_SUPERVISION':'y'}]"),
            json("[{'data_row':{'id':'1','row_data':'a'},'projects':{'p':{'labels':[{'annotations':{'objects':[],'"
                 "classifications':[{'name':'q','radio_answer':{'name':'x'}}]}}]}}}]"),
            json("[{'content':'a','seen_by':[],'classifications':[{'classname':'x','annotated_by':[{'annotator':'p'}]}]"
                 "}]"),
            json("[{'documentName':'n','document':'a','tokens':[],'classifications':[{'name':'x'}]}]"),
            json("[{'source':'a','j':0,'j-metadata':{'class-name':'x','class-map':{'0':'x'},'type':'groundtruth/"
                 "text-classification'}}]"),
            json("[{'textContent':'a','classificationAnnotation':{'displayName':'x'},'sentimentAnnotation':{'sentiment'"
                 ":1}}]"),
            json("[{'content':'a','labels':[{'labelType':'DEFAULT','jsonResponse':{'J':{'categories':[{'name':'x'}]}}}]"
                 "}]"),
            json("[['a',{'cats':{'x':1.0}}]]")};
        const std::vector<std::string> wrong{"null",     "1",
                                             json("''"), "[]",
                                             "{}",       "[null]",
                                             "[[[]]]",   json("{'a':{'a':[{}]}}"),
                                             "true",     json("[{'value':{}}]")};
        std::mt19937 random(11);
        for (const std::string &text : exports) {
            QVERIFY2(notesOf(core::readJsonRows(text)).find("export") != std::string::npos ||
                         notesOf(core::readJsonRows(text)).find("This is") != std::string::npos,
                     text.c_str());
            for (int round = 0; round < 1500; ++round) {
                // Replaces the value at one or two paths.
                ordered_json document = ordered_json::parse(text);
                for (unsigned changes = 1 + static_cast<unsigned>(random() % 2); changes > 0; --changes) {
                    ordered_json *place = &document;
                    while (place->is_structured() && !place->empty() && random() % 5 != 0) {
                        auto next = place->begin();
                        std::advance(next, static_cast<long>(random() % place->size()));
                        place = &*next;
                    }
                    *place = ordered_json::parse(wrong[random() % wrong.size()]);
                }
                const auto before = core::parseJsonRows(document.dump());
                auto file = before;
                core::readAnnotations(file);
                QCOMPARE(file.records.size() + file.rejections.size(),
                         before.records.size() + before.rejections.size());
                for (const auto &record : file.records)
                    QVERIFY(record.fields.is_object());
                static_cast<void>(core::readJsonRows(document.dump()));
            }
        }
    }

    void exportsAreReadFromFiles()
    {
        const TempFolder folder;
        write(folder / "tasks.json", "[" + task(1, "late again", {"delivery"}) + "]");
        write(folder / "tasks.csv",
              "annotation_id,annotator,id,lead_time,sentiment,text\n1,1,1,3,delivery,late again\n");
        write(folder / "answers.txt", json("{'text':'late again','label':'delivery','answer':'accept'}\n"
                                           "{'text':'money back','label':'delivery','answer':'reject'}\n"));
        for (const char *name : {"tasks.json", "tasks.csv", "answers.txt"}) {
            const auto file = core::readRowFile(folder / name);
            VERIFY_RESULT(file);
            QCOMPARE(file->records.size(), size_t{1});
            QCOMPARE(file->records[0].fields["label"], ordered_json("delivery"));
            QVERIFY(!file->notes.empty());
        }
    }
};

QTEST_GUILESS_MAIN(AnnotationTest)
#include "tst_annotation.moc"
