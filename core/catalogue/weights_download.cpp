// SPDX-License-Identifier: Apache-2.0
#include "core/catalogue/weights_download.h"

#include "core/base/appended_file.h"
#include "core/base/atomic_file.h"
#include "core/base/result_guard.h"
#include "core/catalogue/hub_repository.h"
#include "core/engine/config/architecture_config.h"
#include "core/engine/json/strict_json.h"
#include "core/engine/text/tokenizer_loader.h"
#include "core/engine/weights/safetensors.h"
#include "core/service/folder_lock.h"

#include <QCryptographicHash>
#include <QFile>
#include <algorithm>

namespace fs = std::filesystem;
using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

constexpr int64_t Megabyte = 1'000'000;
/// Of fetched weights: where they come from.
constexpr const char *OriginFile = "origin.json";

/// A checksum that grows with its file.
class Sum {
public:
    explicit Sum(const HubFile &file)
        : m_isSha256(!file.sha256.empty()),
          m_wanted(QByteArray::fromStdString(m_isSha256 ? file.sha256 : file.gitBlob)), m_bytes(file.bytes),
          m_hash(
              std::make_unique<QCryptographicHash>(m_isSha256 ? QCryptographicHash::Sha256 : QCryptographicHash::Sha1))
    {
        reset();
    }
    void add(std::string_view bytes) { m_hash->addData({bytes.data(), static_cast<qsizetype>(bytes.size())}); }
    void reset()
    {
        m_hash->reset();
        if (!m_isSha256)  // git hashes a header before the bytes
            m_hash->addData("blob " + QByteArray::number(qint64{m_bytes}) + '\0');
    }
    [[nodiscard]] bool isRight() const { return m_hash->result().toHex() == m_wanted; }

private:
    bool m_isSha256;
    QByteArray m_wanted;
    int64_t m_bytes;
    std::unique_ptr<QCryptographicHash> m_hash;
};

/// Reads a file into its sum. False: it cannot be read.
bool addFile(Sum &sum, const fs::path &path, const std::stop_token &stop)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    while (!file.atEnd() && !stop.stop_requested()) {
        const QByteArray bytes = file.read(1 << 20);
        if (bytes.isEmpty())
            return false;
        sum.add({bytes.data(), static_cast<size_t>(bytes.size())});
    }
    return true;
}

bool isRight(const HubFile &file, const fs::path &path, const std::stop_token &stop)
{
    std::error_code code;
    Sum sum(file);
    return fs::file_size(path, code) == static_cast<uintmax_t>(file.bytes) && !code && addFile(sum, path, stop) &&
           sum.isRight();
}

/// A file on its way: what is here of it, and its sum so far.
class PartSink final : public HubSink {
public:
    PartSink(base::AppendedFile file, Sum sum, std::function<void(int64_t)> arrived)
        : m_file(std::move(file)), m_sum(std::move(sum)), m_arrived(std::move(arrived))
    {
    }
    [[nodiscard]] int64_t size() const override { return m_file.size(); }
    [[nodiscard]] Result<void> append(std::string_view bytes) override
    {
        m_sum.add(bytes);
        m_arrived(static_cast<int64_t>(bytes.size()));
        return m_file.append(bytes);
    }
    [[nodiscard]] Result<void> restart() override
    {
        m_sum.reset();
        m_arrived(-m_file.size());
        return m_file.clear();
    }
    [[nodiscard]] bool isRight() const { return m_sum.isRight(); }

private:
    base::AppendedFile m_file;
    Sum m_sum;
    std::function<void(int64_t)> m_arrived;
};

/// What a file that is not the right one is instead, by its first bytes.
std::string whatItIs(const fs::path &path)
{
    QFile file(QString::fromStdString(path.string()));
    const QByteArray head = file.open(QIODevice::ReadOnly) ? file.read(512).trimmed().toLower() : QByteArray();
    if (head.startsWith("version https://git-lfs"))
        return "It is the pointer of git-lfs that stands in the file's place.";
    if (head.startsWith("<!doctype html") || head.startsWith("<html"))
        return "It is a web page, perhaps a login.";
    return "Its checksum is another one.";
}

