// SPDX-License-Identifier: Apache-2.0
#include "ui/session/teacher_desk.h"

#include "core/tasks/teacher_worth.h"

#include <algorithm>
#include <utility>

using base::failure;
using base::Result;

namespace ui {

namespace {

constexpr int LookEveryMs = 200;
constexpr size_t SampleRows = 10;

}  // namespace

/// Written by the worker, read by the window's timer.
struct TeacherDesk::Shared {
    std::mutex mutex;
    bool isOpening = true;
    std::string address{};  ///< where the service was found
    core::AskingState asking;
    std::vector<std::string> learned;
};

TeacherDesk::TeacherDesk(Session &session, QObject *parent) : QObject(parent), m_session(session), m_keys(this)
{
    // A file that cannot be read is said when something is to be kept in it.
    if (auto settings = core::TeacherSettings::load())
        m_settings = std::move(*settings);
    m_look.setInterval(LookEveryMs);
    connect(&m_look, &QTimer::timeout, this, &TeacherDesk::look);
    connect(&session, &Session::dataChanged, this, &TeacherDesk::changed);
    connect(&m_keys, &KeyRing::found, this, [this](const QString &address, const QString &key) {
        if (address.toStdString() != m_settings.address)
            return;
        m_key = key.toStdString();
        m_isKeyKept = true;
        m_keyWords = tr("From the keychain.");
        Q_EMIT changed();
    });
    connect(&m_keys, &KeyRing::absent, this, [this](const QString &, bool hasKeychain) {
        if (m_key.empty() && !hasKeychain)
            m_keyWords = tr("There is no keychain on this desktop: a key is kept until the program ends.");
        Q_EMIT changed();
    });
    connect(&m_keys, &KeyRing::kept, this, [this] {
        m_keyWords = tr("Kept in the keychain.");
        Q_EMIT changed();
    });
    connect(&m_keys, &KeyRing::notKept, this, [this] {
        m_keyWords = tr("The keychain did not take the key. It is kept until the program ends.");
        Q_EMIT changed();
    });
    readKey();
}

TeacherDesk::~TeacherDesk()
{
    stop();
}

void TeacherDesk::readKey()
{
    if (m_keyAddress == m_settings.address)
        return;
    m_keyAddress = m_settings.address;
    m_key.clear();
    m_isKeyKept = false;
    m_keyWords.clear();
    if (!m_settings.address.empty())
        m_keys.read(QString::fromStdString(m_settings.address));
}

void TeacherDesk::setSettings(const core::TeacherSettings &settings)
{
    const core::TeacherSettings before = std::exchange(m_settings, settings);
    m_samples.clear();
    if (auto saved =
            core::TeacherSettings::update([&](core::TeacherSettings &now) { settings.putChanges(before, now); });
        saved)
        m_settings.takeKnown(*saved);
    else
        Q_EMIT failed(saved.error());
    readKey();
    Q_EMIT changed();
}

void TeacherDesk::setKey(const QString &key, bool keeps)
{
    m_key = key.toStdString();
    m_isKeyKept = keeps && !key.isEmpty();
    m_samples.clear();
    const QString address = QString::fromStdString(m_settings.address);
    m_keyWords = key.isEmpty() ? QString() : tr("Kept until the program ends.");
    if (key.isEmpty())
        m_keys.forget(address);
    else if (keeps)
        m_keys.keep(address, key);
    Q_EMIT changed();
}

core::ChatChoice TeacherDesk::choice(TeacherKind kind) const
{
    core::ChatChoice choice;
    if (kind == TeacherKind::Local) {
        choice.weights = m_settings.weights;
        return choice;
    }
    choice.address = m_settings.address;
    choice.model = m_settings.model;
    choice.key = m_key;
    choice.dialect = m_settings.dialect;
    choice.allowsPlainHttp = m_settings.allowsPlainHttp;
    return choice;
}

core::PromptVersions TeacherDesk::prompts() const
{
    auto versions = core::PromptVersions::of(m_session.service());
    return versions ? std::move(*versions) : core::PromptVersions();
}

void TeacherDesk::setPrompts(const core::PromptVersions &prompts)
{
    core::EditDraft draft;
    draft.title = tr("Change the prompt").toStdString();
    draft.settings.push_back(prompts.change());
    m_session.apply(draft);
    m_samples.clear();
    Q_EMIT changed();
}

void TeacherDesk::start(Work work, TeacherKind kind, const TeacherTerms &terms, int64_t total, const QString &title,
                        Asking asking, std::function<void()> done)
{
    if (m_job)
        return;
    core::ChatChoice who = choice(kind);
    who.mostCost = terms.mostCost;
    auto shared = std::make_shared<Shared>();
    m_shared = shared;
    m_state = State();
    m_state.work = work;
    m_state.kind = kind;
    m_state.isOpening = true;
    m_state.total = total;
    m_began = std::chrono::steady_clock::now();
    m_job = m_session.runner().start(title, core::Lane::Shared,
                                     [folder = m_session.folder(), who, shared,
                                      asking = std::move(asking)](const base::WorkContext &context) -> Result<void> {
                                         auto service = TRY(core::Service::openAgain(folder));
                                         auto source = TRY(core::ChatSource::open(who, context));
                                         {
                                             const std::lock_guard lock(shared->mutex);
                                             shared->address = source.endpoint().address;
                                             shared->learned = source.notes();
                                         }
                                         const auto listener = [&](const core::AskingState &state) {
                                             const std::lock_guard lock(shared->mutex);
                                             shared->isOpening = false;
                                             shared->asking = state;
                                         };
                                         return asking(service, source, listener, context);
                                     });
    m_look.start();
    connect(m_job, &core::Job::finished, this, [this, work, kind, who, job = m_job, done = std::move(done)] {
        look();
        m_look.stop();
        m_job = nullptr;
        m_state.work = Work::None;
        // What was found out of the service has been kept meanwhile. Another window may use another service.
        if (const auto kept = core::TeacherSettings::load())
            m_settings.takeKnown(*kept);
        if (kind == TeacherKind::Service)
            keepFound(who.address);
        if (!job->error())
            done();
        else if (job->error()->code != base::ErrorCode::Cancelled)
            Q_EMIT failed(*job->error());
        m_session.refresh();
        Q_EMIT finished(work);
    });
    Q_EMIT progressed();
}

void TeacherDesk::keepFound(const std::string &entered)
{
    std::string found;
    {
        const std::lock_guard lock(m_shared->mutex);
        found = m_shared->address;
    }
    if (found.empty() || found == entered || m_settings.address != entered)
        return;
    core::TeacherSettings settings = m_settings;
    settings.address = found;
    m_keyAddress = found;  // the key stays
    if (m_isKeyKept)
        m_keys.keep(QString::fromStdString(found), QString::fromStdString(m_key));
    setSettings(settings);
}

void TeacherDesk::look()
{
    {
        const std::lock_guard lock(m_shared->mutex);
        m_state.isOpening = m_shared->isOpening;
        m_state.asking = m_shared->asking;
        m_state.learned = m_shared->learned;
    }
    const auto now = std::chrono::steady_clock::now();
    if (m_state.isOpening)
        m_began = now;
    m_state.seconds = std::chrono::duration<double>(now - m_began).count();
    Q_EMIT progressed();
}

void TeacherDesk::stop()
{
    if (m_job)
        m_job->cancel();
}

void TeacherDesk::examine(TeacherKind kind, const TeacherTerms &terms, std::vector<std::string> versions)
{
    start(
        Work::Exam, kind, terms, terms.rowsOf(m_session.counts().test), tr("Examining a teacher"),
        [versions = std::move(versions), terms](const core::Service &service, core::ChatSource &source,
                                                const core::AskingListener &listener,
                                                const base::WorkContext &context) {
            return core::examineVersions(service, source, source.onItsTerms(terms.job), versions, context, listener,
                                         [](const core::Exam &) {});
        },
        [] {});
}

void TeacherDesk::sample(TeacherKind kind, const TeacherTerms &terms)
{
    auto made = std::make_shared<core::LabelSample>();
    start(
        Work::Sample, kind, terms, static_cast<int64_t>(SampleRows), tr("Trying ten rows"),
        [made, terms](const core::Service &service, core::ChatSource &source, const core::AskingListener &listener,
                      const base::WorkContext &context) -> Result<void> {
            *made = TRY(core::sampleLabels(service, source.endpoint(), source.onItsTerms(terms.job), SampleRows,
                                           context, listener));
            return {};
        },
        [this, made, kind] {
            m_samples[kind] = {std::move(*made), m_state.seconds};
        });
}

void TeacherDesk::label(TeacherKind kind, const TeacherTerms &terms)
{
    auto made = std::make_shared<core::Labelling>();
    m_labelling.reset();
    start(
        Work::Label, kind, terms, terms.rowsOf(m_session.counts().unlabelled), tr("Labelling"),
        [made, terms](const core::Service &service, core::ChatSource &source, const core::AskingListener &listener,
                      const base::WorkContext &context) -> Result<void> {
            core::LabelOptions options = terms.label;
            options.mostRows = terms.job.mostRows;
            options.provenance = core::TeacherProvenance + source.endpoint().model;
            *made = TRY(
                core::labelRows(service, source.endpoint(), source.onItsTerms(terms.job), options, context, listener));
            return {};
        },
        [this, made] { m_labelling = std::move(*made); });
}

const core::LabelSample *TeacherDesk::sampleOrNull(TeacherKind kind) const
{
    const auto found = m_samples.find(kind);
    const bool holds = found != m_samples.end() && found->second.sample.allRows == m_session.counts().unlabelled;
    return holds ? &found->second.sample : nullptr;
}

QString TeacherDesk::warning(TeacherKind kind) const
{
    const auto best = m_session.best();
    const CheckpointView *classifier = best ? m_session.checkpointOrNull(*best) : nullptr;
    const std::string teacher = choice(kind).name();
    if (!classifier || !classifier->exam || classifier->exam->report.rows == 0 || teacher.empty())
        return {};
    const engine::ClassificationReport *own = nullptr;
    const char *examined = kind == TeacherKind::Local ? core::LocalTeacher : core::ServiceTeacher;
    for (const RunView &view : m_session.exams()) {
        const bool isOwn = view.info.examined == examined && view.info.base == teacher && !view.checkpoints.empty();
        if (isOwn && view.checkpoints.front().exam)
            own = &view.checkpoints.front().exam->report;
    }
    return QString::fromStdString(core::warningOf(own, classifier->exam->report, best->text()));
}

std::optional<TeacherDesk::Estimate> TeacherDesk::estimate(TeacherKind kind, const TeacherTerms &terms) const
{
    const core::LabelSample *sample = sampleOrNull(kind);
    if (!sample || sample->rows.empty())
        return std::nullopt;
    Estimate estimate;
    estimate.rows = terms.rowsOf(sample->allRows);
    // With one vote those of the sample are known already.
    const auto asked = static_cast<double>(sample->rows.size());
    const double open = static_cast<double>(estimate.rows) * terms.job.votes - (terms.job.votes == 1 ? asked : 0);
    const auto price = m_settings.priceOf(choice(kind).name());
    estimate.cost = price.of(sample->inputTokens, sample->outputTokens) / asked * std::max(0.0, open);
    if (sample->calls.bought > 0)
        estimate.seconds = m_samples.at(kind).seconds / static_cast<double>(sample->calls.bought) * std::max(0.0, open);
    return estimate;
}

}  // namespace ui
