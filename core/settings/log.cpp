// SPDX-License-Identifier: Apache-2.0
#include "core/settings/log.h"

#include "core/base/user_folders.h"

#include <memory>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace core {

namespace {

constexpr size_t MaxFileBytes = 1 << 20;
constexpr size_t KeptFiles = 3;

std::shared_ptr<spdlog::logger> &logger()
{
    static std::shared_ptr<spdlog::logger> instance;
    return instance;
}

}  // namespace

void openLog()
{
    try {
        logger() = spdlog::rotating_logger_mt("stillroom", (base::stateFolder() / "stillroom.log").string(),
                                              MaxFileBytes, KeptFiles);
        logger()->set_pattern("%Y-%m-%dT%H:%M:%S.%e %P %v");
        logger()->flush_on(spdlog::level::info);
    } catch (const spdlog::spdlog_ex &) {
        logger().reset();  // a log that cannot be written is no reason not to work
    }
}

void logEvent(const char *event, std::initializer_list<LogField> fields)
{
    if (!logger())
        return;
    std::string line = event;
    for (const LogField &field : fields)
        line += std::string(" ") + field.key + "=" + field.value;
    logger()->info(line);
}

}  // namespace core
