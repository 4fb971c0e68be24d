// SPDX-License-Identifier: Apache-2.0
// What the command line says of a teacher over HTTP: what it learned of it, and what an ended run has cost.
#include "tests/support/cli.h"
#include "tests/support/mail_service.h"

using namespace support;

class CliTeacherTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();

    CliAnswer label(const core::Service &service, const FaultTeacher &teacher, const QStringList &more = {})
    {
        return runCli(QStringList{"label", argument(service.folder()), "--teacher", teacher.address(), "--model",
                                  "teacher-1", "--json"} +
                          more,
                      {}, m_environment);
    }

private Q_SLOTS:
    /// Nothing is remembered from elsewhere, or kept there.
    void initTestCase()
    {
        m_environment.insert("XDG_CACHE_HOME", argument(m_folder / "cache"));
        m_environment.insert("XDG_CONFIG_HOME", argument(m_folder / "config"));
        m_environment.insert("STILLROOM_TEACHER_KEY", "sk-1");
    }

    void whatIsLearnedOfAServiceIsSaid()
    {
        const auto service = makeMailService(m_folder, 4, 6);
        FaultTeacher teacher;
        teacher.setRules([](const QJsonObject &body, const QByteArray &) -> std::optional<TeacherFault> {
            if (!body.contains("max_tokens"))
                return std::nullopt;
            return TeacherFault{
                .status = 400,
                .body = R"({"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. )"
                        R"(Use 'max_completion_tokens' instead.","param":"max_tokens"}})"};
        });
        const auto done = label(service, teacher);
        QVERIFY2(done.code == 0, done.err.c_str());
        const auto learned = done.json()["learned"];
        QCOMPARE(learned.size(), size_t{1});
        QVERIFY2(learned[0].get<std::string>().find("max_completion_tokens") != std::string::npos, done.out.c_str());
        QVERIFY2(done.err.find(learned[0].get<std::string>()) != std::string::npos, done.err.c_str());
        QCOMPARE(done.json()["address"].get<std::string>(), teacher.address().toStdString());
        // The next run knows it.
        teacher.setRules({});
        const auto exam = runCli(
            {"exam", argument(service.folder()), "--teacher", teacher.address(), "--model", "teacher-1", "--json"}, {},
            m_environment);
        QVERIFY2(exam.code == 0, exam.err.c_str());
        QVERIFY(exam.json()["learned"].empty());
    }

    /// As the contract of the command line spells them.
    void teachersHaveOtherSpellings()
    {
        const auto service = makeMailService(m_folder, 4, 3);
        FaultTeacher teacher;
        const QStringList common{"label", argument(service.folder()), "--teacher-model", "teacher-1", "--json"};
        const auto done = runCli(common + QStringList{"--teacher-url", teacher.address()}, {}, m_environment);
        QVERIFY2(done.code == 0, done.err.c_str());
        QCOMPARE(done.json()["labelled"].get<int>(), 3);
        const auto both =
            runCli(common + QStringList{"--teacher-url", teacher.address(), "--teacher", "builtin"}, {}, m_environment);
        QCOMPARE(both.code, 2);
        const auto local =
            runCli({"exam", argument(service.folder()), "--teacher", "local:absent.gguf", "--json"}, {}, m_environment);
        QCOMPARE(local.code, 1);
        QVERIFY2(local.out.find("absent.gguf") != std::string::npos, local.out.c_str());
        QVERIFY2(local.out.find("local:") == std::string::npos, local.out.c_str());
        // The built-in one needs no model: it is not asked for.
        const auto builtIn =
            runCli({"exam", argument(service.folder()), "--teacher", "builtin", "--json"}, {}, m_environment);
        QVERIFY2(builtIn.out.find("--model") == std::string::npos, builtIn.out.c_str());
    }

    void anEndedRunSaysItsCost()
    {
        const auto service = makeMailService(m_folder, 4, 12);
        FaultTeacher teacher;
        teacher.setWeather([](int number, const QByteArray &) {
            return number > 6 ? TeacherFault{.status = 401, .body = R"({"error":{"message":"Your key was revoked"}})"}
                              : TeacherFault();
        });
        const QStringList prices{"--input-price", "10000", "--output-price", "10000", "--concurrency", "1"};
        const auto failed = label(service, teacher, prices);
        QVERIFY(failed.code != 0);
        const std::string message = failed.json()["error"]["message"].get<std::string>();
        QVERIFY2(message.find("kept, and costs nothing when you start again. It cost ") != std::string::npos,
                 message.c_str());
        // Nothing is lost, and the sum of both is what all of them cost.
        teacher.setWeather({});
        const auto rest = label(service, teacher, prices);
        QVERIFY2(rest.code == 0, rest.err.c_str());
        QVERIFY(rest.json()["known"].get<int>() > 0);
        QCOMPARE(rest.json()["labelled"].get<int>(), 12);
        const size_t at = message.find("It cost ") + 8;
        const double before = std::stod(message.substr(at));
        QVERIFY(std::abs(before - 0.23 * 6) < 1e-6);  // the questions that find out what it can do among them
    }
};

QTEST_GUILESS_MAIN(CliTeacherTest)
#include "tst_cli_teacher.moc"
