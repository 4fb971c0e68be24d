// SPDX-License-Identifier: Apache-2.0
// llama.cpp's server as a child process: it loads, crashes, ends, and is never left behind.
#include "core/tasks/exam_task.h"
#include "core/tasks/init_task.h"
#include "core/teacher/local_server.h"
#include "core/teacher/service_address.h"
#include "tests/support/cli.h"

#include <QElapsedTimer>
#include <QProcess>
#include <csignal>

using namespace support;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class LocalServerTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;
    int m_services = 0;

    fs::path makeService()
    {
        const std::string number = std::to_string(m_services++);
        const fs::path folder = m_folder / number, in = folder / "from";
        writeDistilFolder(in, 20);
        const auto made = core::initFromFolder(folder / "s", in, "s", {});
        if (!made)
            qFatal("%s", made.error().message.c_str());
        return folder / "s";
    }

private Q_SLOTS:
    void localServersLoadCrashAndEnd()
    {
        write(m_folder / "model.gguf", "GGUF and more");
        write(m_folder / "other.gguf", "PK and more");
        const auto run = [&](core::LocalServerOptions options) { return core::LocalServer::start(options, {}); };
        qputenv("STILLROOM_LLAMA_SERVER", "python3 " TESTS_FOLDER "/support/fake_llama_server.py");
        qputenv("FAKE_LLAMA_LOAD", "0.6");
        int looked = 0;
        auto server = core::LocalServer::start({.weights = m_folder / "model.gguf"}, {}, [&] { ++looked; });
        VERIFY_RESULT(server);
        QVERIFY(looked >= 2);
        QVERIFY(!core::isPlainHttpElsewhere((*server)->endpoint().address));
        // It crashes once, and the exam goes on.
        server->reset();
        qputenv("FAKE_LLAMA_LOAD", "0");
        qputenv("FAKE_LLAMA_CRASH_AFTER", "7");
        server = run({.weights = m_folder / "model.gguf"});
        VERIFY_RESULT(server);
        const auto service = core::Service::open(makeService());
        core::TeacherJob asked;
        asked.name = "local";
        asked.calls.limits.concurrency = 2;
        const auto exam = core::examine(*service, (*server)->endpoint(), asked, {});
        VERIFY_RESULT(exam);
        QCOMPARE(exam->counts.labelled, int64_t{40});
        QCOMPARE((*server)->restarts(), 1);
        const auto process = static_cast<pid_t>((*server)->processId());
        QCOMPARE(::kill(process, 0), 0);
        server->reset();
        QVERIFY(::kill(process, 0) != 0);
        qputenv("FAKE_LLAMA_EXIT", "1");
        const auto ended = run({.weights = m_folder / "model.gguf"});
        QVERIFY(!ended);
        QVERIFY(ended.error().message.find("ended while it loaded") != std::string::npos);
        qunsetenv("FAKE_LLAMA_EXIT");
        QVERIFY(run({.weights = m_folder / "other.gguf"}).error().code == base::ErrorCode::InvalidInput);
        QVERIFY(run({.weights = m_folder / "none.gguf"}).error().code == base::ErrorCode::NotFound);
        qputenv("FAKE_LLAMA_LOAD", "60");
        QVERIFY(!run({.weights = m_folder / "model.gguf", .longestLoad = 400ms}));
        std::stop_source stop;
        QElapsedTimer timer;
        timer.start();
        const auto stopped = core::LocalServer::start({.weights = m_folder / "model.gguf"}, {stop.get_token()},
                                                      [&] { stop.request_stop(); });
        QVERIFY(!stopped && stopped.error().code == base::ErrorCode::Cancelled);
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        qputenv("STILLROOM_LLAMA_SERVER", "/not/there");
        QVERIFY(!run({.weights = m_folder / "model.gguf"}));
    }

    /// The program is killed: its server does not stay behind.
    void killedProgramsLeaveNoServer()
    {
        write(m_folder / "killed.gguf", "GGUF");
        qputenv("STILLROOM_LLAMA_SERVER", "python3 " TESTS_FOLDER "/support/fake_llama_server.py");
        qputenv("FAKE_LLAMA_LOAD", "60");
        const auto service = makeService();
        QProcess cli;
        cli.start(CLI_PROGRAM, {"exam", argument(service), "--teacher", argument(m_folder / "killed.gguf")});
        const auto running = [] {
            for (const auto &entry : fs::directory_iterator("/proc")) {
                const std::string command = read(entry.path() / "cmdline");
                if (command.find("fake_llama_server") != std::string::npos &&
                    command.find("killed.gguf") != std::string::npos)
                    return true;
            }
            return false;
        };
        QTRY_VERIFY(running());
        cli.kill();
        cli.waitForFinished();
        QTRY_VERIFY(!running());
    }
};

QTEST_GUILESS_MAIN(LocalServerTest)
#include "tst_local_server.moc"
