// SPDX-License-Identifier: Apache-2.0
// Base weights fetched from a hub that breaks in every way that hubs have.
#include "core/base/appended_file.h"
#include "core/base/failpoint.h"
#include "core/catalogue/weights_download.h"
#include "core/engine/config/architecture_config.h"
#include "tests/support/cli.h"
#include "tests/support/fault_hub.h"

#include <QElapsedTimer>
#include <random>
#include <thread>

namespace fs = std::filesystem;
using base::ErrorCode;
using namespace std::chrono_literals;
using support::Fault;
using support::FaultHub;
using support::largeWeights;

namespace {

constexpr const char *Weights = "model.safetensors";

/// Of bytes sent twice: it begins anew.
constexpr qint64 AnyNumber = 2'000'000;

QByteArray goldenBytes(const std::string &name)
{
    return QByteArray::fromStdString(support::read(support::golden(name)));
}

}  // namespace

class DownloadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_stall = 20s;  // on a busy machine, too, only what stalls stalls
        m_cache = std::make_unique<support::TempFolder>();
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(m_cache->path().string()));
        m_hub = std::make_unique<FaultHub>();
        m_hub->setFile("config.json", goldenBytes("tiny_base/config.json"));
        m_hub->setFile("tokenizer.json", goldenBytes("tokenizers/roberta.json"));
        m_hub->setFile("README.md", "# not wanted");
        m_hub->setFile("1_Pooling/config.json", "{\"pooling_mode_cls_token\": true}");
        m_hub->setFile(Weights, largeWeights(300'000));
    }

    void cleanup()
    {
        qunsetenv("STILLROOM_FAILPOINT");
        base::armFailpoints();
    }

    void aFolderOfWeightsComes()
    {
        auto outcome = fetch();
        VERIFY_RESULT(outcome);
        QCOMPARE(outcome->commit, std::string(FaultHub::Commit));
        QCOMPARE(outcome->licence, std::string("apache-2.0"));
        QCOMPARE(outcome->fetchedBytes, outcome->bytes);
        QVERIFY(isWhole());
        QVERIFY(!fs::exists(outcome->folder / "README.md"));
        QVERIFY(!fs::exists(core::downloadFolder("weights")));
        QCOMPARE(core::findWeights("weights").value(), outcome->folder);
        QVERIFY(engine::readWeightsInfo(outcome->folder)->pooling == engine::Pooling::Cls);
        // A second call asks for the description alone.
        const auto before = m_hub->requests().size();
        auto again = fetch();
        VERIFY_RESULT(again);
        QCOMPARE(again->fetchedBytes, 0);
        QCOMPARE(m_hub->requests().size(), before + 1);
        VERIFY_RESULT(core::removeWeights("weights"));
        QVERIFY(!core::findWeights("weights"));
        QVERIFY(!core::removeWeights("weights"));
        QVERIFY(!core::removeWeights("../weights"));
    }

    void thePrefixComesAlong()
    {
        auto request = requestOf();
        request.source.textPrefix = "query: ";
        auto outcome = core::fetchWeights(request, {});
        VERIFY_RESULT(outcome);
        QCOMPARE(engine::readWeightsInfo(outcome->folder)->textPrefix, std::string("query: "));
    }

    void aNewStateReplacesTheOld()
    {
        VERIFY_RESULT(fetch());
        m_hub->setFile(Weights, largeWeights(310'000));
        m_hub->setCommit("1123456789abcdef0123456789abcdef01234567");
        auto outcome = fetch();
        VERIFY_RESULT(outcome);
        QVERIFY(isWhole());
        QVERIFY(outcome->commit.starts_with("11"));
    }

    void otherWeightsOfThatNameStay()
    {
        support::write(core::weightsFolder() / "weights/config.json", "{}");
        support::write(core::weightsFolder() / "weights/model.safetensors", "mine");
        const auto outcome = fetch();
        QVERIFY(!outcome && outcome.error().code == ErrorCode::AlreadyExists);
        QCOMPARE(support::read(core::weightsFolder() / "weights/model.safetensors"), std::string("mine"));
    }

    void aPinnedSumDecides()
    {
        auto request = requestOf();
        request.source.sha256 = std::string(64, 'a');
        const auto outcome = core::fetchWeights(request, {});
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Corrupt);
        QCOMPARE(m_hub->bytesSent(), 0);
    }

    void unusableWeightsAreRefusedBeforeTheyAreFetched()
    {
        m_hub->setFile("config.json", "{\"model_type\": \"gpt2\"}");
        const auto outcome = fetch();
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Unsupported);
        QVERIFY(outcome.error().message.find("gpt2") != std::string::npos);
        QCOMPARE(m_hub->requestsOf(Weights), 0);
    }

    void whatBreaksIsGoneOnFrom_data()
    {
        QTest::addColumn<QVector<Fault>>("faults");
        QTest::addColumn<qint64>("sentTwice");  // bytes at most
        const auto row = [](const char *name) -> QTestData & { return QTest::newRow(name); };
        // Qt itself asks again, from the same place, for an answer that it had not begun to read: once a cut.
        row("cut") << QVector<Fault>(4, {.cutAfter = 70'000}) << qint64{280'000};
        row("cut at once") << QVector<Fault>{{.cutAfter = 0}, {.cutAfter = 0}} << qint64{0};
        row("stalls") << QVector<Fault>{{.cutAfter = 100'000, .stalls = true}} << qint64{0};
        row("whole for a part") << QVector<Fault>{{.cutAfter = 100'000}, {.ignoresRange = true}} << AnyNumber;
        row("part from elsewhere") << QVector<Fault>{{.cutAfter = 100'000}, {.rangeShift = 10}} << AnyNumber;
        row("416") << QVector<Fault>{{.cutAfter = 100'000}, {.status = 416}} << AnyNumber;
        row("another ETag") << QVector<Fault>{{.cutAfter = 100'000}, {.header = "ETag: \"other\"\r\n"}} << AnyNumber;
        row("busy") << QVector<Fault>{{.status = 503}, {.status = 500}, {.status = 408}} << qint64{0};
        row("too many requests") << QVector<Fault>{{.status = 429, .header = "Retry-After: 1\r\n"}} << qint64{0};
        row("junk to wait for") << QVector<Fault>{{.status = 429, .header = "Retry-After: -7 apples\r\n"}} << qint64{0};
        row("a pointer once") << QVector<Fault>{{.body = "version https://git-lfs.github.com/spec/v1\noid sha256:1"}}
                              << qint64{400'000};  // too short, so its rest is asked for before the sum tells
        row("a page once") << QVector<Fault>{{.body = "<!DOCTYPE html>" + QByteArray(300'500, 'x')}} << qint64{400'000};
    }

    void whatBreaksIsGoneOnFrom()
    {
        QFETCH(QVector<Fault>, faults);
        QFETCH(qint64, sentTwice);
        m_hub->setFaults(Weights, faults);
        if (faults.first().stalls)
            m_stall = 500ms;
        auto outcome = fetch();
        VERIFY_RESULT(outcome);
        QVERIFY(isWhole());
        const auto requests = m_hub->requests();
        if (faults.first().cutAfter > 0 && faults.last().status == 0 && !faults.last().ignoresRange)
            QVERIFY(std::any_of(requests.begin(), requests.end(), [](const auto &asked) { return asked.first > 0; }));
        // What is here is not asked for again, unless it turned out to be something else. What was sent may be lost on
        // its way once where the machine is busy.
        qint64 from = 0;
        for (const auto &request : requests) {
            if (sentTwice < 300'000 && request.path.endsWith(Weights)) {
                QVERIFY(std::max(request.first, qint64{0}) >= from);
                from = std::max(request.first, from);
            }
        }
        const qint64 lost = std::max<qint64>(sentTwice, 310'000);
        QVERIFY2(m_hub->bytesSent() <= totalBytes() + lost, qPrintable(QString::number(m_hub->bytesSent())));
    }

    void whatIsWrongTwiceIsKeptAside_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        const qsizetype size = largeWeights(300'000).size();
        QTest::newRow("pointer") << QByteArray("version https://git-lfs.github.com/spec/v1\n").leftJustified(size, 'x')
                                 << "pointer of git-lfs";
        QTest::newRow("page") << QByteArray("<!DOCTYPE html><title>Log in</title>").leftJustified(size, 'x')
                              << "web page";
        QTest::newRow("bytes") << QByteArray(size, 'x') << "checksum";
    }

    void whatIsWrongTwiceIsKeptAside()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        m_hub->setFaults(Weights, {{.body = body}, {.body = body}, {.body = body}});
        const auto outcome = fetch();
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Corrupt);
        QVERIFY2(outcome.error().message.find(says.toStdString()) != std::string::npos,
                 outcome.error().message.c_str());
        QCOMPARE(m_hub->requestsOf(Weights), 2);
        QVERIFY(!fs::exists(core::weightsFolder() / "weights"));
        QCOMPARE(support::read(core::downloadFolder("weights") / "model.safetensors.wrong"), body.toStdString());
        // Later the hub is well again.
        m_hub->setFaults(Weights, {});
        VERIFY_RESULT(fetch());
        QVERIFY(isWhole());
    }

    void whatDoesNotHelpIsNotTriedAgain_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name) -> QTestData & { return QTest::newRow(name); };
        row("401") << Fault{.status = 401} << int(ErrorCode::InvalidInput);
        row("403") << Fault{.status = 403} << int(ErrorCode::InvalidInput);
        row("404") << Fault{.status = 404} << int(ErrorCode::NotFound);
        row("400") << Fault{.status = 400} << int(ErrorCode::Io);
        row("comes back tomorrow") << Fault{.status = 429, .header = "Retry-After: 80000\r\n"} << int(ErrorCode::Busy);
        row("sent to a file") << Fault{.status = 302, .header = "Location: file:///etc/passwd\r\n"}
                              << int(ErrorCode::Io);
        row("sent nowhere") << Fault{.status = 302, .header = "Location: http://\r\n"} << int(ErrorCode::Io);
    }

    void whatDoesNotHelpIsNotTriedAgain()
    {
        QFETCH(Fault, fault);
        QFETCH(int, code);
        m_hub->setFaults(Weights, {fault, fault});
        const auto outcome = fetch();
        QVERIFY(!outcome);
        QCOMPARE(int(outcome.error().code), code);
        QCOMPARE(m_hub->requestsOf(Weights), 1);
    }

    void circlesEnd()
    {
        m_hub->setFaults(Weights, QVector<Fault>(20, {.status = 302, .header = "Location: model.safetensors\r\n"}));
        const auto outcome = fetch();
        QVERIFY(!outcome && outcome.error().message.find("circles") != std::string::npos);
    }

    void patienceEnds()
    {
        m_hub->setFaults(Weights, QVector<Fault>(20, {.status = 503}));
        const auto outcome = fetch();
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Io);
        QCOMPARE(m_hub->requestsOf(Weights), 5);
        QVERIFY(fs::exists(core::downloadFolder("weights") / "tokenizer.json"));
    }

    void theTokenGoesToTheHubAlone()
    {
        FaultHub other;
        other.setFile(Weights, largeWeights(300'000));
        m_hub->redirectTo(other.address());
        auto request = requestOf();
        request.hub.token = "secret-token";
        VERIFY_RESULT(core::fetchWeights(request, {}));
        QVERIFY(isWhole());
        for (const auto &asked : m_hub->requests())
            QCOMPARE(asked.authorization, QByteArray("Bearer secret-token"));
        QCOMPARE(other.requests().size(), 1);
        QCOMPARE(other.requests().first().authorization, QByteArray());
    }

    void partsOfAnotherStateAreNotUsed()
    {
        m_hub->setFaults(Weights, QVector<Fault>{{.cutAfter = 100'000}} + QVector<Fault>(20, {.status = 404}));
        QVERIFY(!fetch());
        m_hub->setFaults(Weights, {});
        m_hub->setFile(Weights, largeWeights(320'000));
        m_hub->setCommit("1123456789abcdef0123456789abcdef01234567");
        const auto before = m_hub->requestsOf("tokenizer.json");
        VERIFY_RESULT(fetch());
        QVERIFY(isWhole());
        QCOMPARE(m_hub->requests().last().first, -1);
        QCOMPARE(m_hub->requestsOf("tokenizer.json"), before);  // the other files are kept
    }

    void aStopIsQuickAndKeepsThePart()
    {
        m_hub->setFile(Weights, largeWeights(5'000'000));
        m_hub->setPace(5'000);
        std::stop_source stop;
        QElapsedTimer sinceStop;
        std::jthread stopper([&] {
            waitForBytes(1'000'000);
            sinceStop.start();
            stop.request_stop();
        });
        base::WorkContext context;
        context.stop = stop.get_token();
        const auto outcome = core::fetchWeights(requestOf(), context);
        QVERIFY(sinceStop.elapsed() < 200);
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Cancelled);
        const auto sent = m_hub->bytesSent();
        m_hub->setPace(0);
        auto rest = fetch();
        VERIFY_RESULT(rest);
        QVERIFY(isWhole());
        QVERIFY(m_hub->bytesSent() - sent < 4'300'000);
    }

    void aFullDiskKeepsThePart()
    {
        m_hub->setFile(Weights, largeWeights(5'000'000));
        qputenv("STILLROOM_FAILPOINT", "file.write=enospc@8");
        base::armFailpoints();
        const auto outcome = fetch();
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().code == ErrorCode::DiskFull, outcome.error().message.c_str());
        QVERIFY(outcome.error().message.find("still missing") != std::string::npos);
        qunsetenv("STILLROOM_FAILPOINT");
        base::armFailpoints();
        auto rest = fetch();
        VERIFY_RESULT(rest);
        QVERIFY(isWhole());
        QVERIFY(rest->fetchedBytes < 5'000'000);
    }

    void onlyOneFetches()
    {
        m_hub->setFile(Weights, largeWeights(5'000'000));
        m_hub->setPace(5'000);
        std::stop_source stop;
        std::jthread second([&] {
            waitForBytes(500'000);
            const auto outcome = fetch();
            m_secondWasBusy = !outcome && outcome.error().code == ErrorCode::Busy;
            m_hub->setPace(0);
            stop.request_stop();
        });
        base::WorkContext context;
        context.stop = stop.get_token();
        QVERIFY(!core::fetchWeights(requestOf(), context));
        second.join();
        QVERIFY(m_secondWasBusy);
    }

    /// kill -9 at random times of a real process: each goes on from what the last one had.
    void killedAgainAndAgain()
    {
        constexpr int64_t Bytes = 6'000'000;
        m_hub->setFile(Weights, largeWeights(Bytes));
        m_hub->setPace(10'000);
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HF_ENDPOINT"), QString::fromLatin1(m_hub->address()));
        std::mt19937 random(5);
        int kills = 0;
        for (bool isWhole = false; !isWhole && kills < 100; ++kills) {
            const qint64 here = partSize();
            const auto asked = m_hub->requests().size();
            QProcess process;
            process.setProcessEnvironment(environment);
            process.start(QStringLiteral(CLI_PROGRAM),
                          {QStringLiteral("models"), QStringLiteral("fetch"), QStringLiteral("owner/weights")});
            QVERIFY(process.waitForStarted());
            // By what has come, not by time: on a busy machine a process begins late.
            const qint64 enough = m_hub->bytesSent() + 100'000 + static_cast<qint64>(random() % 300'000);
            while (m_hub->bytesSent() < enough && !process.waitForFinished(1)) {
            }
            process.kill();
            process.waitForFinished();
            isWhole = core::findWeights("weights").has_value();
            QVERIFY(isWhole || process.exitStatus() == QProcess::CrashExit);
            // Not a byte that is here is asked for again.
            const auto requests = m_hub->requests().mid(asked);
            for (const auto &request : requests) {
                if (request.path.endsWith(Weights))
                    QCOMPARE(std::max(request.first, qint64{0}), here);
            }
        }
        QVERIFY2(kills >= 12 && kills < 100, qPrintable(QString::number(kills)));
        QVERIFY(isWhole());
        // What was on its way when a process died; more on a busy machine.
        qInfo("%d kills, %lld bytes sent again a kill", kills, (m_hub->bytesSent() - totalBytes()) / kills);
    }

    /// The same at each step of putting files in their place.
    void killedAtEachStep()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HF_ENDPOINT"), QString::fromLatin1(m_hub->address()));
        const QStringList arguments{QStringLiteral("models"), QStringLiteral("fetch"), QStringLiteral("owner/weights")};
        int kills = 0;
        for (const char *place : {"file.open", "file.write", "file.sync", "file.rename.before", "file.rename.after",
                                  "folder.create", "folder.sync"}) {
            for (int pass = 1; pass < 12; ++pass) {
                environment.insert(QStringLiteral("STILLROOM_FAILPOINT"),
                                   QStringLiteral("%1=kill@%2").arg(QLatin1String(place)).arg(pass));
                if (support::runCli(arguments, {}, environment).code == 0)
                    break;  // the place is not passed so often
                ++kills;
                const auto found = core::findWeights("weights");
                QVERIFY2(!found || isWhole(), place);
            }
            environment.remove(QStringLiteral("STILLROOM_FAILPOINT"));
            const auto rest = support::runCli(arguments, {}, environment);
            QVERIFY2(rest.code == 0, rest.err.c_str());
            QVERIFY(isWhole());
            VERIFY_RESULT(core::removeWeights("weights"));
        }
        QVERIFY2(kills >= 20, qPrintable(QString::number(kills)));
    }

    void theCommandLineFetchesListsAndRemoves()
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HF_ENDPOINT"), QString::fromLatin1(m_hub->address()));
        const auto run = [&](const QStringList &words) {
            return support::runCli(QStringList{QStringLiteral("--json"), QStringLiteral("models")} + words, {},
                                   environment);
        };
        const auto fetched = run({QStringLiteral("fetch"), QStringLiteral("owner/weights"), QStringLiteral("--name"),
                                  QStringLiteral("mine")});
        QVERIFY2(fetched.code == 0, fetched.err.c_str());
        QCOMPARE(fetched.json()["name"], "mine");
        QCOMPARE(fetched.json()["commit"], FaultHub::Commit);
        const auto models = run({}).json()["models"];
        QVERIFY(std::any_of(models.begin(), models.end(),
                            [](const auto &entry) { return entry["name"] == "mine" && entry["here"] == true; }));
        QCOMPARE(run({QStringLiteral("remove"), QStringLiteral("mine")}).code, 0);
        QCOMPARE(run({QStringLiteral("remove"), QStringLiteral("mine")}).errorCode(), std::string("not_found"));
        QCOMPARE(run({QStringLiteral("fetch"), QStringLiteral("nonsense")}).errorCode(), std::string("invalid_input"));
        QCOMPARE(run({QStringLiteral("fetch"), QStringLiteral("owner/weights"), QStringLiteral("--name"),
                      QStringLiteral("../x")})
                     .errorCode(),
                 std::string("invalid_input"));
        QCOMPARE(run({QStringLiteral("fetch"), QStringLiteral("owner/weights"), QStringLiteral("--hub"),
                      QStringLiteral("nowhere")})
                     .errorCode(),
                 std::string("invalid_input"));
    }

private:
    [[nodiscard]] core::DownloadRequest requestOf() const
    {
        core::DownloadRequest request;
        request.source.hubId = "owner/weights";
        request.name = "weights";
        request.hub.address = m_hub->address().toStdString();
        request.hub.firstWait = 10ms;
        request.hub.longestWait = 40ms;
        request.hub.stall = m_stall;
        return request;
    }

    /// Of the weights that a killed process has left.
    [[nodiscard]] static qint64 partSize()
    {
        std::error_code code;
        for (const auto &entry : fs::directory_iterator(core::downloadFolder("weights"), code)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with(Weights) && name.ends_with(".part"))
                return static_cast<qint64>(entry.file_size());
        }
        return 0;
    }

    void waitForBytes(qint64 bytes) const
    {
        for (int i = 0; i < 4'000 && m_hub->bytesSent() < bytes; ++i)
            std::this_thread::sleep_for(5ms);
    }

    [[nodiscard]] base::Result<core::DownloadOutcome> fetch() const { return core::fetchWeights(requestOf(), {}); }

    [[nodiscard]] std::vector<QByteArray> wanted() const
    {
        return {"config.json", "tokenizer.json", "1_Pooling/config.json", Weights};
    }

    [[nodiscard]] bool isWhole() const
    {
        return std::ranges::all_of(wanted(), [&](const QByteArray &name) {
            return support::read(core::weightsFolder() / "weights" / name.toStdString()) ==
                   m_hub->file(name).toStdString();
        });
    }

    [[nodiscard]] qint64 totalBytes() const
    {
        qint64 bytes = 0;
        for (const QByteArray &name : wanted())
            bytes += m_hub->file(name).size();
        return bytes;
    }

    std::unique_ptr<support::TempFolder> m_cache;
    std::unique_ptr<FaultHub> m_hub;
    std::chrono::milliseconds m_stall{0};
    bool m_secondWasBusy = false;
};

QTEST_GUILESS_MAIN(DownloadTest)
#include "tst_download.moc"
