// SPDX-License-Identifier: Apache-2.0
// The table of a training's parameters: what is made from it holds for each of its lines.
#include "core/engine/config/training_parameters.h"
#include "core/service/training_settings.h"
#include "tests/support/support.h"

#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace {

/// A value that is no default.
template <class Value>
Value otherThan(const Value &value, const engine::Range &range)
{
    if constexpr (std::is_enum_v<Value>)
        return static_cast<Value>((static_cast<size_t>(value) + 1) % engine::choicesOf(value).size());
    else if constexpr (std::is_same_v<Value, bool>)
        return !value;
    else if constexpr (std::is_same_v<Value, std::string>)
        return value + "other";
    else if constexpr (std::is_same_v<Value, double>)
        return std::isinf(range.high) ? value + 0.25 : ((value < range.high ? value : range.low) + range.high) / 2;
    else
        return value + 1;
}

template <class Value>
auto asked(const Value &value)
{
    if constexpr (std::is_enum_v<Value>)
        return std::string(engine::name(value));
    else if constexpr (std::is_same_v<Value, uint64_t>)
        return static_cast<int64_t>(value);
    else
        return value;
}

engine::TrainingConfig otherConfig()
{
    engine::TrainingConfig config;
    engine::eachRecorded([&](const engine::ParameterFacts &facts, auto member) {
        config.*member = otherThan(config.*member, facts.range);
    });
    return config;
}

}  // namespace

class TestParameters : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void namesAreUnique()
    {
        std::set<std::string> keys, options;
        core::eachSetting([&](const engine::ParameterFacts &facts, auto) {
            QVERIFY2(keys.insert(facts.key).second, facts.key);
            QVERIFY2(*facts.option == 0 || options.insert(facts.option).second, facts.option);
            QVERIFY2(std::string(facts.sentence).find_first_not_of(' ') == 0, facts.key);
            QVERIFY2(facts.group == engine::ParameterGroup::None || *facts.title != 0, facts.key);
        });
    }

    void everyParameterIsRecorded()
    {
        const auto config = otherConfig();
        const engine::TrainingConfig defaults;
        engine::eachRecorded([&](const engine::ParameterFacts &facts, auto member) {
            QVERIFY2(config.*member != defaults.*member, facts.key);
        });
        QVERIFY(engine::trainingConfigFromJson(engine::toJson(config)).value() == config);
        QVERIFY(engine::trainingConfigFromJson(engine::toJson(defaults)).value() == defaults);
    }

    void everySettingIsKeptAndApplied()
    {
        const auto wanted = otherConfig();
        core::TrainingSettings settings;
        core::eachParameter([&](const engine::ParameterFacts &, auto setting, auto member) {
            settings.*setting = asked(wanted.*member);
        });
        const auto kept = core::TrainingSettings::fromJson(settings.toJson());
        engine::TrainingConfig config;
        config.microBatch = 1;
        VERIFY_RESULT(kept.applyTo(config));
        core::eachParameter([&](const engine::ParameterFacts &facts, auto setting, auto member) {
            QVERIFY2(kept.*setting == settings.*setting, facts.key);
            QVERIFY2(config.*member == wanted.*member, facts.key);
        });
    }

    /// distil labs' name of a batch aside, config.yaml has them by their keys.
    void everySettingIsReadFromAConfigFile()
    {
        const auto wanted = otherConfig();
        std::string yaml = "tuning:\n";
        core::eachParameter([&](const engine::ParameterFacts &facts, auto, auto member) {
            const std::string key = facts.key;
            yaml += "  " + (key == "batch_size" ? "per_device_train_batch_size" : key) + ": " +
                    nlohmann::json(asked(wanted.*member)).dump() + "\n";
        });
        const auto file = core::parseConfigFile(yaml, "config.yaml");
        VERIFY_RESULT(file);
        QVERIFY2(file->notes.empty(), file->notes.empty() ? "" : file->notes.front().c_str());
        core::eachParameter([&](const engine::ParameterFacts &facts, auto setting, auto member) {
            QVERIFY2(file->training.*setting == asked(wanted.*member), facts.key);
        });
    }

    void numbersOutOfRangeAreRefused()
    {
        int tried = 0;
        engine::eachRecorded([&](const engine::ParameterFacts &facts, auto member) {
            using Value = std::decay_t<decltype(std::declval<engine::TrainingConfig>().*member)>;
            if constexpr (std::is_same_v<Value, int> || std::is_same_v<Value, double>) {
                for (const double wrong : {facts.range.low - 1, facts.range.high + 1, std::nan("")}) {
                    if (std::isinf(wrong) || (std::is_same_v<Value, int> && std::isnan(wrong)))
                        continue;
                    engine::TrainingConfig config;
                    config.*member = static_cast<Value>(wrong);
                    const auto checked = engine::validate(config);
                    QVERIFY2(!checked && checked.error().subject == facts.key, facts.key);
                    QVERIFY2(checked.error().message.find(facts.range.words()) != std::string::npos, facts.key);
                    ++tried;
                }
            }
        });
        QVERIFY(tried > 30);
        VERIFY_RESULT(engine::validate({}));
    }

    void rangesAreSaidInWords()
    {
        QCOMPARE(engine::within(1, 1000).words(), std::string("1 to 1000"));
        QCOMPARE(engine::above(0, 1).words(), std::string("above 0 and at most 1"));
        QCOMPARE(engine::below(0, 1).words(), std::string("0 up to, but not, 1"));
        QCOMPARE(engine::inside(0, 1).words(), std::string("between 0 and 1"));
        QCOMPARE(engine::atLeast(0).words(), std::string("0 or more"));
        QVERIFY(engine::below(0, 1).holds(0) && !engine::below(0, 1).holds(1));
        QVERIFY(!engine::above(0, 1).holds(0) && engine::above(0, 1).holds(1));
        QVERIFY(!engine::anything().holds(std::nan("")));
    }

    /// A run that was recorded before a parameter was there goes on as it began.
    void olderRunsHaveTheDefaults()
    {
        const auto whole = nlohmann::json::parse(engine::toJson({}));
        auto old = whole;
        engine::eachRecorded([&](const engine::ParameterFacts &facts, auto) {
            if (facts.since == engine::Since::Later)
                old.erase(facts.key);
        });
        QVERIFY(old.size() > 10 && old.size() < whole.size());
        engine::TrainingConfig wanted;
        wanted.teacherLabels = engine::TeacherLabels::Use;  // every label was learned from
        QVERIFY(engine::trainingConfigFromJson(old.dump()).value() == wanted);
        for (const auto &[key, value] : old.items()) {
            auto damaged = old;
            damaged.erase(key);
            const auto read = engine::trainingConfigFromJson(damaged.dump());
            QVERIFY2(!read && read.error().code == base::ErrorCode::Corrupt, key.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestParameters)
#include "tst_parameters.moc"
