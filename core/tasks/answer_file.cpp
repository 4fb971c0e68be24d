// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/answer_file.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/base/random.h"

#include <algorithm>
#include <cerrno>

namespace fs = std::filesystem;
using base::Result;

namespace core {

namespace {

/// Path, size and time of change: whether it is still the same file.
std::string stampOf(const fs::path &file)
{
    std::error_code code;
    const auto size = fs::file_size(file, code);
    const auto changed = fs::last_write_time(file, code).time_since_epoch().count();
    return fs::weakly_canonical(file, code).string() + '\0' + std::to_string(size) + '\0' + std::to_string(changed);
}

std::string hex(uint64_t number)
{
    static constexpr char Digits[] = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += Digits[(number >> shift) & 15];
    return text;
}

}  // namespace

AnswerFile::AnswerFile(fs::path target, const fs::path &classifier, const fs::path &source, const std::string &options)
    : m_target(std::move(target))
{
    const std::string asked = stampOf(classifier / "model.safetensors") + '\0' +
                              (source == "-" ? std::string("-") : stampOf(source)) + '\0' + options;
    m_part = m_target.string() + "." + hex(base::contentHash(asked.data(), asked.size())) + ".part";
}

Result<int64_t> AnswerFile::open()
{
    int64_t answered = 0;
    std::error_code code;
    if (fs::exists(m_part, code)) {
        auto bytes = base::readFile(m_part);
        if (!bytes)
            return base::failure(bytes);
        const size_t end = bytes->find_last_of('\n');
        const size_t kept = end == std::string::npos ? 0 : end + 1;
        answered = std::count(bytes->begin(), bytes->begin() + static_cast<std::ptrdiff_t>(kept), '\n');
        fs::resize_file(m_part, kept, code);
    }
    errno = 0;
    m_stream.open(m_part, std::ios::app | std::ios::binary);
    if (!m_stream)
        return base::Failure(base::systemError(errno ? errno : EIO, m_target));
    return answered;
}

Result<void> AnswerFile::write(const std::string &line)
{
    if (const int code = base::failpointError("answers.write"))
        return base::Failure(base::systemError(code, m_target));
    errno = 0;
    if (!(m_stream << line << '\n'))
        return base::Failure(base::systemError(errno ? errno : EIO, m_target));
    return {};
}

Result<void> AnswerFile::finish()
{
    if (const int code = base::failpointError("answers.finish"))
        return base::Failure(base::systemError(code, m_target));
    errno = 0;
    m_stream.close();
    if (m_stream.fail())
        return base::Failure(base::systemError(errno ? errno : EIO, m_target));
    if (auto replaced = base::replaceFile(m_part, m_target); !replaced)
        return replaced;
    std::error_code code;
    const std::string start = m_target.filename().string() + ".";
    for (const auto &entry : fs::directory_iterator(m_target.has_parent_path() ? m_target.parent_path() : ".", code)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(start) && name.ends_with(".part") && name.size() == start.size() + 16 + 5)
            fs::remove(entry.path(), code);
    }
    return {};
}

}  // namespace core
