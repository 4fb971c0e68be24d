// SPDX-License-Identifier: Apache-2.0
// Calls a JavaScript function for each row, without the rights of the person who wrote it down.
//   stillroom-scorer score < ROWS
// The first line is {"code": function, "labels": [names], "several": whether a row may have any number of classes},
// each other one [text, [expected classes], [answered classes], [probability of each class]]. Answers {"values": [a
// number a row]} or {"error": sentence, "row": its number from 0, or -1}.
#include "app/plain_numbers.h"
#include "core/base/result_guard.h"
#include "core/confined/rights.h"

#include <QCoreApplication>
#include <QJSEngine>
#include <atomic>
#include <chrono>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <unistd.h>

using base::ErrorCode;
using base::failure;
using base::Result;
using nlohmann::json;

namespace {

/// For one row; that of the whole process limits all of them together.
constexpr std::chrono::milliseconds LongestRow{2000};
constexpr std::chrono::milliseconds LookEvery{50};

std::string dumped(const json &answer)
{
    return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Ends the process where a row takes too long: some of the engine's own functions cannot be interrupted.
class Watchdog {
public:
    Watchdog() : m_thread([this](const std::stop_token &stop) { watch(stop); }) { }

    void begin(int64_t row)
    {
        m_since = now();
        m_row = row;
    }
    void end() { m_row = None; }

private:
    static constexpr int64_t None = -1;

    static int64_t now()
    {
        const auto since = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    }
    void watch(const std::stop_token &stop) const
    {
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(LookEvery);
            const int64_t row = m_row;
            if (row == None || now() - m_since < LongestRow.count())
                continue;
            const std::string answer = dumped({{"error", "it took longer than two seconds."}, {"row", row}});
            const bool isWritten = ::write(STDOUT_FILENO, answer.data(), answer.size()) >= 0;
            ::_exit(isWritten ? 0 : 1);
        }
    }

    std::atomic<int64_t> m_row{None};
    std::atomic<int64_t> m_since{0};
    std::jthread m_thread;
};

QString said(const QJSValue &error)
{
    const QString line = error.property(QStringLiteral("lineNumber")).toString();
    return error.toString() + (line.toInt() > 0 ? QStringLiteral(" (line %1)").arg(line) : QString());
}

class Scorer {
public:
    /// Error: what is wrong with the code.
    std::optional<QString> open(const json &head)
    {
        m_labels.clear();
        for (const auto &label : head.at("labels"))
            m_labels.append(QString::fromStdString(label.get<std::string>()));
        m_several = head.at("several").get<bool>();
        const QString code = QString::fromStdString(head.at("code").get<std::string>());
        m_function = m_engine.evaluate(QStringLiteral("(") + code + QStringLiteral("\n)"), QStringLiteral("metric"));
        if (m_function.isError())
            return said(m_function);
        if (!m_function.isCallable())
            return QStringLiteral("it has to be a function: (text, expected, predicted, probabilities) => a number.");
        // Whatever is thrown comes back as such: it need not be an Error.
        m_function = m_engine
                         .evaluate(QStringLiteral("(f => (t, e, p, q) => { try { return [f(t, e, p, q)]; } "
                                                  "catch (thrown) { return [undefined, thrown]; } })"))
                         .call({m_function});
        return std::nullopt;
    }

    /// The row's number, or what went wrong in `error`.
    double score(const json &row, QString &error)
    {
        QJSValue probabilities = m_engine.newObject();
        const auto &values = row.at(3);
        for (qsizetype c = 0; c < m_labels.size(); ++c)
            probabilities.setProperty(m_labels[c], values.at(static_cast<size_t>(c)).get<double>());
        const QJSValue outcome = m_function.call({QString::fromStdString(row.at(0).get<std::string>()),
                                                  classes(row.at(1)), classes(row.at(2)), probabilities});
        const QJSValue value = outcome.property(0);
        if (outcome.isError())
            error = said(outcome);
        else if (outcome.property(QStringLiteral("length")).toInt() > 1)
            error = said(outcome.property(1));
        else if (value.isBool())
            return value.toBool() ? 1 : 0;
        else if (!value.isNumber() || !std::isfinite(value.toNumber()))
            error = QStringLiteral("it gave %1 instead of a number.")
                        .arg(value.isObject()   ? QStringLiteral("an object")
                             : value.isString() ? QStringLiteral("the text \"%1\"").arg(value.toString().left(40))
                                                : value.toString());
        return value.toNumber();
    }

private:
    /// A name, or a list of names where a row may have any number of classes.
    QJSValue classes(const json &chosen)
    {
        if (!m_several)
            return m_labels[chosen.at(0).get<qsizetype>()];
        QJSValue list = m_engine.newArray(static_cast<uint>(chosen.size()));
        for (size_t i = 0; i < chosen.size(); ++i)
            list.setProperty(static_cast<quint32>(i), m_labels[chosen[i].get<qsizetype>()]);
        return list;
    }

    QJSEngine m_engine;
    QJSValue m_function;
    QStringList m_labels;
    bool m_several = false;
};

json scoreAll()
{
    const auto failed = [](const QString &error, int64_t row) {
        return json{{"error", error.toStdString()}, {"row", row}};
    };
    std::string line;
    if (!std::getline(std::cin, line))
        return failed(QStringLiteral("Nothing was given."), -1);
    Scorer scorer;
    Watchdog watchdog;
    watchdog.begin(0);
    if (const auto wrong = scorer.open(json::parse(line)))
        return failed(*wrong, -1);
    auto values = json::array();
    for (int64_t row = 0; std::getline(std::cin, line); ++row) {
        watchdog.begin(row);
        QString error;
        values.push_back(scorer.score(json::parse(line), error));
        watchdog.end();
        if (!error.isEmpty())
            return failed(error, row);
    }
    return {{"values", values}};
}

}  // namespace

int main(int argc, char **argv)
{
    // Code that is compiled at run time would need memory that can be written and run.
    qputenv("QV4_FORCE_INTERPRETER", "1");
    const app::WithPlainNumbers<QCoreApplication> application(argc, argv);
    core::giveUpRights(core::MemoryFiles::Yes);
    const auto answer = base::guard("metric", []() -> Result<json> { return scoreAll(); });
    if (!answer)
        return 1;
    std::cout << dumped(*answer) << std::flush;
    return 0;
}
