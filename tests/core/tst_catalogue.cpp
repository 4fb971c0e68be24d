// SPDX-License-Identifier: Apache-2.0
// What is known of base weights, and what a hub's words about them may be.
#include "core/catalogue/hub_repository.h"
#include "core/catalogue/weights_download.h"
#include "tests/support/support.h"

#include <set>

using base::ErrorCode;

class CatalogueTest : public QObject {
    Q_OBJECT

private:
    const support::TempFolder m_cache;

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(m_cache.path().string())); }

    void theCatalogueIsWhole()
    {
        std::set<std::string> names;
        for (const auto &weights : core::listWeights()) {
            QVERIFY2(names.insert(weights.name).second, weights.name.c_str());
            QVERIFY(weights.source && core::isHubId(weights.source->hubId));
            QVERIFY(core::isPlainName(weights.source->revision) && core::isPlainName(weights.name));
            QVERIFY(!weights.licence.empty() && !weights.languages.empty() && !weights.summary.empty());
            QVERIFY(weights.bytes > 0 && weights.parameters > weights.layerParameters && weights.cost() >= 1);
            QVERIFY(!weights.isHere() && weights.fetched == 0);
        }
        QVERIFY(names.contains(core::DefaultWeights));
        const auto request = core::downloadOf("e5-small-v2");
        VERIFY_RESULT(request);
        QCOMPARE(request->source.hubId, std::string("intfloat/e5-small-v2"));
        QCOMPARE(request->source.textPrefix, std::string("query: "));
        QCOMPARE(core::downloadOf("intfloat/e5-small-v2")->name, std::string("e5-small-v2"));
    }

    void namesThatAreNone_data()
    {
        QTest::addColumn<QString>("id");
        for (const char *id : {"", "weights", "../x", "a/..", "a/b/c", "a/b?x=y", "a/ b", "/a", "a/", "a/.hidden",
                               "a/b%2f", "a/\xc3\xa4", "https://x/y", "a/b#c"})
            QTest::newRow(id) << QString::fromUtf8(id);
    }

    void namesThatAreNone()
    {
        QFETCH(QString, id);
        QVERIFY(!core::isHubId(id.toStdString()));
        const auto request = core::downloadOf(id.toStdString());
        QVERIFY(!request && request.error().code == ErrorCode::InvalidInput);
    }

    void descriptionsThatCannotBeUsed_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("says");
        using nlohmann::json;
        const std::string blob(40, 'b');
        const json config{{"rfilename", "config.json"}, {"size", 2}, {"blobId", blob}};
        const json tokenizer{{"rfilename", "tokenizer.json"}, {"size", 2}, {"blobId", blob}};
        const auto named = [](const char *name) { return json{{"rfilename", name}, {"size", 2}}; };
        const auto weights = [](const std::string &sum, const json &size) {
            return json{{"rfilename", "model.safetensors"}, {"lfs", {{"sha256", sum}, {"size", size}}}};
        };
        const auto row = [](const char *name, const QByteArray &text, const char *says) {
            QTest::newRow(name) << text << QString::fromLatin1(says);
        };
        const auto files = [&](const char *name, const json &siblings, const char *says) {
            row(name, QByteArray::fromStdString(json{{"sha", std::string(40, 'c')}, {"siblings", siblings}}.dump()),
                says);
        };
        row("nothing", "", "no description");
        row("page", "<html>log in</html>", "no description");
        row("list", "[]", "no description");
        row("no commit", QByteArray::fromStdString(json{{"siblings", json::array()}}.dump()), "no description");
        row("commit is a path", QByteArray::fromStdString(json{{"sha", "../x"}, {"siblings", json::array()}}.dump()),
            "no description");
        files("empty", json::array(), "no config.json");
        files("files are words", json::array({"a"}), "no description");
        files("no tokenizer", json::array({config}), "no tokenizer.json");
        files("pickle", json::array({config, tokenizer, named("pytorch_model.bin")}), "pickle");
        files("shards", json::array({config, tokenizer, named("model.safetensors.index.json")}), "several files");
        files("none", json::array({config, tokenizer}), "no model.safetensors");
        files("twice", json::array({config, config}), "no description");
        files("sum is short", json::array({config, tokenizer, weights("aa", 5)}), "checksum");
        files("sum is no sum", json::array({config, tokenizer, weights(std::string(64, 'z'), 5)}), "checksum");
        files("size is negative", json::array({config, tokenizer, weights(std::string(64, 'a'), -5)}), "checksum");
        files("size is absurd", json::array({config, tokenizer, weights(std::string(64, 'a'), 1e300)}),
              "no description");
        files("no sum", json::array({config, tokenizer, named("model.safetensors")}), "no description");
    }

    void descriptionsThatCannotBeUsed()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, says);
        const auto snapshot = core::parseSnapshot(json.toStdString(), "a/b");
        QVERIFY(!snapshot);
        QVERIFY2(snapshot.error().message.find(says.toStdString()) != std::string::npos,
                 snapshot.error().message.c_str());
    }

    void redirectsLeadNowhereBad_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("isFine");
        const auto row = [](const char *from, const char *to, bool isFine) {
            QTest::newRow(to) << QString::fromLatin1(from) << QString::fromLatin1(to) << isFine;
        };
        row("https://93.184.216.34", "https://93.184.216.35/x", true);
        row("https://93.184.216.34", "http://93.184.216.35/x", false);
        row("https://93.184.216.34", "https://127.0.0.1/x", false);
        row("https://93.184.216.34", "https://10.1.2.3/x", false);
        row("https://93.184.216.34", "https://192.168.7.7/x", false);
        row("https://93.184.216.34", "https://169.254.169.254/latest/meta-data", false);
        row("https://93.184.216.34", "https://[::1]/x", false);
        row("https://93.184.216.34", "https://[::ffff:10.0.0.1]/x", false);
        row("https://93.184.216.34", "ftp://93.184.216.35/x", false);
        row("https://10.0.0.1", "https://10.0.0.2/x", true);  // a mirror inside the firewall
        row("http://127.0.0.1:8000", "http://127.0.0.1:9000/x", true);
    }

    void redirectsLeadNowhereBad()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(bool, isFine);
        QCOMPARE(core::checkRedirect(from.toStdString(), to.toStdString(), from.toStdString()).has_value(), isFine);
    }
};

QTEST_GUILESS_MAIN(CatalogueTest)
#include "tst_catalogue.moc"
