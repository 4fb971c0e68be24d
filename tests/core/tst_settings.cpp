// SPDX-License-Identifier: Apache-2.0
#include "core/base/user_folders.h"
#include "core/settings/app_settings.h"
#include "core/settings/log.h"
#include "tests/support/support.h"

using namespace support;

class SettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesSurviveAndDefaultsHold()
    {
        const TempFolder folder;
        auto settings = core::AppSettings::load(folder / "c/settings.yaml");
        VERIFY_RESULT(settings);
        QCOMPARE(settings->get<int64_t>("training.threads"), int64_t{0});
        VERIFY_RESULT(settings->set("training.threads", int64_t{3}));
        auto again = core::AppSettings::load(folder / "c/settings.yaml");
        VERIFY_RESULT(again);
        QCOMPARE(again->get<int64_t>("training.threads"), int64_t{3});
        QCOMPARE(again->get<bool>("log.enabled"), true);
        QVERIFY(!settings->set("no.such", true).has_value());
        QVERIFY(!settings->set("training.threads", true).has_value());
    }

    void unknownKeysStayAndWrongValuesFallBack()
    {
        const TempFolder folder;
        write(folder / "s.yaml", "future.key: kept\ntraining.threads: many\nlog.enabled: perhaps\n");
        auto settings = core::AppSettings::load(folder / "s.yaml");
        VERIFY_RESULT(settings);
        QCOMPARE(settings->get<int64_t>("training.threads"), int64_t{0});
        QCOMPARE(settings->get<bool>("log.enabled"), true);
        VERIFY_RESULT(settings->set("log.enabled", false));
        QVERIFY(read(folder / "s.yaml").find("future.key: kept") != std::string::npos);
    }

    void aDamagedFileIsReportedAndLeftAlone()
    {
        const TempFolder folder;
        write(folder / "s.yaml", "a: [");
        const auto settings = core::AppSettings::load(folder / "s.yaml");
        QVERIFY(!settings.has_value());
        QCOMPARE(settings.error().code, base::ErrorCode::Corrupt);
        QCOMPARE(read(folder / "s.yaml"), std::string("a: ["));
    }

    void foldersFollowXdg()
    {
        qputenv("XDG_CACHE_HOME", "/some/cache");
        QCOMPARE(base::cacheFolder(), std::filesystem::path("/some/cache/stillroom"));
        qputenv("XDG_CACHE_HOME", "relative");
        qputenv("HOME", "/home/x");
        QCOMPARE(base::cacheFolder(), std::filesystem::path("/home/x/.cache/stillroom"));
    }

    void theLogHoldsEventsAndNumbers()
    {
        const TempFolder folder;
        qputenv("XDG_STATE_HOME", QByteArray::fromStdString(folder.path().string()));
        core::logEvent("before.open");
        core::openLog();
        core::logEvent("import", {{"imported", int64_t{5}}, {"result", "ok"}});
        QVERIFY(read(folder / "stillroom/stillroom.log").find("import imported=5 result=ok") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_settings.moc"
