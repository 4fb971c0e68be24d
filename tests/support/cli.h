// SPDX-License-Identifier: Apache-2.0
// Runs the real stillroom-cli.
#pragma once

#include "tests/support/support.h"

#include <QProcess>

namespace support {

struct CliAnswer {
    int code = -1;
    std::string out, err;
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
    [[nodiscard]] std::string errorCode() const
    {
        return json().is_object() && json().contains("error") ? json()["error"]["code"].get<std::string>() : "";
    }
};

inline CliAnswer runCli(const QStringList &arguments, const QByteArray &input = {},
                        const QProcessEnvironment &environment = QProcessEnvironment::systemEnvironment())
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(CLI_PROGRAM), arguments);
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(240'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
}

/// A path inside a temporary folder, as an argument.
inline QString argument(const std::filesystem::path &path)
{
    return QString::fromStdString(path.string());
}

}  // namespace support
