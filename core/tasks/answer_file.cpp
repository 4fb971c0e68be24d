// SPDX-License-Identifier: Apache-2.0
#include "core/tasks/answer_file.h"

#include "core/base/atomic_file.h"
#include "core/base/failpoint.h"
#include "core/base/random.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

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

constexpr size_t KeyLength = 16;  ///< a tab follows
constexpr size_t ChunkBytes = 1 << 20;

std::string hex(uint64_t number)
{
    static constexpr char Digits[] = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
        text += Digits[(number >> shift) & 15];
    return text;
}

struct WholeLines {
    int64_t number = 0;
    uintmax_t bytes = 0;
};

/// What of the file are lines with an end.
Result<WholeLines> wholeLinesOf(const fs::path &file)
{
    WholeLines lines;
    uintmax_t read = 0;
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::string chunk(ChunkBytes, '\0');
    while (in) {
        in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
        const std::string_view part(chunk.data(), static_cast<size_t>(in.gcount()));
        lines.number += std::count(part.begin(), part.end(), '\n');
        if (const size_t last = part.find_last_of('\n'); last != std::string_view::npos)
            lines.bytes = read + last + 1;
        read += part.size();
    }
    if (!in.eof() || in.bad())
        return base::Failure(base::systemError(errno ? errno : EIO, file));
    return lines;
}

Result<void> writeLines(const fs::path &target, const NextAnswer &next)
{
    base::AtomicFile file(target);
    TRY(file.open());
    std::string chunk;
    for (;;) {
        auto line = TRY(next());
        if (line)
            chunk += *line + '\n';
        if (line && chunk.size() < ChunkBytes)
            continue;
        TRY(file.write(chunk));
        if (!line)
            return file.commit();
        chunk.clear();
    }
}

}  // namespace

AnswerFile::AnswerFile(fs::path target, const fs::path &classifier, const fs::path &source, const std::string &options)
    : m_target(std::move(target)), m_isKeyed(source == "-")
{
    const std::string asked = stampOf(classifier / "model.safetensors") + '\0' +
                              (m_isKeyed ? std::string("-") : stampOf(source)) + '\0' + options;
    m_part = m_target.string() + "." + hex(base::contentHash(asked.data(), asked.size())) + ".part";
}

Result<int64_t> AnswerFile::open()
{
    int64_t answered = 0;
    std::error_code code;
    if (fs::exists(m_part, code)) {
        auto lines = TRY(wholeLinesOf(m_part));
        answered = lines.number;
        fs::resize_file(m_part, lines.bytes, code);
        if (code)
            return base::Failure(base::systemError(code.value(), m_target));
    }
    errno = 0;
    m_stream.open(m_part, std::ios::app | std::ios::binary);
    if (!m_stream)
        return base::Failure(base::systemError(errno ? errno : EIO, m_target));
    if (m_isKeyed)
        m_earlier.open(m_part, std::ios::binary);
    return answered;
}

Result<bool> AnswerFile::isAnswered(uint64_t key)
{
    std::string line;
    if (!m_earlier.is_open())
        return false;
    if (std::getline(m_earlier, line) && line.starts_with(hex(key) + '\t')) {
        m_confirmed += line.size() + 1;
        return true;
    }
    TRY(dropUnconfirmed());
    return false;
}

Result<void> AnswerFile::dropUnconfirmed()
{
    std::error_code code;
    if (!m_earlier.is_open())
        return {};
    m_earlier.close();
    fs::resize_file(m_part, m_confirmed, code);
    return code ? Result<void>(base::Failure(base::systemError(code.value(), m_target))) : Result<void>();
}

Result<void> AnswerFile::write(const std::string &line, uint64_t key)
{
    if (const int code = base::failpointError("answers.write"))
        return base::Failure(base::systemError(code, m_target));
    errno = 0;
    if (m_isKeyed)
        m_stream << hex(key) << '\t';
    if (!(m_stream << line << '\n'))
        return base::Failure(base::systemError(errno ? errno : EIO, m_target));
    return {};
}

Result<void> AnswerFile::close()
{
    if (const int code = base::failpointError("answers.finish"))
        return base::Failure(base::systemError(code, m_target));
    errno = 0;
    m_stream.close();
    if (m_stream.fail())
        return base::Failure(base::systemError(errno ? errno : EIO, m_target));
    return {};
}

Result<void> AnswerFile::finish()
{
    if (m_isKeyed)
        return finish([&](const NextAnswer &next) { return writeLines(m_target, next); });
    TRY(close());
    TRY(base::replaceFile(m_part, m_target));
    removeParts();
    return {};
}

Result<void> AnswerFile::finish(const std::function<Result<void>(const NextAnswer &)> &writeTarget)
{
    TRY(close());
    errno = 0;
    std::ifstream in(m_part, std::ios::binary);
    const auto next = [&]() -> Result<std::optional<std::string>> {
        std::string line;
        if (std::getline(in, line))
            return m_isKeyed ? line.substr(std::min(KeyLength + 1, line.size())) : line;
        if (!in.eof() || in.bad())
            return base::Failure(base::systemError(errno ? errno : EIO, m_target));
        return std::nullopt;
    };
    TRY(writeTarget(next));
    removeParts();
    return {};
}

void AnswerFile::discard()
{
    m_stream.close();
    std::error_code code;
    fs::remove(m_part, code);
}

void AnswerFile::removeParts() const
{
    std::error_code code;
    const std::string start = m_target.filename().string() + ".";
    for (const auto &entry : fs::directory_iterator(m_target.has_parent_path() ? m_target.parent_path() : ".", code)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(start) && name.ends_with(".part") && name.size() == start.size() + 16 + 5)
            fs::remove(entry.path(), code);
    }
}

}  // namespace core