/// The repository that weights here were fetched from; empty: unknown.
std::string originOf(const fs::path &folder)
{
    const auto text = base::readFile(folder / OriginFile, 1 << 20);
    const auto origin = engine::parseStrictJson(text.value_or(std::string()));
    const auto id = origin && origin->is_object() ? origin->value("hub_id", nlohmann::json()) : nlohmann::json();
    return id.is_string() ? id.get<std::string>() : std::string();
}

/// Nothing but the lock: not even the first byte came.
void removeIfEmpty(const fs::path &folder)
{
    std::error_code code;
    const auto entries = fs::directory_iterator(folder, code);
    if (std::all_of(begin(entries), end(entries),
                    [](const auto &entry) { return entry.path().extension() == ".lock"; }))
        fs::remove_all(folder, code);
}

class Download {
public:
    Download(const DownloadRequest &request, const base::WorkContext &context)
        : m_request(request), m_context(context), m_client(request.hub), m_folder(downloadFolder(request.name)),
          m_target(weightsFolder() / request.name)
    {
    }

    Result<DownloadOutcome> run()
    {
        std::error_code code;
        fs::create_directories(m_folder, code);
        if (code)
            return base::Failure(base::systemError(code.value(), m_folder));
        auto lock = TRY(FolderLock::forDownload(m_folder));
        TRY(describe());
        auto isHere = TRY(isHereAlready());
        if (isHere)
            return outcome();
        removeOtherStates();
        TRY(checkSpace());
        for (const HubFile &file : m_snapshot.files) {
            if (&file == &m_snapshot.files.back()) {  // the weights
                TRY(checkSmallFiles());
            }
            TRY(fetch(file));
        }
        TRY(engine::SafetensorsFile::open(m_folder / m_snapshot.files.back().name));
        TRY(place());
        return outcome();
    }

private:
    [[nodiscard]] DownloadOutcome outcome() const
    {
        std::error_code code;
        fs::remove_all(m_folder, code);
        return {m_target, m_snapshot.commit, m_snapshot.licence, m_total, m_fetched};
    }

    /// Another state of the same repository is replaced; weights of other origin are not.
    [[nodiscard]] Result<bool> isHereAlready() const
    {
        std::error_code code;
        if (!fs::exists(m_target, code))
            return false;
        const HubFile &weights = m_snapshot.files.back();
        if (isRight(weights, m_target / weights.name, m_context.stop))
            return true;
        if (originOf(m_target) == m_request.source.hubId)
            return false;
        return failure(ErrorCode::AlreadyExists,
                       "There are other weights of this name here. Give the new ones another name, or remove the old "
                       "ones.",
                       m_request.name);
    }

    [[nodiscard]] Result<void> describe()
    {
        const WeightsSource &source = m_request.source;
        auto answer = TRY(m_client.text("/api/models/" + source.hubId + "/revision/" + source.revision + "?blobs=true",
                                        m_context.stop));
        m_snapshot = TRY(parseSnapshot(answer, source.hubId));
        for (const HubFile &file : m_snapshot.files)
            m_total += file.bytes;
        HubFile &weights = m_snapshot.files.back();
        if (!source.sha256.empty() && !weights.sha256.empty() && weights.sha256 != source.sha256)
            return failure(ErrorCode::Corrupt,
                           "The hub has other weights under this name than the ones that were checked for Stillroom, "
                           "so they are not fetched. Check the hub's address.",
                           source.hubId);
        return {};
    }

    /// Named by its sum, so that what is here of another state of the file is never gone on from.
    [[nodiscard]] fs::path partOf(const HubFile &file) const
    {
        return fileAt(file.name) += "." + (file.sha256.empty() ? file.gitBlob : file.sha256).substr(0, 16) + ".part";
    }
    [[nodiscard]] fs::path fileAt(const std::string &name) const { return m_folder / name; }

