// SPDX-License-Identifier: Apache-2.0
#include "core/training/disk_fit.h"

#include "core/base/failpoint.h"

#include <algorithm>

namespace core {

namespace {

constexpr int64_t Megabyte = 1'000'000;
/// Scores and answers, and what other programs write meanwhile.
constexpr int64_t Spare = 50 * Megabyte;

}  // namespace

std::string sizeText(int64_t bytes)
{
    if (bytes < Megabyte / 10)
        return std::to_string((bytes + 999) / 1000) + " kB";
    if (bytes < 10 * Megabyte) {
        const int64_t tenths = (bytes + Megabyte / 20) / (Megabyte / 10);
        return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
    }
    if (bytes < 1000 * Megabyte)
        return std::to_string((bytes + Megabyte / 2) / Megabyte) + " MB";
    const int64_t tenths = (bytes + 50 * Megabyte) / (100 * Megabyte);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

int64_t diskOfRun(const engine::EncoderConfig &encoder, const RunInfo &run, const engine::TextSizes &texts, int done)
{
    auto config = run.config;
    config.epochs = std::max(1, config.epochs - done);
    // The best and the last stay, and the next one is written before an old one goes.
    if (run.keep > 0)
        config.epochs = std::min(config.epochs, std::max(run.keep, 2) + 1);
    return engine::trainingDisk(encoder, config, texts, run.labels.size());
}

base::Result<std::string> noteOnDisk(int64_t bytes, const std::filesystem::path &folder)
{
    std::error_code code;
    const auto space = std::filesystem::space(folder, code);
    if (code)
        return std::string();  // what cannot be asked shows when it is written
    const int64_t available = base::failpointError("disk.space") != 0
                                  ? 0
                                  : static_cast<int64_t>(std::min<uintmax_t>(space.available, INT64_MAX));
    const std::string facts =
        "This training needs " + sizeText(bytes) + " of disk, and " + sizeText(available) + " are free";
    if (available < bytes)
        return base::failure(base::ErrorCode::DiskFull,
                             facts + ". Make room, train fewer passes, or let it keep fewer checkpoints.",
                             folder.string());
    return available < bytes + bytes / 4 + Spare ? facts + ": that is little." : std::string();
}

}  // namespace core
