// SPDX-License-Identifier: Apache-2.0
// Addresses of services as people paste them: what is read from them, and that the service is found by them.
#include "core/teacher/chat_source.h"
#include "core/teacher/find_service.h"
#include "tests/support/fault_teacher.h"
#include "tests/support/support.h"

using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr const char *Tool = R"({"label": "tool"})";
constexpr const char *Key = "sk-canary-0123456789abcdef";

TeacherFault nothingThere(int status = 404, const char *body = R"({"detail":"Not Found"})")
{
    return {.status = status, .body = body};
}

}  // namespace

class ServiceAddressTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_files = 0;

    base::Result<core::ChatSource> open(const core::ChatChoice &choice, const std::filesystem::path &file)
    {
        return core::ChatSource::open(
            choice, {}, [] {}, file);
    }
    std::filesystem::path newFile() { return m_folder / std::to_string(m_files++) / "teachers.yaml"; }

private Q_SLOTS:
    void theLikeliestPlaceIsRead_data()
    {
        QTest::addColumn<QString>("first");
        const auto row = [](const char *pasted, const char *first) { QTest::newRow(pasted) << QString(first); };
        row("https://api.openai.com/v1", "https://api.openai.com/v1");
        row("api.openai.com", "https://api.openai.com/v1");
        row("API.OpenAI.com/v1/", "https://api.openai.com/v1");
        row("HTTPS://api.openai.com/v1/chat/completions", "https://api.openai.com/v1");
        row("https:/api.openai.com/v1", "https://api.openai.com/v1");
        row("https://api.openai.com/v1/models", "https://api.openai.com/v1");
        row("https://api.openai.com/v1/models/gpt-x", "https://api.openai.com/v1");
        row("https://api.openai.com/v1/completions", "https://api.openai.com/v1");
        row("https://api.openai.com/v1/responses?x=1#top", "https://api.openai.com/v1");
        row("  \"https://api.openai.com/v1\" ,", "https://api.openai.com/v1");
        row("\u201Chttps://api.openai.com/v1\u201D\u00A0", "https://api.openai.com/v1");
        row("<https://api.openai.com/v1>.", "https://api.openai.com/v1");
        row("OPENAI_BASE_URL=https://api.openai.com/v1", "https://api.openai.com/v1");
        row("base_url = 'https://api.openai.com/v1/'", "https://api.openai.com/v1");
        row("curl https://api.openai.com/v1/chat/completions \\\n -H \"Authorization: Bearer x\"",
            "https://api.openai.com/v1");
        row("POST https://api.openai.com//v1//chat/completions", "https://api.openai.com/v1");
        row("localhost:11434", "http://localhost:11434/v1");
        row("localhost", "http://localhost/v1");
        row("127.0.0.1:8080", "http://127.0.0.1:8080/v1");
        row("[::1]:8080/v1", "http://[::1]:8080/v1");
        row("0.0.0.0:8000", "http://127.0.0.1:8000/v1");
        row("http://localhost:11434/api/chat", "http://localhost:11434/v1");
        row("http://localhost:11434/api", "http://localhost:11434/v1");
        row("localhost:11434/api/generate", "http://localhost:11434/v1");
        row("localhost:1234/v1", "http://localhost:1234/v1");
        row("http://localhost:1234/api/v0/chat/completions", "http://localhost:1234/api/v0");
        row("http://localhost:8080/chat/completions", "http://localhost:8080");
        row("localhost:8000/docs", "http://localhost:8000/v1");
        row("gpu-box:8000", "http://gpu-box:8000/v1");
        row("192.168.1.20:11434", "http://192.168.1.20:11434/v1");
        row("llm.corp.internal:443", "https://llm.corp.internal:443/v1");
        row("openrouter.ai", "https://openrouter.ai/api/v1");
        row("https://openrouter.ai/api", "https://openrouter.ai/api/v1");
        row("https://openrouter.ai/api/v1/chat/completions", "https://openrouter.ai/api/v1");
        row("api.groq.com", "https://api.groq.com/openai/v1");
        row("https://api.groq.com/openai", "https://api.groq.com/openai/v1");
        row("https://api.mistral.ai", "https://api.mistral.ai/v1");
        row("https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta/openai");
        row("https://generativelanguage.googleapis.com/v1beta/openai/",
            "https://generativelanguage.googleapis.com/v1beta/openai");
        row("https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent?key=abc",
            "https://generativelanguage.googleapis.com/v1beta/openai");
        row("https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1");
        row("api.anthropic.com", "https://api.anthropic.com/v1");
        row("https://me.openai.azure.com/openai/deployments/sorter/chat/completions?api-version=2024-06-01",
            "https://me.openai.azure.com/openai/deployments/sorter?api-version=2024-06-01");
        row("https://me.openai.azure.com/openai/deployments/sorter",
            "https://me.openai.azure.com/openai/deployments/sorter?api-version=2024-10-21");
        row("https://me.openai.azure.com/", "https://me.openai.azure.com/openai/v1");
        row("https://me.openai.azure.com/openai/v1/", "https://me.openai.azure.com/openai/v1");
        row("https://me.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
            "https://me.services.ai.azure.com/models?api-version=2024-05-01-preview");
        row("https://x.example/inference/v1?session=3", "https://x.example/inference/v1");
        row("https://user:word@x.example/v1", "https://user:word@x.example/v1");
    }
    void theLikeliestPlaceIsRead()
    {
        QFETCH(QString, first);
        const auto read = core::readServiceAddress(QTest::currentDataTag());
        VERIFY_RESULT(read);
        QCOMPARE(QString::fromStdString(read->places.front()), first);
        QVERIFY(read->places.size() <= core::MostPlaces);
        // What was read is read the same again: it is kept in its place.
        const auto again = core::readServiceAddress(read->places.front());
        VERIFY_RESULT(again);
        QCOMPARE(QString::fromStdString(again->places.front()),
                 first.endsWith("localhost:8080") ? first + "/v1" : first);
    }

    void whatIsNoAddressIsSaid()
    {
        for (const char *odd :
             {"", " ", "\"\"", "openai", "not an address", "ftp://x.example/v1", "https://", "https:///v1",
              "http://x.example:0/v1", "http://x.example:99999", "localhost:many", "http://a^b/v1"}) {
            const auto read = core::readServiceAddress(odd);
            QVERIFY2(!read, odd);
            QVERIFY2(read.error().message.find("https://") != std::string::npos, odd);
        }
        core::ChatChoice choice;
        choice.address = "ftp://x.example";
        choice.model = "m";
        QVERIFY(choice.missing().find("ftp") != std::string::npos);
    }

    void plainHttpIsAskedForBeforeAnythingIsSent()
    {
        for (const char *plain : {"gpu-box:8000", "192.168.1.20:11434", "http://api.openai.com/v1", "x.example:80",
                                  "http://localhost.example/v1"}) {
            QVERIFY2(core::isPlainHttpElsewhere(plain), plain);
            core::ChatChoice choice;
            choice.address = plain;
            choice.model = "m";
            const auto source = open(choice, newFile());
            QVERIFY2(!source && source.error().message.find("unencrypted") != std::string::npos, plain);
        }
        for (const char *safe : {"api.openai.com", "localhost:1234", "0.0.0.0:8000", "127.0.0.2:80", "[::1]:8080"})
            QVERIFY2(!core::isPlainHttpElsewhere(safe), safe);
    }

    /// A service that answers at one path, found by what people paste of it.
    void aServiceIsFoundByWhatIsPasted_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("pasted");
        QTest::addColumn<int>("most");
        const auto row = [](const char *path, const char *pasted, int most) {
            QTest::addRow("%s by %s", path, pasted) << QString(path) << QString(pasted) << most;
        };
        for (const char *pasted : {"%1", "%1/", "%1/v1", "%1/v1/", "http://%1/v1/chat/completions", "%1/v1/models",
                                   "%1/v1/completions", " 'http://%1/v1?x=1' ", "%1/api/chat", "%1/api", "%1/api/tags"})
            row("/v1/chat/completions", pasted, 1);
        row("/v1/chat/completions", "%1/chat/completions", 2);
        row("/v1/chat/completions", "%1/openai/v1", 2);
        row("/chat/completions", "%1/chat/completions", 1);
        row("/chat/completions", "%1", 2);
        row("/api/v1/chat/completions", "%1/api/v1", 1);
        row("/api/v1/chat/completions", "%1/api", 2);
        row("/api/v1/chat/completions", "%1", 3);
        row("/api/v1/chat/completions", "%1/v1", 2);
        row("/openai/v1/chat/completions", "%1/openai", 1);
        row("/openai/v1/chat/completions", "%1/v1", 3);
        row("/v1beta/openai/chat/completions", "%1/v1beta", 1);
        row("/v1beta/openai/chat/completions", "%1/v1beta/models/x:generateContent", 1);
        row("/inference/chat/completions", "%1/inference", 1);
        row("/llm/v1/chat/completions", "%1/llm", 2);
        row("/api/v0/chat/completions", "%1/api/v0/chat/completions", 1);
        row("/ollama/v1/chat/completions", "%1/ollama/api/chat", 1);
    }
    void aServiceIsFoundByWhatIsPasted()
    {
        QFETCH(QString, path);
        QFETCH(QString, pasted);
        QFETCH(int, most);
        for (const TeacherFault &elsewhere :
             {nothingThere(), nothingThere(405, ""), nothingThere(200, "<!doctype html><p>Welcome</p>"),
              nothingThere(200, R"({"error":"Unexpected endpoint or method. (POST /x). Returning 200 anyway"})"),
              nothingThere(404, R"({"error":{"message":"Invalid URL: POST /v1/x"}})"),
              nothingThere(404, "404 page not found"), nothingThere(308, "")}) {
            FaultTeacher teacher;
            teacher.setPlace(path.toUtf8(), elsewhere);
            teacher.setAnswers([](const QByteArray &) { return QByteArray(Tool); });
            const QString host = QString(teacher.address()).section('/', 2, 2);
            core::ChatChoice choice;
            choice.address = pasted.arg(host).toStdString();
            choice.model = "teacher-1";
            choice.key = Key;
            const auto file = newFile();
            const auto source = open(choice, file);
            VERIFY_RESULT(source);
            QCOMPARE(teacher.requests(), most);
            QVERIFY(most <= 3);
            const QString place = QString("http://%1%2").arg(host, path.chopped(QString("/chat/completions").size()));
            QCOMPARE(QString::fromStdString(source->endpoint().address), place);
            // It is known the next time.
            VERIFY_RESULT(open(choice, file));
            QCOMPARE(teacher.requests(), most);
            QVERIFY(teacher.heads().constLast().contains(Key));
        }
    }

    void whatWasTriedStandsInTheError()
    {
        FaultTeacher teacher;
        teacher.setPlace("/somewhere/else", nothingThere());
        const QString host = QString(teacher.address()).section('/', 2, 2);
        core::ChatChoice choice;
        choice.address = "http://user:secret@" + host.toStdString() + "/llm?key=hidden";
        choice.model = "teacher-1";
        const auto source = open(choice, newFile());
        QVERIFY(!source);
        QCOMPARE(teacher.requests(), 3);
        const QString said = QString::fromStdString(source.error().message);
        for (const char *path : {"/llm/chat/completions", "/llm/v1/chat/completions", "/v1/chat/completions"})
            QVERIFY2(said.contains("http://" + host + path), qPrintable(said));
        QVERIFY2(!said.contains("secret") && !said.contains("hidden"), qPrintable(said));
    }

    /// The place is right, the model is not: no other place is tried.
    void aMissingModelIsNoWrongAddress()
    {
        for (
            const char *body :
            {R"({"error":{"message":"The model `teacher-1` does not exist","code":"model_not_found"}})",
             R"({"error":{"message":"model 'teacher-1' not found, try pulling it first"}})",
             R"({"type":"error","error":{"type":"not_found_error","message":"model: teacher-1"}})",
             R"({"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}})"}) {
            FaultTeacher teacher;
            teacher.setWeather([&](int, const QByteArray &) { return nothingThere(404, body); });
            core::ChatChoice choice;
            choice.address = QString(teacher.address()).section('/', 2, 2).toStdString();
            choice.model = "teacher-1";
            const auto source = open(choice, newFile());
            QVERIFY(!source);
            QCOMPARE(teacher.requests(), 1);
            QVERIFY2(source.error().message.find("no model \"teacher-1\"") != std::string::npos,
                     source.error().message.c_str());
        }
    }

    void azureWantsItsOwnHeader_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("pasted");
        QTest::addColumn<QString>("model");
        QTest::newRow("deployment") << "/openai/deployments/sorter/chat/completions"
                                    << "/openai/deployments/sorter/chat/completions?api-version=2024-06-01"
                                    << "sorter";
        QTest::newRow("deployment without version") << "/openai/deployments/sorter/chat/completions"
                                                    << "/openai/deployments/sorter"
                                                    << "sorter";
        QTest::newRow("newer") << "/openai/v1/chat/completions"
                               << "/openai/v1"
                               << "teacher-1";
        QTest::newRow("deployment of the newer") << "/openai/v1/chat/completions"
                                                 << "/openai/deployments/sorter"
                                                 << "sorter";
    }
    void azureWantsItsOwnHeader()
    {
        QFETCH(QString, path);
        QFETCH(QString, pasted);
        QFETCH(QString, model);
        FaultTeacher teacher;
        teacher.setPlace(path.toUtf8(),
                         nothingThere(404, R"({"error":{"code":"404","message":"Resource not found"}})"));
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Tool); });
        teacher.setWeather([&](int, const QByteArray &) {
            const QByteArray head = teacher.headOfLast().toLower();
            const bool isRight = head.contains(QByteArray("\r\napi-key: ") + Key);
            return isRight
                       ? TeacherFault()
                       : TeacherFault{
                             .status = 401,
                             .body =
                                 R"({"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}})"};
        });
        core::ChatChoice choice;
        choice.address = QString(teacher.address()).section('/', 0, 2).toStdString() + pasted.toStdString();
        choice.model = model == "sorter" ? "" : model.toStdString();
        choice.key = Key;
        QVERIFY2(choice.missing().empty(), choice.missing().c_str());
        const auto file = newFile();
        const auto source = open(choice, file);
        VERIFY_RESULT(source);
        QVERIFY(teacher.requests() <= 3);
        QCOMPARE(QString::fromStdString(source->endpoint().model), model);
        const int before = teacher.requests();
        const auto again = open(choice, file);
        VERIFY_RESULT(again);
        QCOMPARE(teacher.requests(), before);
        QVERIFY(again->endpoint().keyHeader == core::KeyHeader::ApiKey);
        if (path.contains("deployments"))
            QVERIFY(teacher.heads().constLast().contains("?api-version=2024-"));
        QVERIFY(read(file).find(Key) == std::string::npos);
    }

    /// A wrong key is asked about once, and the error says so.
    void aWrongKeyIsNotCarriedAround()
    {
        FaultTeacher teacher;
        teacher.setWeather([](int, const QByteArray &) { return TeacherFault{.status = 401, .body = "{}"}; });
        core::ChatChoice choice;
        choice.address = QString(teacher.address()).section('/', 2, 2).toStdString();
        choice.model = "teacher-1";
        choice.key = Key;
        const auto source = open(choice, newFile());
        QVERIFY(!source && source.error().message.find("does not accept the key") != std::string::npos);
        QCOMPARE(teacher.requests(), 1);
        // What it says is a sentence, before the next one.
        teacher.setWeather([](int, const QByteArray &) {
            return TeacherFault{.status = 401, .body = R"({"error":{"message":"Invalid API Key"}})"};
        });
        const auto again = open(choice, newFile());
        QVERIFY(!again);
        QVERIFY2(again.error().message.find("Invalid API Key. Tried: ") != std::string::npos,
                 again.error().message.c_str());
        // Anthropic says where it looks.
        teacher.setWeather([&](int, const QByteArray &) {
            return teacher.headOfLast().toLower().contains("x-api-key:")
                       ? TeacherFault()
                       : TeacherFault{.status = 401, .body = R"({"error":{"message":"x-api-key header is required"}})"};
        });
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Tool); });
        VERIFY_RESULT(open(choice, newFile()));
    }

    void nothingListensAtAUsualPort()
    {
        core::ChatChoice choice;
        choice.address = "localhost";
        choice.model = "teacher-1";
        const auto source = core::ChatSource::open(
            choice, {}, [] {}, newFile());
        QVERIFY(!source);
        QVERIFY2(source.error().message.find("11434 (Ollama)") != std::string::npos, source.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(ServiceAddressTest)
#include "tst_service_address.moc"