    /// Parts of a state that the hub no longer has.
    void removeOtherStates() const
    {
        std::error_code code;
        std::vector<fs::path> old;
        for (const auto &entry : fs::recursive_directory_iterator(m_folder, code)) {
            const bool isWanted = std::ranges::any_of(m_snapshot.files, [&](const HubFile &file) {
                return entry.path() == partOf(file) || entry.path() == fileAt(file.name);
            });
            if (entry.path().extension() == ".part" && !isWanted)
                old.push_back(entry.path());
        }
        for (const fs::path &path : old)
            fs::remove(path, code);
    }

    [[nodiscard]] Result<void> checkSpace()
    {
        std::error_code code;
        for (const HubFile &file : m_snapshot.files) {
            for (const fs::path &path : {partOf(file), fileAt(file.name)}) {
                if (const auto size = fs::file_size(path, code); !code)
                    m_here += std::min(static_cast<int64_t>(size), file.bytes);
            }
        }
        const int64_t missing = std::max(m_total - m_here, int64_t{0});
        const auto space = fs::space(m_folder, code);
        constexpr int64_t Reserve = 50 * Megabyte;  // nobody wants the last byte of the disk gone
        if (code || static_cast<int64_t>(space.available) >= missing + Reserve)
            return {};
        return failure(ErrorCode::DiskFull,
                       "These weights need " + std::to_string(missing / Megabyte + 1) + " MB more, and only " +
                           std::to_string(static_cast<int64_t>(space.available) / Megabyte) +
                           " MB are free. Free some space and fetch again; what was fetched is kept.",
                       weightsFolder().string());
    }

    /// Before much is fetched: can these weights be used at all?
    [[nodiscard]] Result<void> checkSmallFiles() const
    {
        TRY(engine::readWeightsInfo(m_folder));
        auto tokenizer = engine::loadTokenizer(m_folder);
        return tokenizer ? Result<void>() : failure(tokenizer);
    }

    [[nodiscard]] Result<void> fetch(const HubFile &file)
    {
        const fs::path target = fileAt(file.name);
        std::error_code code;
        fs::create_directories(target.parent_path(), code);
        if (isRight(file, target, m_context.stop))
            return {};
        if (m_context.stopRequested())
            return base::cancelled();
        Result<void> wrong;
        for (int round = 0; round < 2; ++round) {
            auto isWhole = TRY(fetchPart(file));
            if (isWhole)
                return base::replaceFile(partOf(file), target);
            wrong = failure(ErrorCode::Corrupt,
                            "What the hub gave for \"" + file.name + "\", twice, is not that file. " +
                                whatItIs(partOf(file)) + " It is kept aside. Check the hub's address and try again.",
                            m_request.source.hubId);
            m_here -= static_cast<int64_t>(fs::file_size(partOf(file), code));
            fs::rename(partOf(file), fileAt(file.name + ".wrong"), code);
        }
        return wrong;
    }

    /// False: what came is not the file.
    [[nodiscard]] Result<bool> fetchPart(const HubFile &file)
    {
        auto part = TRY(base::AppendedFile::open(partOf(file)));
        Sum sum(file);
        if (!addFile(sum, part.path(), m_context.stop))
            return failure(ErrorCode::Io, "What was fetched before cannot be read. Check the disk.",
                           part.path().string());
        PartSink sink(std::move(part), std::move(sum), [this](int64_t bytes) {
            m_here += bytes;
            m_fetched += std::max(bytes, int64_t{0});
            m_context.report({m_here / Megabyte, std::max(m_total / Megabyte, int64_t{1}), "Fetching, MB"});
        });
        const std::string path = "/" + m_request.source.hubId + "/resolve/" + m_snapshot.commit + "/" + file.name;
        auto got = m_client.get(path, sink, file.bytes, file.bytes, m_context.stop);
        if (!got && got.error().code == ErrorCode::DiskFull)
            return failure(ErrorCode::DiskFull,
                           "The disk is full. " + std::to_string((m_total - m_here) / Megabyte + 1) +
                               " MB are still missing. Free some space and fetch again; what was fetched is kept.",
                           weightsFolder().string());
        if (!got && got.error().code != ErrorCode::Corrupt)
            return failure(got);
        return got && sink.isRight();
    }

