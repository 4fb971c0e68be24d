// SPDX-License-Identifier: Apache-2.0
// Proxies and certificates: real ones on this machine, with certificates made for the test, and what is said where they
// fail.
#include "core/network/proxy_choice.h"
#include "core/network/trusted_authorities.h"
#include "core/teacher/chat_source.h"
#include "tests/support/fault_teacher.h"
#include "tests/support/loopback_proxy.h"
#include "tests/support/support.h"

#include <QProcess>

using namespace support;
using namespace std::chrono_literals;

namespace {

const core::HttpTimeouts Soon{1500ms, 2000ms, 2000ms, 5000ms};
constexpr const char *Tool = R"({"label": "tool"})";
constexpr const char *Variables[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY",
                                     "all_proxy",   "ALL_PROXY",   "no_proxy",   "NO_PROXY"};

QString said(const base::Result<core::Capabilities> &found)
{
    return found ? QString() : QString::fromStdString(found.error().message);
}

}  // namespace

class NetworkWaysTest : public QObject {
    Q_OBJECT

private:
    TempFolder m_folder;

    void run(const QStringList &arguments) const
    {
        QProcess openssl;
        openssl.setWorkingDirectory(QString::fromStdString(m_folder.path().string()));
        openssl.start("openssl", arguments);
        QVERIFY2(openssl.waitForFinished(60'000) && openssl.exitCode() == 0, openssl.readAllStandardError());
    }
    [[nodiscard]] QString at(const QString &name) const
    {
        return QString::fromStdString((m_folder / name.toStdString()).string());
    }
    /// NAME.pem and NAME.key, signed by the company's authority; `days` 0: it ended long ago.
    void makeCertificate(const QString &name, const QString &alternative, bool isOver = false) const
    {
        run({"req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj",
             "/CN=" + name});
        write(m_folder / (name.toStdString() + ".ext"), "subjectAltName=" + alternative.toStdString() + "\n");
        if (!isOver)
            return run({"x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                        "-days", "30", "-extfile", name + ".ext", "-out", name + ".pem"});
        write(m_folder / "ca.cnf",
              "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
              "policy=p\nunique_subject=no\n[p]\ncommonName=supplied\n");
        write(m_folder / "index.txt", "");
        write(m_folder / "serial", "0A\n");
        run({"ca", "-batch", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key", "-startdate",
             "20200101000000Z", "-enddate", "20200201000000Z", "-extfile", name + ".ext", "-in", name + ".csr", "-out",
             name + ".pem"});
    }
    static core::ChatEndpoint endpoint(const QByteArray &address)
    {
        return {address.toStdString(), "teacher-1", "sk-canary-0123456789abcdef"};
    }
    /// "https://teacher.test:PORT/v1", which only the proxy can reach.
    static QByteArray behind(const FaultTeacher &teacher)
    {
        return teacher.address().replace("127.0.0.1", "teacher.test");
    }

private Q_SLOTS:
    void initTestCase()
    {
        run({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
             "-subj", "/CN=Company Authority", "-addext", "basicConstraints=critical,CA:TRUE"});
        makeCertificate("good", "IP:127.0.0.1,DNS:teacher.test");
        makeCertificate("other", "DNS:elsewhere.example");
        makeCertificate("over", "IP:127.0.0.1", true);
        run({"x509", "-in", "ca.pem", "-outform", "der", "-out", "ca.der"});
    }
    void init()
    {
        for (const char *name : Variables)
            qunsetenv(name);
        VERIFY_RESULT(core::useAuthoritiesOf({}));
    }
    void cleanupTestCase() { init(); }

    void variablesChooseTheProxy_data()
    {
        QTest::addColumn<QStringList>("set");
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("proxy");
        using L = QStringList;
        const auto row = [](const char *name, L set, const char *url, const char *proxy) {
            QTest::newRow(name) << set << QString(url) << QString(proxy);
        };
        row("none", {}, "https://a.example/v1", "");
        row("https", {"HTTPS_PROXY=http://p.example:3128"}, "https://a.example/v1", "p.example:3128");
        row("small letters first", {"HTTPS_PROXY=http://no:1", "https_proxy=http://p.example:3128"},
            "https://a.example/", "p.example:3128");
        row("no scheme", {"HTTPS_PROXY=p.example:3128"}, "https://a.example/v1", "p.example:3128");
        row("no port", {"HTTPS_PROXY=http://p.example"}, "https://a.example/v1", "p.example:8080");
        row("of the other scheme", {"HTTP_PROXY=http://p.example:3128"}, "https://a.example/v1", "");
        row("http", {"HTTP_PROXY=http://p.example:3128"}, "http://a.example/v1", "p.example:3128");
        row("all", {"ALL_PROXY=socks5h://p.example"}, "https://a.example/v1", "p.example:1080");
        row("own before all", {"ALL_PROXY=socks5://q:1", "HTTPS_PROXY=http://p.example:3128"}, "https://a.example/",
            "p.example:3128");
        row("this machine", {"HTTP_PROXY=http://p.example:3128"}, "http://127.0.0.1:11434/v1", "");
        row("this machine by name", {"ALL_PROXY=http://p.example:3128"}, "http://localhost:11434/v1", "");
        row("this machine, IPv6", {"ALL_PROXY=http://p.example:3128"}, "http://[::1]:11434/v1", "");
        row("name and password", {"HTTPS_PROXY=http://me:p%40ss@p.example:3128"}, "https://a.example/",
            "p.example:3128");
        row("left out", {"HTTPS_PROXY=p:1", "NO_PROXY=b.example, a.example"}, "https://a.example/v1", "");
        row("below what is left out", {"HTTPS_PROXY=p:1", "no_proxy=.example"}, "https://a.example/v1", "");
        row("not just the same end", {"HTTPS_PROXY=p:1", "NO_PROXY=a.example"}, "https://banana.example/v1", "p:1");
        row("with a star", {"HTTPS_PROXY=p:1", "NO_PROXY=*.example"}, "https://a.example/v1", "");
        row("all left out", {"HTTPS_PROXY=p:1", "NO_PROXY=*"}, "https://a.example/v1", "");
        row("a port", {"HTTPS_PROXY=p:1", "NO_PROXY=a.example:8443"}, "https://a.example/v1", "p:1");
        row("the port", {"HTTPS_PROXY=p:1", "NO_PROXY=a.example:8443"}, "https://a.example:8443/v1", "");
        row("a network", {"HTTP_PROXY=p:1", "NO_PROXY=10.0.0.0/8"}, "http://10.3.4.5:8000/v1", "");
        row("another network", {"HTTP_PROXY=p:1", "NO_PROXY=10.0.0.0/8"}, "http://11.3.4.5:8000/v1", "p:1");
        row("an IPv6 address", {"HTTP_PROXY=p:1", "NO_PROXY=[fd00::7]:8000"}, "http://[fd00::7]:8000/v1", "");
    }
    void variablesChooseTheProxy()
    {
        QFETCH(QStringList, set);
        QFETCH(QString, url);
        QFETCH(QString, proxy);
        for (const QString &each : set)
            qputenv(qPrintable(each.section('=', 0, 0)), each.section('=', 1).toUtf8());
        const auto choice = core::proxyFor(QUrl(url));
        VERIFY_RESULT(choice);
        QCOMPARE(QString::fromStdString(choice->name), proxy);
        if (set.join(QString()).contains("p%40ss"))
            QCOMPARE(choice->proxy.password(), QString("p@ss"));
    }

    void aVariableThatNamesNoProxyIsSaid()
    {
        for (const char *odd : {"https://p.example:3128", "ftp://p.example", "socks4://p.example", "http://:3128",
                                "http://p.example:port"}) {
            qputenv("HTTPS_PROXY", odd);
            const QString words = said(core::probe(endpoint("https://teacher.test/v1"), Soon, {}));
            QVERIFY2(words.contains("HTTPS_PROXY"), qPrintable(QString(odd) + ": " + words));
        }
    }

    void aTeacherIsReachedOverAProxy_data()
    {
        QTest::addColumn<bool>("isSecure");
        QTest::addColumn<bool>("wantsPassword");
        QTest::newRow("http") << false << false;
        QTest::newRow("https") << true << false;
        QTest::newRow("http, with a password") << false << true;
        QTest::newRow("https, with a password") << true << true;
    }
    void aTeacherIsReachedOverAProxy()
    {
        QFETCH(bool, isSecure);
        QFETCH(bool, wantsPassword);
        FaultTeacher teacher(isSecure ? at("good.pem") : QString(), isSecure ? at("good.key") : QString());
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Tool); });
        LoopbackProxy proxy;
        if (wantsPassword)
            proxy.setUser("me:p@ss");
        VERIFY_RESULT(core::useAuthoritiesOf(m_folder / "ca.pem"));
        const QByteArray who = wantsPassword ? "me:p%40ss@" : "";
        qputenv(isSecure ? "HTTPS_PROXY" : "http_proxy", "http://" + who + "127.0.0.1:" + proxy.port());
        const auto found = core::probe(endpoint(behind(teacher)), Soon, {});
        VERIFY_RESULT(found);
        QVERIFY(proxy.passed() > 0);
        QVERIFY(teacher.requests() > 0);
        // Straight where it is left out: the name is the proxy's alone.
        qputenv("NO_PROXY", "teacher.test");
        const int before = proxy.passed();
        QVERIFY2(said(core::probe(endpoint(behind(teacher)), Soon, {})).contains("no machine of this name"), "");
        QCOMPARE(proxy.passed(), before);
    }

    void aProxyThatFailsIsSaid_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("isSecure");
        QTest::addColumn<QString>("words");
        for (const bool isSecure : {false, true}) {
            const auto row = [&](const char *name, const char *answer, const char *words) {
                QTest::addRow("%s, %s", name, isSecure ? "https" : "http")
                    << QByteArray(answer) << isSecure << QString(words);
            };
            row("wants a password", "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"",
                "wants a name and a password");
        }
        QTest::newRow("forbids it") << QByteArray("403 Forbidden") << true << QString("does not let");
        QTest::newRow("does not reach it") << QByteArray("502 Bad Gateway") << true << QString("does not let");
        QTest::newRow("does not find it") << QByteArray("503 Service Unavailable") << true << QString("does not let");
        QTest::newRow("hangs up") << QByteArray() << true << QString("the proxy");
    }
    void aProxyThatFailsIsSaid()
    {
        QFETCH(QByteArray, answer);
        QFETCH(bool, isSecure);
        QFETCH(QString, words);
        LoopbackProxy proxy;
        proxy.setAnswer(answer);
        qputenv(isSecure ? "HTTPS_PROXY" : "HTTP_PROXY", "http://127.0.0.1:" + proxy.port());
        const QString text =
            said(core::probe(endpoint(isSecure ? "https://teacher.test/v1" : "http://teacher.test/v1"), Soon, {}));
        QVERIFY2(text.contains(words, Qt::CaseInsensitive), qPrintable(text));
        QVERIFY2(text.contains("127.0.0.1:" + proxy.port()), qPrintable(text));
        QVERIFY2(text.contains(isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"), qPrintable(text));
    }

    void aProxyThatIsNotThereIsSaid()
    {
        qputenv("HTTPS_PROXY", "http://127.0.0.1:1");
        QString text = said(core::probe(endpoint("https://teacher.test/v1"), Soon, {}));
        QVERIFY2(text.contains("proxy 127.0.0.1:1") && text.contains("nothing listens"), qPrintable(text));
        qputenv("HTTPS_PROXY", "http://no-such-proxy.invalid:3128");
        text = said(core::probe(endpoint("https://teacher.test/v1"), Soon, {}));
        QVERIFY2(text.contains("no-such-proxy.invalid") && text.contains("HTTPS_PROXY"), qPrintable(text));
    }

    void aWrongPasswordForTheProxyIsSaid()
    {
        LoopbackProxy proxy;
        proxy.setUser("me:right");
        qputenv("ALL_PROXY", "http://me:wrong-secret@127.0.0.1:" + proxy.port());
        for (const char *address : {"https://teacher.test/v1", "http://teacher.test/v1"}) {
            const QString text = said(core::probe(endpoint(address), Soon, {}));
            QVERIFY2(text.contains("does not accept the name and password"), qPrintable(text));
            QVERIFY2(!text.contains("wrong-secret"), qPrintable(text));
        }
    }

    void aCompanysAuthorityIsAccepted_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("PEM") << "ca.pem";
        QTest::newRow("DER") << "ca.der";
    }
    void aCompanysAuthorityIsAccepted()
    {
        QFETCH(QString, file);
        FaultTeacher teacher(at("good.pem"), at("good.key"));
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Tool); });
        const QString before = said(core::probe(endpoint(teacher.address()), Soon, {}));
        QVERIFY2(before.contains("authority that this machine does not know (Company Authority)"), qPrintable(before));
        QVERIFY2(before.contains("Nothing was sent"), qPrintable(before));
        QCOMPARE(teacher.requests(), 0);
        // As the settings say, which every teacher that is opened reads.
        const auto settings = m_folder / "settings/teachers.yaml";
        const auto authority = at(file).toStdString();
        VERIFY_RESULT(
            core::TeacherSettings::update([&](core::TeacherSettings &now) { now.authorities = authority; }, settings));
        core::ChatChoice choice;
        choice.address = teacher.address().toStdString();
        choice.model = "teacher-1";
        VERIFY_RESULT(core::ChatSource::open(
            choice, {}, [] {}, settings));
        QVERIFY(teacher.requests() > 0);
        std::filesystem::remove(settings);
        for (const char *odd : {"not-there.pem", "good.key", "good.ext"}) {
            const auto used = core::useAuthoritiesOf(m_folder / odd);
            QVERIFY2(!used && !used.error().message.empty(), odd);
        }
    }

    /// It is read once, when the program begins: so in a program of its own.
    void theEnvironmentsAuthorityIsAccepted()
    {
        FaultTeacher teacher(at("good.pem"), at("good.key"));
        teacher.setAnswers([](const QByteArray &) { return QByteArray(Tool); });
        QProcess self;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("SSL_CERT_FILE", at("ca.pem"));
        environment.insert("ASK_TEACHER", teacher.address());
        self.setProcessEnvironment(environment);
        self.start(QCoreApplication::applicationFilePath(), {"asksATeacher"});
        QVERIFY(self.waitForFinished(60'000));
        QVERIFY2(self.exitCode() == 0, self.readAllStandardOutput());
        QVERIFY(teacher.requests() > 0);
    }
    void asksATeacher()
    {
        const QByteArray address = qgetenv("ASK_TEACHER");
        if (address.isEmpty())
            return;  // see above
        VERIFY_RESULT(core::probe(endpoint(address), Soon, {}));
    }

    void badCertificatesAreExplained_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("over") << "over" << QStringList{"ended on 2020-02-01", "clock"};
        QTest::newRow("of another host") << "other" << QStringList{"elsewhere.example", "not for 127.0.0.1"};
        QTest::newRow("its own") << "ca" << QStringList{"signed by itself"};
    }
    void badCertificatesAreExplained()
    {
        QFETCH(QString, name);
        QFETCH(QStringList, words);
        if (name != "ca")
            VERIFY_RESULT(core::useAuthoritiesOf(m_folder / "ca.pem"));
        FaultTeacher teacher(at(name + ".pem"), at(name + ".key"));
        const QString text = said(core::probe(endpoint(teacher.address()), Soon, {}));
        for (const QString &word : words)
            QVERIFY2(text.contains(word), qPrintable(text));
        QCOMPARE(teacher.requests(), 0);
    }

    void aServerWithoutEncryptionIsSaid_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("answers in plain") << 0;
        QTest::newRow("waits") << 1;
        QTest::newRow("hangs up") << 2;
    }
    void aServerWithoutEncryptionIsSaid()
    {
        QFETCH(int, kind);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, &server, [&] {
            QTcpSocket *socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [=] {
                if (kind == 0)
                    socket->write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                if (kind != 1)
                    socket->disconnectFromHost();
            });
        });
        const QByteArray address = "https://127.0.0.1:" + QByteArray::number(server.serverPort()) + "/v1";
        const QString text = said(core::probe(endpoint(address), Soon, {}));
        QVERIFY2(text.contains("http://"), qPrintable(text));
        QVERIFY2(text.contains("encrypt"), qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(NetworkWaysTest)
#include "tst_network_ways.moc"
