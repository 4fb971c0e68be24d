// SPDX-License-Identifier: Apache-2.0
#include "ui/session/session.h"

#include "core/store/backups.h"
#include "ui/session/start_work.h"
#include "ui/words.h"

#include <algorithm>

using base::Result;
using core::Lane;

namespace ui {

namespace {

constexpr int SettledMs = 400;
constexpr int LivenessMs = 1000;
/// Up to here all rows are counted at once, within a few milliseconds.
constexpr int64_t CountedAtOnce = 20'000;

/// Changes whenever rows, classes, settings or their history do; cheap however many rows there are.
std::string signatureOf(const core::Service &service)
{
    auto read = core::guardStore([&]() -> Result<std::string> {
        auto row = service.database().prepare(
            "SELECT coalesce(max(id), 0), coalesce(sum(state), 0), count(*) FROM edit WHERE state BETWEEN 1 AND 4");
        row.step();
        return row.text(0) + "/" + row.text(1) + "/" + row.text(2);
    });
    return read ? *read : std::string();
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const std::filesystem::path &folder, core::JobRunner &runner)
{
    auto service = TRY(core::Service::open(folder));
    auto lock = core::FolderLock::forWindow(folder);
    std::unique_ptr<Session> session(new Session(std::move(service), runner, std::move(lock)));
    session->startWorking();
    return session;
}

Result<std::unique_ptr<Session>> Session::openQuietly(const std::filesystem::path &folder, core::JobRunner &runner)
{
    auto service = TRY(core::Service::open(folder));
    auto lock = core::FolderLock::forWindow(folder);
    return std::unique_ptr<Session>(new Session(std::move(service), runner, std::move(lock)));
}

Session::Session(core::Service service, core::JobRunner &runner, Result<core::FolderLock> lock)
    : m_service(std::move(service)), m_log(m_service.database()), m_runner(runner), m_watcher(m_service.database()),
      m_checker(m_service.folder(), runner), m_deep(m_service.folder(), runner), m_quick(m_service.folder(), runner),
      m_suggester(m_service.folder(), runner)
{
    if (lock)
        m_lock.emplace(std::move(*lock));
    else
        m_lookOnly = lock.error();
    m_settled.setSingleShot(true);
    m_settled.setInterval(SettledMs);
    connect(&m_settled, &QTimer::timeout, this, &Session::settled);
    connect(&m_checker, &Checker::changed, this, &Session::findingsChanged);
    connect(&m_checker, &Checker::failed, this, &Session::failed);
    connect(&m_quick, &QuickTrainer::changed, this, [this] {
        m_suggester.ask(m_quick.classifier());
        Q_EMIT quickChanged();
    });
    connect(&m_suggester, &Suggester::changed, this, &Session::suggestionsChanged);
    connect(&m_suggester, &Suggester::failed, this, &Session::failed);
    connect(&m_deep, &DeepChecker::changed, this, [this] {
        if (!m_deep.isRunning())
            m_checker.setDeep(m_deep.check(), m_deep.newestEdit());
        Q_EMIT deepCheckChanged();
    });
    connect(&m_deep, &DeepChecker::failed, this, &Session::failed);
    connect(&m_quick, &QuickTrainer::failed, this, &Session::failed);
    connect(&m_watcher, &core::StoreWatcher::changed, this, &Session::storeChanged);
    m_liveness.setSingleShot(true);
    m_liveness.setInterval(LivenessMs);
    connect(&m_liveness, &QTimer::timeout, this, &Session::settleDeadRuns);
    readData();
    readRuns();
}

void Session::startWorking()
{
    if (m_isLarge) {  // the rows are seen first
        m_settled.start();
    } else {
        m_checker.ask();
        trainQuickly();
    }
    if (!isReadOnly())
        tidyUp();
}

void Session::tidyUp()
{
    startWork<bool>(
        m_runner, {}, Lane::Shared, this,
        [folder = folder()](const base::WorkContext &) -> Result<bool> {
            auto service = TRY(core::Service::openAgain(folder));
            auto forgotten = core::EditLog(service.database()).forgetDropped();
            return forgotten ? core::backUpDaily(service.database()) : base::failure(forgotten);
        },
        [](const Result<bool> &) {});  // what is not done now is done when the service is opened again
}

const core::Label *Session::labelOrNull(int64_t id) const
{
    const auto found = std::find_if(m_labels.begin(), m_labels.end(), [&](const auto &l) { return l.id == id; });
    return found == m_labels.end() ? nullptr : &*found;
}

std::vector<core::Label> Session::labelsOf(const core::LabelSet &labels) const
{
    std::vector<core::Label> found;
    std::copy_if(m_labels.begin(), m_labels.end(), std::back_inserter(found),
                 [&](const core::Label &label) { return labels.contains(label.id); });
    return found;
}

QString Session::labelWords(const core::LabelSet &labels) const
{
    QStringList names;
    for (const core::Label &label : labelsOf(labels))
        names << className(label.name);
    return names.isEmpty() && labels.isAnswered ? tr("none of them") : names.join(QStringLiteral(", "));
}

Chips Session::chipsOf(const core::LabelSet &labels) const
{
    Chips chips;
    for (const core::Label &label : labelsOf(labels))
        chips << Chip{className(label.name), label.colour};
    if (chips.isEmpty() && labels.isAnswered)
        chips << Chip{labelWords(labels), NoColour};
    return chips;
}

QString Session::labelText(const core::Example &row) const
{
    return QString::fromStdString(m_labelNames.text(row));
}

int64_t Session::colourOf(const std::string &label, int64_t otherwise) const
{
    const auto found = std::find_if(m_labels.begin(), m_labels.end(), [&](const auto &l) { return l.name == label; });
    return found == m_labels.end() ? otherwise : found->colour;
}

bool Session::refuse()
{
    if (m_lookOnly)
        Q_EMIT failed(*m_lookOnly);
    return m_lookOnly.has_value();
}

std::optional<int64_t> Session::apply(const core::EditDraft &draft)
{
    if (refuse())
        return std::nullopt;
    const auto kept = std::make_shared<const core::EditDraft>(draft);  // it may be large: one copy for all
    const auto ended = [this, kept](const Result<std::string> &title) {
        if (!title)
            return Q_EMIT editFailed(title.error(), *kept);
        if (!kept->labels.empty() || !kept->newLabels.empty() || !kept->settings.empty())
            static_cast<void>(m_service.writeMirror());  // a readable copy; the truth is in the store
        readData();
        m_settled.start();
        Q_EMIT edited(QString::fromStdString(*title));
    };
    if (core::EditLog::isLarge(draft)) {
        const auto work = [kept](const core::Service &service,
                                 const base::WorkContext &context) -> Result<std::string> {
            auto edit = core::EditLog(service.database()).applyInSlices(*kept, context);
            return edit ? Result<std::string>(kept->title) : base::failure(edit);
        };
        write(QString::fromStdString(draft.title), work, ended);
        return std::nullopt;
    }
    auto edit = m_log.apply(draft);
    ended(edit ? Result<std::string>(draft.title) : base::failure(edit));
    return edit ? std::optional(*edit) : std::nullopt;
}

void Session::write(const QString &title, Writing work, std::function<void(const Result<std::string> &)> done)
{
    if (m_writing)
        return Q_EMIT failed({base::ErrorCode::Busy, "Many rows are being written. Wait for that, or stop it below.",
                              m_writing->title().toStdString()});
    m_writing = startWork<std::string>(
        m_runner, title, Lane::Shared, this,
        [folder = folder(), work = std::move(work)](const base::WorkContext &context) -> Result<std::string> {
            auto service = TRY(core::Service::openAgain(folder));
            return work(service, context);
        },
        [this, done = std::move(done)](const Result<std::string> &written) {
            m_writing = nullptr;
            if (!written && written.error().code == base::ErrorCode::Cancelled)
                readData();
            else
                done(written);
        });
}

void Session::undo()
{
    step(false);
}

void Session::redo()
{
    step(true);
}

void Session::step(bool redo)
{
    if (refuse())
        return;
    const auto ended = [this, redo](const Result<std::string> &title) {
        if (!title)
            return Q_EMIT failed(title.error());
        readData();
        m_settled.start();
        if (!title->empty())
            Q_EMIT undone(QString::fromStdString(*title), redo);
    };
    const auto work = [redo](const core::Service &service, const base::WorkContext &context) -> Result<std::string> {
        const core::EditLog log(service.database());
        auto info = TRY(redo ? log.redo(context) : log.undo(context));
        return info ? info->title : std::string();
    };
    const auto large = redo ? m_log.isRedoLarge() : m_log.isUndoLarge();
    if (!large)
        Q_EMIT failed(large.error());
    else if (*large || m_writing)
        write(redo ? tr("Redo: %1").arg(redoTitle()) : tr("Undo: %1").arg(undoTitle()), work, ended);
    else
        ended(work(m_service, {}));
}

void Session::keep(const core::SettingKey &key, const std::string &value)
{
    if (refuse())
        return;
    if (auto kept = m_service.setSetting(key, value); !kept)
        Q_EMIT failed(kept.error());
}

void Session::takeBack(int64_t edit)
{
    if (refuse())
        return;
    auto draft = m_log.inverse(edit);
    if (!draft)
        return Q_EMIT failed(draft.error());
    draft->title = tr("Take back: %1").arg(QString::fromStdString(draft->title)).toStdString();
    apply(*draft);
}

void Session::lookDeeper()
{
    const auto newest =
        std::find_if(m_history.begin(), m_history.end(), [](const core::EditInfo &edit) { return !edit.undone; });
    m_deep.start(newest == m_history.end() ? 0 : newest->id);
}

void Session::ignore(const std::string &code, const std::vector<int64_t> &rows)
{
    auto ignored = core::IgnoredFindings::of(m_service);
    if (!ignored)
        return Q_EMIT failed(ignored.error());
    ignored->add(code, rows);
    ignore(std::move(*ignored));
}

void Session::ignore(const core::Finding &finding)
{
    auto ignored = core::IgnoredFindings::of(m_service);
    if (!ignored)
        return Q_EMIT failed(ignored.error());
    ignored->add(finding);
    ignore(std::move(*ignored));
}

void Session::ignore(core::IgnoredFindings ignored)
{
    apply(
        {.title = tr("Ignore a finding").toStdString(), .settings = {{core::keys::IgnoredFindings, ignored.toJson()}}});
}

QString Session::undoTitle() const
{
    const auto found = std::find_if(m_history.begin(), m_history.end(), [](const auto &e) { return !e.undone; });
    return found == m_history.end() ? QString() : QString::fromStdString(found->title);
}

QString Session::redoTitle() const
{
    const auto found = std::find_if(m_history.rbegin(), m_history.rend(), [](const auto &e) { return e.undone; });
    return found == m_history.rend() ? QString() : QString::fromStdString(found->title);
}

void Session::importFiles(std::vector<core::FileToImport> files)
{
    if (refuse())
        return;
    const QString title = files.size() == 1
                              ? tr("Importing %1").arg(QString::fromStdString(files.front().path.filename().string()))
                              : tr("Importing %1 files").arg(files.size());
    startWork<core::ImportSummary>(
        m_runner, title, Lane::Shared, this,
        [folder = folder(), files = std::move(files)](const base::WorkContext &context) -> Result<core::ImportSummary> {
            auto service = TRY(core::Service::openAgain(folder));
            return core::importEach(service, files, context);
        },
        [this](const Result<core::ImportSummary> &summary) {
            refresh();
            if (!summary)
                Q_EMIT failed(summary.error());
            else
                Q_EMIT imported(*summary);
        });
}

void Session::refresh()
{
    readData();
    readRuns();
    m_settled.start();
}

void Session::storeChanged()
{
    if (signatureOf(m_service) != m_dataSignature) {
        readData();
        m_settled.start();
    }
    readRuns();
}

void Session::readData()
{
    m_dataSignature = signatureOf(m_service);
    auto labels = m_service.examples().labels();
    auto history = m_log.history();
    auto name = m_service.setting(core::keys::Name);
    auto task = m_service.setting(core::keys::TaskDescription);
    m_isMultiLabel = m_service.isMultiLabel().value_or(false);
    for (const base::Error *error : {labels ? nullptr : &labels.error(), history ? nullptr : &history.error(),
                                     name ? nullptr : &name.error(), task ? nullptr : &task.error()}) {
        if (error)
            return Q_EMIT failed(*error);
    }
    m_labels = std::move(*labels);
    m_labelNames = core::LabelNames(m_labels);
    m_history = std::move(*history);
    m_name = QString::fromStdString(*name);
    m_task = QString::fromStdString(*task);
    readRows();
    Q_EMIT dataChanged();
}

void Session::readRows()
{
    const auto most = m_service.examples().upperBound();
    m_isLarge = most && *most > CountedAtOnce;
    if (!m_isLarge) {
        if (auto rows = m_service.examples().summary())
            m_rows = std::move(*rows);
        else
            Q_EMIT failed(rows.error());
        return;
    }
    if (m_rows.counts.total() == 0) {  // a service that is opened shows its rows, not that it has none
        const auto counts = m_service.examples().counts();
        m_rows.counts = counts ? *counts : core::SplitCounts{};
    }
    m_rowsAreOld = true;  // counted when the edits have settled
}

void Session::settled()
{
    if (std::exchange(m_rowsAreOld, false))
        countRows();
    m_checker.ask();
    trainQuickly();
}

void Session::countRows()
{
    if (!m_counting.begin())
        return;
    startWork<core::RowSummary>(
        m_runner, {}, Lane::Shared, this,
        [folder = folder()](const base::WorkContext &) -> Result<core::RowSummary> {
            auto database = TRY(core::Database::open(folder / core::Service::DatabaseName, core::OpenMode::ReadOnly));
            return core::ExampleStore(database).summary();
        },
        [this](Result<core::RowSummary> rows) {
            const bool again = m_counting.end();
            if (rows) {
                m_rows = std::move(*rows);
                trainQuickly();
                Q_EMIT rowsCounted();
            } else if (rows.error().code != base::ErrorCode::Cancelled) {
                Q_EMIT failed(rows.error());
            }
            if (again)
                countRows();
        });
}

void Session::trainQuickly()
{
    if (core::canTrainQuickly(m_rows.byLabel))
        m_quick.train();
    else
        m_quick.forget();
}

}  // namespace ui