    /// All files at once under their name. Links, so that a kill on the way loses nothing of what was fetched.
    [[nodiscard]] Result<void> place()
    {
        return base::writeFolder(m_target, true, [&](const fs::path &folder) -> Result<void> {
            std::error_code code;
            for (const HubFile &file : m_snapshot.files) {
                const fs::path target = folder / file.name;
                fs::create_directories(target.parent_path(), code);
                fs::create_hard_link(fileAt(file.name), target, code);
                if (code)  // a file system without links
                    fs::copy_file(fileAt(file.name), target, code);
                if (code)
                    return base::Failure(base::systemError(code.value(), target));
            }
            return writeOrigin(folder);
        });
    }

    /// Where they come from, and the prefix that these weights want, where their own files do not say it.
    [[nodiscard]] Result<void> writeOrigin(const fs::path &folder) const
    {
        const WeightsSource &source = m_request.source;
        nlohmann::ordered_json origin{{"hub_id", source.hubId},
                                      {"commit", m_snapshot.commit},
                                      {"licence", m_snapshot.licence},
                                      {"sha256", m_snapshot.files.back().sha256}};
        TRY(base::writeFile(folder / OriginFile, origin.dump(2) + "\n"));
        auto info = TRY(engine::readWeightsInfo(folder));
        if (source.textPrefix.empty() || !info.textPrefix.empty())
            return {};
        const nlohmann::ordered_json prompts{{"prompts", {{"classification", source.textPrefix}}}};
        return base::writeFile(folder / "config_sentence_transformers.json", prompts.dump(2) + "\n");
    }

    const DownloadRequest &m_request;
    const base::WorkContext &m_context;
    HubClient m_client;
    fs::path m_folder;  ///< where files grow
    fs::path m_target;
    HubSnapshot m_snapshot;
    int64_t m_total = 0, m_here = 0, m_fetched = 0;  ///< bytes
};

}  // namespace

Result<DownloadRequest> downloadOf(const std::string &nameOrHubId)
{
    DownloadRequest request;
    request.hub = HubAccess::fromEnvironment();
    const auto known = listWeights();
    const auto found = std::ranges::find_if(known, [&](const BaseWeights &weights) {
        return weights.source && (weights.name == nameOrHubId || weights.source->hubId == nameOrHubId);
    });
    if (found != known.end()) {
        request.source = *found->source;
        request.name = found->name;
        return request;
    }
    if (!isHubId(nameOrHubId))
        return failure(ErrorCode::InvalidInput,
                       "These are no weights that Stillroom knows, nor the name of a repository. Choose some that it "
                       "knows, or name a repository as owner/name.",
                       nameOrHubId);
    request.source.hubId = nameOrHubId;
    request.name = nameOrHubId.substr(nameOrHubId.find('/') + 1);
    return request;
}

Result<DownloadOutcome> fetchWeights(const DownloadRequest &request, const base::WorkContext &context)
{
    const WeightsSource &source = request.source;
    if (!isHubId(source.hubId) || !isPlainName(request.name) || !isPlainName(source.revision))
        return failure(ErrorCode::InvalidInput,
                       "A repository is called owner/name, of letters, digits, '-', '_' and '.'; so is a revision.",
                       source.hubId);
    auto outcome = base::guard(request.name, [&] { return Download(request, context).run(); });
    if (!outcome && outcome.error().code != ErrorCode::Busy)
        removeIfEmpty(downloadFolder(request.name));
    return outcome;
}

}  // namespace core
