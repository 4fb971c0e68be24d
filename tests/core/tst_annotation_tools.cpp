// SPDX-License-Identifier: Apache-2.0
// Exports of Argilla, doccano and other annotation tools.
#include "core/formats/annotation/annotations.h"
#include "core/formats/csv.h"
#include "core/formats/jsonl.h"
#include "tests/support/annotated_table.h"
#include "tests/support/record_text.h"
#include "tests/support/support.h"

using namespace support;
using namespace std::string_literals;
using nlohmann::ordered_json;

class AnnotationToolsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void argillaOne()
    {
        const auto file = core::readJsonRows(json(
            "[{'text':'a','inputs':{'text':'a'},'prediction':[['x',0.9]],'prediction_agent':'m','annotation':'delivery'"
            ",'annotation_agent':'p','multi_label':false,'id':'i1','status':'Validated','metadata':{'n':1}},\n"
            "{'text':'b','inputs':{'text':'b'},'prediction':[['x',0.9]],'annotation':null,'multi_label':false,'id':'i2'"
            ",'status':'Default'},\n"
            "{'text':'c','inputs':{'text':'c'},'prediction':null,'annotation':'refund','multi_label':false,'id':'i3','"
            "status':'Discarded'},\n"
            "{'text':null,'inputs':{'text':'d'},'prediction':null,'annotation':['refund'],'multi_label':false,'id':'i4'"
            ",'status':'Validated'}]"));
        QCOMPARE(labelsOf(file), "1 a = delivery, 2 b = -, 4 d = refund"s);
        QCOMPARE(rejectedOf(file), "3 a person discarded this row"s);
        const auto several = core::readJsonRows(
            json("[{'text':'a','prediction':null,'annotation':['x','y'],'multi_label':true,'status':'Validated'},\n"
                 "{'text':'b','prediction':null,'annotation':[],'multi_label':true,'status':'Validated'},\n"
                 "{'text':'c','prediction':null,'annotation':[],'multi_label':true,'status':'Default'}]"));
        QCOMPARE(labelsOf(several), json("1 a = ['x','y'], 2 b = [], 3 c = -"));
        const auto csv = table("text,prediction,annotation,annotation_agent,multi_label,status\n"
                               "a,,\"['x', 'y']\",p,True,Validated\nb,\"[('x', 0.9)]\",,,True,Default\n");
        QCOMPARE(labelsOf(csv), json("2 a = ['x','y'], 3 b = -"));
        const auto tokens = core::readJsonRows(json("{'text':'Ann','tokens':['Ann'],'annotation':[['PER',0,3]],'"
                                                    "annotation_agent':'p','prediction':null,'status':'Validated'}"));
        QVERIFY(tokens.records.empty() || tokens.records[0].fields["label"].is_null());
    }

    void argillaFeedback()
    {
        const auto file = core::readJsonRows(
            json("[{'text':'a','label':[{'user_id':'p','value':'delivery','status':'submitted'}],'label-suggestion':'x'"
                 ",'label-suggestion-metadata':{'agent':'m'},'external_id':'e1'},\n"
                 "{'text':'b','label':[{'user_id':'p','value':'refund','status':'discarded'}],'label-suggestion':'x','"
                 "external_id':'e2'},\n"
                 "{'text':'c','label':[{'user_id':'p','value':'refund','status':'draft'}],'label-suggestion':'x','"
                 "external_id':'e3'},\n"
                 "{'text':'d','label':[],'label-suggestion':'x','external_id':'e4'},\n"
                 "{'text':'e','label':[{'user_id':'p','value':'refund','status':'submitted'},{'user_id':'q','value':'"
                 "delivery','status':'submitted'}],'label-suggestion':null,'external_id':'e5'},\n"
                 "{'text':'f','label':{'user_id':['p','q','r'],'value':['refund','refund','delivery'],'status':['"
                 "submitted','submitted','submitted']},'label-suggestion':null,'external_id':'e6'}]"));
        QCOMPARE(labelsOf(file), "1 a = delivery, 3 c = -, 4 d = -, 6 f = refund"s);
        QCOMPARE(rejectedOf(file), json("2 a person discarded this row\n"
                                        "5 people disagree about it: 'delivery', 'refund'"));
        const auto records = core::readJsonRows(json(
            "[{'fields':{'text':'a'},'metadata':{},'responses':[{'user_id':'p','values':{'topic':{'value':'delivery'},'"
            "why':{'value':'slow'}},'status':'submitted'}],'suggestions':[{'question_name':'topic','value':'x'}],'"
            "external_id':'1'},\n"
            "{'fields':{'text':'b'},'responses':[{'user_id':'p','values':{},'status':'discarded'}],'suggestions':[]},\n"
            "{'fields':{'text':'c'},'responses':[],'suggestions':[{'question_name':'topic','value':'x'}]}]"));
        QCOMPARE(labelsOf(records), "1 a = delivery, 3 c = -"s);
        QCOMPARE(records.records[0].fields["why"], ordered_json("slow"));
        QCOMPARE(rejectedOf(records), "2 a person discarded this row"s);
    }

    void argillaTwo()
    {
        const auto flat = core::readJsonRows(
            json("[{'id':'1','status':'completed','_server_id':'s','text':'a','label.responses':['delivery'],'label."
                 "responses.users':['p'],'label.responses.status':['submitted'],'label.suggestion':'x','label."
                 "suggestion.score':0.5,'label.suggestion.agent':'m'},\n"
                 "{'id':'2','status':'pending','text':'b','label.responses':null,'label.responses.users':null,'label."
                 "responses.status':null,'label.suggestion':'x','label.suggestion.score':null,'label.suggestion.agent':"
                 "null},\n"
                 "{'id':'3','status':'completed','text':'c','label.responses':['refund'],'label.responses.users':['p'],"
                 "'label.responses.status':['discarded'],'label.suggestion':null},\n"
                 "{'id':'4','status':'pending','text':'d','label.responses':['refund'],'label.responses.users':['p'],'"
                 "label.responses.status':['draft'],'label.suggestion':null},\n"
                 "{'id':'5','status':'completed','text':'e','label.responses':['refund','delivery'],'label.responses."
                 "users':['p','q'],'label.responses.status':['submitted','submitted']}]"));
        QCOMPARE(labelsOf(flat), "1 a = delivery, 2 b = -, 4 d = -"s);
        QCOMPARE(rejectedOf(flat), json("3 a person discarded this row\n"
                                        "5 people disagree about it: 'delivery', 'refund'"));
        const auto nested =
            core::readJsonRows(json("[{'id':'1','fields':{'review':'a','title':'t'},'metadata':{},'suggestions':{'"
                                    "topic':{'value':'x','score':1,'agent':'m'}},'responses':{'topic':[{'value':['y','"
                                    "z'],'user_id':'p'}]},'vectors':{},'status':'completed','_server_id':'s'},\n"
                                    "{'id':'2','fields':{'review':'b','title':'u'},'suggestions':{'topic':{'value':'x'}"
                                    "},'responses':{},'status':'pending','_server_id':'s'}]"));
        QCOMPARE(labelsOf(nested), json("1 a = ['y','z'], 2 b = -"));
        QVERIFY(notesOf(nested).find("does not say which answers were submitted") != std::string::npos);
        const auto csv =
            table("id,text,label.responses,label.responses.status,label.suggestion,label.suggestion.score\n"
                  "1,a,['delivery'],['submitted'],x,0.5\n2,b,,,x,0.5\n");
        QCOMPARE(labelsOf(csv), "2 a = delivery, 3 b = -"s);
        // Suggestions alone: nobody has answered.
        const auto open =
            core::readJsonRows(json("{'id':'1','text':'a','label.suggestion':'x','label.suggestion.score':0.5}"));
        QCOMPARE(labelsOf(open), "1 a = -"s);
    }

    void doccanoLines()
    {
        const auto single = core::readJsonRows(json("{'id':1,'text':'a','label':['delivery'],'Comments':[]}\n"
                                                    "{'id':2,'text':'b','label':[],'Comments':['hm']}\n"));
        QCOMPARE(rowsOf(single), json("1 {'text':'a','label':'delivery','id':1}\n"
                                      "2 {'text':'b','label':null,'id':2,'Comments':['hm']}"));
        QVERIFY(notesOf(single).find("doccano") != std::string::npos);
        for (const std::string &text : std::vector<std::string>{
                 json("[{'id':1,'data':'a','label':['x']},{'id':2,'data':'b','label':[]}]"),
                 json("[{'id':1,'text':'a','label':['x']},{'id':2,'text':'b','label':[]}]"),
                 json("[{'id':1,'text':'a','meta':{},'annotation_approver':null,'labels':['x']},\n"
                      "{'id':2,'text':'b','meta':{},'annotation_approver':null,'labels':[]}]"),
                 json("[{'id':1,'text':'a','annotations':[{'label':'x','user':1}],'annotation_approver':null},\n"
                      "{'id':2,'text':'b','annotations':[],'annotation_approver':null}]"),
                 json("[{'id':1,'text':'a','cats':['x'],'entities':[],'Comments':[]},\n"
                      "{'id':2,'text':'b','cats':[],'entities':[[0,1,'e']],'Comments':[]}]")}) {
            const auto file = core::readJsonRows(text);
            if (text.find("cats") == std::string::npos)
                QCOMPARE(labelsOf(file), "1 a = x, 2 b = -"s);
            else
                QCOMPARE(labelsOf(file), "1 a = x"s);
        }
        const auto several = core::readJsonRows(json("{'id':1,'text':'a','label':['x','y'],'Comments':[]}\n"
                                                     "{'id':2,'text':'b','label':['x'],'Comments':[]}\n"));
        QCOMPARE(labelsOf(several), json("1 a = ['x','y'], 2 b = ['x']"));
        const auto numbers = core::readJsonRows(json(
            "{'id':1,'text':'a','annotations':[{'label':5,'id':1,'user':1,'document':1}],'annotation_approver':'p'}"));
        QCOMPARE(labelsOf(numbers), "1 a = 5"s);
        QVERIFY(notesOf(numbers).find("numbers only") != std::string::npos);
    }

    void doccanoPlacesAreNoLabels()
    {
        const auto spans = core::readJsonRows(json("{'id':1,'text':'Ann is here','label':[[0,3,'PER']]}\n"
                                                   "{'id':2,'text':'nobody','label':[]}\n"));
        QCOMPARE(rejectedOf(spans), "1 "s + Spans);
        const auto relations = core::readJsonRows(json("{'id':1,'text':'Ann','entities':[{'id':1,'label':'PER','start_"
                                                       "offset':0,'end_offset':3}],'relations':[],'Comments':[]}"));
        QCOMPARE(rejectedOf(relations), "1 "s + Spans);
    }

    void doccanoTables()
    {
        QCOMPARE(labelsOf(table("id,text,label\n1,a,refund#delivery\n2,b,delivery\n3,c,\n")),
                 json("2 a = ['refund','delivery'], 3 b = ['delivery'], 4 c = -"));
        QCOMPARE(labelsOf(table("id,data,label,Comments\n1,a,refund#delivery,\n")),
                 json("2 a = ['refund','delivery']"));
        for (const char *csv :
             {"id,text,label\n1,a,C#\n2,b,F#\n", "id,text,label\n1,a,ticket#1\n2,b,ticket#2\n",
              "id,text,label\n1,a,x\n2,b,y\n", "number,text,label\n1,a,x#y\n", "id,text,label\n1,a,x # y\n"})
            QCOMPARE(notesOf(table(csv)), ""s);
    }

    void otherTools_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QByteArray>("rejected");
        QTest::addColumn<QByteArray>("note");
        const auto row = [](const char *name, const std::string &text, const std::string &labels,
                            const std::string &rejected, const std::string &note) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray::fromStdString(labels)
                                << QByteArray::fromStdString(rejected) << QByteArray::fromStdString(note);
        };
        row("refinery",
            json("[{'running_id':'0','headline':'a','date':'d','headline__topic__MANUAL':'x','headline__topic__WEAK_"
                 "SUPERVISION':'y','headline__topic__WEAK_SUPERVISION__confidence':0.6},\n"
                 "{'running_id':'1','headline':'b','date':'d','headline__topic__MANUAL':null,'headline__topic__WEAK_"
                 "SUPERVISION':'y','headline__topic__WEAK_SUPERVISION__confidence':0.6}]"),
            "1 a = x, 2 b = -", "", "refinery");
        row("refinery, of the record", json("[{'running_id':'0','Text':'a','__CLASSIFICATION__MANUAL':'x'}]"),
            "1 a = x", "", json("'CLASSIFICATION'"));
        row("Labelbox",
            json("{'data_row':{'id':'1','external_id':'e1','row_data':'a'},'projects':{'p':{'labels':[{'annotations':{'"
                 "objects':[],'classifications':[{'name':'topic','value':'topic','radio_answer':{'name':'x','value':'x'"
                 "}},{'name':'tone','checklist_answers':[{'name':'u'},{'name':'v'}]}]}}]}}}\n"
                 "{'data_row':{'id':'2','row_data':'b'},'projects':{'p':{'labels':[]}}}\n"
                 "{'data_row':{'id':'3','row_data':'https://example.org/3.txt'},'projects':{'p':{'labels':[]}}}\n"
                 "{'data_row':{'id':'4','row_data':'d'},'projects':{'p':{'labels':[{'annotations':{'classifications':[{"
                 "'name':'topic','radio_answer':{'name':'x'}}]}},{'annotations':{'classifications':[{'name':'topic','"
                 "radio_answer':{'name':'y'}}]}}]}}}"),
            "1 a = x, 2 b = -",
            json("3 its text is at an address on the web, which is not opened\n"
                 "4 people disagree about it: 'x', 'y'"),
            "Labelbox");
        row("Labelbox, old",
            json("[{'ID':'1','Labeled "
                 "Data':'a','Label':{'objects':[],'classifications':[{'title':'topic','answer':{'title':'x'}}]},'"
                 "Skipped':false},\n"
                 "{'ID':'2','Labeled Data':'b','Label':{},'Skipped':true}]"),
            "1 a = x", "2 a person skipped this row", "Labelbox");
        row("LightTag",
            json("{'name':'t','examples':[{'example_id':'1','content':'a','seen_by':[{'annotator':'p'}],'"
                 "classifications':[{'classname':'x','annotated_by':[{'annotator':'p'},{'annotator':'q'}]}],'"
                 "annotations':[]},\n"
                 "{'example_id':'2','content':'b','seen_by':[],'classifications':[],'annotations':[]},\n"
                 "{'example_id':'3','content':'c','classifications':[{'classname':'x','annotated_by':[{'annotator':'p'}"
                 "]},{'classname':'y','annotated_by':[{'annotator':'q'}]}]},\n"
                 "{'example_id':'4','content':'d','classifications':[],'annotations':[{'tag':'t','start':0,'end':1}]}]"
                 "}"),
            "1 a = x, 2 b = -",
            json("3 people disagree about it: 'x', 'y'\n"
                 "4 it marks places within its text; only labels of whole texts can be learned"),
            "LightTag");
        row("UBIAI",
            json("[{'documentName':'1.txt','document':'a','tokens':[],'classifications':['x']},{'documentName':'2.txt',"
                 "'document':'b','tokens':[],'classifications':[]}]"),
            "1 a = x, 2 b = -", "", "UBIAI");
        row("Ground Truth",
            json("{'source':'a','job':0,'job-metadata':{'class-name':'x','human-annotated':'yes','type':'groundtruth/"
                 "text-classification'}}\n"
                 "{'source':'b','job':1,'job-metadata':{'class-name':'y','human-annotated':'no','type':'groundtruth/"
                 "text-classification'}}\n"
                 "{'source-ref':'s3://b/"
                 "c.txt','job':1,'job-metadata':{'class-name':'y','human-annotated':'yes','type':'groundtruth/"
                 "text-classification'}}"),
            "1 a = x, 2 b = -", "3 its text is in another file, which this one only names", "Ground Truth");
        row("Ground Truth, several",
            json("{'source':'a','job':[0,2],'job-metadata':{'class-map':{'0':'x','2':'z'},'human-annotated':'yes','"
                 "type':'groundtruth/text-classification-multilabel'}}"),
            json("1 a = ['x','z']"), "", "Ground Truth");
        row("Vertex",
            json("{'textContent':'a','classificationAnnotation':{'displayName':'x'},'dataItemResourceLabels':{'"
                 "aiplatform.googleapis.com/ml_use':'test'}}\n"
                 "{'textContent':'b'}\n"
                 "{'textGcsUri':'gs://b/c.txt','classificationAnnotation':{'displayName':'x'}}"),
            "1 a = x, 2 b = -", "3 its text is in another file, which this one only names", "Vertex");
        row("Vertex, several",
            json("{'textContent':'a','classificationAnnotations':[{'displayName':'x'},{'displayName':'y'}]}"),
            json("1 a = ['x','y']"), "", "Vertex");
        row("AutoML", json("{'textSnippet':{'content':'a'},'annotations':[{'display_name':'x'}]}"), "1 a = x", "",
            "Vertex");
        row("Kili",
            json("[{'externalId':'1','content':'a','labels':[{'labelType':'PREDICTION','jsonResponse':{'J':{'"
                 "categories':[{'name':'y'}]}}},{'labelType':'DEFAULT','isLatestLabelForUser':true,'jsonResponse':{'J':"
                 "{'categories':[{'name':'x','confidence':100}]}}}]},\n"
                 "{'externalId':'2','content':'b','labels':[]}]"),
            "1 a = x, 2 b = -", "", "Kili");
        row("spaCy", json("[['a',{'cats':{'x':1.0,'y':0.0}}],['b',{'cats':{'x':0,'y':1}}]]"), "1 a = x, 2 b = y", "",
            "spaCy");
        row("spaCy, several",
            json("{'text':'a','cats':{'x':1,'y':1}}\n"
                 "{'text':'b','cats':{'x':0,'y':0}}\n"
                 "{'text':'c','cats':{}}"),
            json("1 a = ['x','y'], 2 b = [], 3 c = -"), "", "spaCy");
        row("spaCy, places", json("[['Ann is here',{'entities':[[0,3,'PER']]}]]"), "",
            "1 it marks places within its text; only labels of whole texts can be learned", "spaCy");
    }
    void otherTools()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, labels);
        QFETCH(QByteArray, rejected);
        QFETCH(QByteArray, note);
        const auto file = core::readJsonRows(text.toStdString());
        QCOMPARE(labelsOf(file), labels.toStdString());
        QCOMPARE(rejectedOf(file), rejected.toStdString());
        QVERIFY2(notesOf(file).find(note.toStdString()) != std::string::npos, notesOf(file).c_str());
    }

    void otherFieldsOfToolsAreKept()
    {
        const auto vertex =
            core::readJsonRows(json("{'textContent':'a','classificationAnnotation':{'displayName':'x'},'"
                                    "dataItemResourceLabels':{'aiplatform.googleapis.com/ml_use':'test'}}"));
        QCOMPARE(rowsOf(vertex), json("1 {'text':'a','label':'x','split':'test'}"));
        const auto refinery =
            core::readJsonRows(json("[{'running_id':'0','body':'a','__topic__MANUAL':'x','__tone__MANUAL':'calm'}]"));
        QCOMPARE(rowsOf(refinery), json("1 {'text':'a','label':'x','running_id':'0','tone':'calm'}"));
    }
};

QTEST_GUILESS_MAIN(AnnotationToolsTest)
#include "tst_annotation_tools.moc"
