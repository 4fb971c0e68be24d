// SPDX-License-Identifier: Apache-2.0
#include "ui/frame/service_maker.h"

#include "core/service/salvage.h"
#include "core/tasks/init_task.h"
#include "ui/dialogs/import/import_dialog.h"
#include "ui/dialogs/service_dialogs.h"
#include "ui/frame/workspace.h"
#include "ui/session/start_work.h"
#include "ui/words.h"

#include <QTemporaryDir>

namespace fs = std::filesystem;
using base::Result;

namespace ui {

namespace {

/// The folder of the service that this is or whose data file it is; empty: neither.
fs::path serviceAt(const fs::path &place)
{
    std::error_code code;
    if (place.filename() == core::Service::DatabaseName)
        return place.parent_path();
    return fs::exists(place / core::Service::DatabaseName, code) ? place : fs::path();
}

}  // namespace

ServiceMaker::ServiceMaker(Needs needs) : QObject(needs.window), m_needs(std::move(needs)) { }

bool ServiceMaker::isWhole(const fs::path &place)
{
    return !serviceAt(place).empty() || core::describesService(place);
}

void ServiceMaker::make(const QString &title, const fs::path &folder, const Work &work,
                        const std::function<void(Workspace &)> &opened)
{
    auto *job = m_needs.runner.start(title, core::Lane::Shared, work);
    connect(job, &core::Job::finished, this, [this, job, folder, opened] {
        if (job->error()) {
            if (job->error()->code != base::ErrorCode::Cancelled)
                Q_EMIT message(errorMessage(*job->error()));
            return;
        }
        Workspace *workspace = m_needs.open(folder);
        if (workspace && opened)
            opened(*workspace);
    });
}

void ServiceMaker::makeSample()
{
    const fs::path folder = freeServicePlace(m_needs.services, QStringLiteral("shop-mails")).folder;
    make(tr("Making the sample"), folder,
         [source = m_needs.samples / "shop-mails", folder](const base::WorkContext &context) -> Result<void> {
             auto made = core::initFromFolder(folder, source, "Shop mails", context);
             return made ? Result<void>() : base::failure(made);
         },
         {});
}

void ServiceMaker::makeByHand()
{
    NewServiceDialog dialog(m_needs.dialogs, m_needs.services, m_needs.window);
    if (!m_needs.dialogs.run(dialog))
        return;
    const auto folder = toPath(dialog.folder());
    const auto made = core::initByHand(folder, dialog.name().toStdString(), {dialog.task().toStdString(), {}, {}, {}});
    if (!made)
        return Q_EMIT message(errorMessage(made.error()));
    m_needs.open(folder);
}

void ServiceMaker::makeFromFiles()
{
    std::vector<fs::path> files;
    for (const QString &file : m_needs.dialogs.chooseFiles(m_needs.window, tr("Choose files with texts")))
        files.push_back(toPath(file));
    makeFrom(files);
}

void ServiceMaker::makeFromFolder()
{
    const QString folder = m_needs.dialogs.chooseFolder(m_needs.window, tr("Choose a folder with texts"));
    if (!folder.isEmpty())
        makeFrom({toPath(folder)});
}

void ServiceMaker::makeFrom(const std::vector<fs::path> &places)
{
    if (places.empty())
        return;
    if (places.size() == 1) {
        if (const fs::path service = serviceAt(places.front()); !service.empty()) {
            m_needs.open(service);
            return;
        }
        if (core::describesService(places.front()))
            return makeDescribed(places.front());
    }
    // A folder may be large: it is looked through in the background. The dialog gets it whole.
    startWork<bool>(
        m_needs.runner, tr("Looking for files"), core::Lane::Shared, this,
        [places](const base::WorkContext &) -> Result<bool> {
            TRY(core::findImportPlaces(places));
            return true;
        },
        [this, places](const Result<bool> &found) {
            if (found)
                import(places);
            else
                Q_EMIT message(errorMessage(found.error()));
        });
}

void ServiceMaker::makeDescribed(const fs::path &source)
{
    const ServicePlace place = freeServicePlace(m_needs.services, serviceNameOf({source}));
    auto summary = std::make_shared<core::ImportSummary>();
    make(
        tr("Importing %1").arg(place.name), place.folder,
        [source, place, summary](const base::WorkContext &context) -> Result<void> {
            auto made = TRY(core::initFromFolder(place.folder, source, place.name.toStdString(), context));
            summary->rejected = std::move(made.rejected);
            return {};
        },
        [summary](Workspace &workspace) {
            summary->imported = workspace.session().counts().total();
            if (!summary->rejected.empty())
                workspace.sayImported(*summary);
        });
}

void ServiceMaker::import(const std::vector<fs::path> &places)
{
    // The dialog asks about a service, and there is none before it is accepted: it gets an empty one of its own.
    const QTemporaryDir scratch;
    if (!scratch.isValid())
        return Q_EMIT message(
            errorMessage({base::ErrorCode::Io, "No temporary folder could be made. Check the free space.",
                          scratch.path().toStdString()}));
    const fs::path empty = toPath(scratch.filePath(QStringLiteral("service")));
    if (auto made = core::initByHand(empty, "empty", {}); !made)
        return Q_EMIT message(errorMessage(made.error()));
    auto session = Session::openQuietly(empty, m_needs.runner);
    if (!session)
        return Q_EMIT message(errorMessage(session.error()));
    QStringList names;
    for (const fs::path &place : places)
        names << toQString(place);
    std::vector<core::FileToImport> files;
    {
        ImportDialog dialog(m_needs.theme, **session, m_needs.dialogs, names, core::Split::Train, m_needs.window);
        if (m_needs.dialogs.run(dialog))
            files = dialog.files();
    }
    if (files.empty())
        return;
    const ServicePlace place = freeServicePlace(m_needs.services, serviceNameOf(places));
    auto summary = std::make_shared<core::ImportSummary>();
    make(
        tr("Importing %1").arg(place.name), place.folder,
        [place, files = std::move(files), summary](const base::WorkContext &context) -> Result<void> {
            auto made = TRY(core::initFromFiles(place.folder, place.name.toStdString(), files, context));
            *summary = std::move(made);
            return {};
        },
        [summary](Workspace &workspace) {
            workspace.show(Step::Data);
            workspace.sayImported(*summary);
        });
}

void ServiceMaker::salvage(const fs::path &damaged)
{
    const QString name = toQString(damaged.filename());
    const fs::path folder = freeServicePlace(m_needs.services, name + QStringLiteral("-salvaged")).folder;
    auto report = std::make_shared<core::SalvageReport>();
    make(
        tr("Salvaging %1").arg(name), folder,
        [damaged, folder, report](const base::WorkContext &context) -> Result<void> {
            auto salvaged = TRY(core::salvage(damaged, folder, context));
            *report = std::move(salvaged);
            return {};
        },
        [this, report](Workspace &) {
            QStringList lines;
            for (const std::string &line : report->lines())
                lines << QString::fromStdString(line);
            const QString first = lines.takeFirst();
            Q_EMIT message({Message::State::Success, first, lines.join(u' '), {}, {}, {}, true});
        });
}

}  // namespace ui
