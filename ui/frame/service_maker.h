// SPDX-License-Identifier: Apache-2.0
// Makes new services: the sample, of files, of a folder that describes one, by hand, of a damaged one.
#pragma once

#include "core/jobs/job_runner.h"
#include "ui/message.h"
#include "ui/session/service_place.h"
#include "ui/theme/theme.h"
#include "ui/widgets/dialogs.h"

namespace ui {

class Workspace;

class ServiceMaker final : public QObject {
    Q_OBJECT
public:
    struct Needs {
        const Theme &theme;
        core::JobRunner &runner;
        Dialogs &dialogs;
        std::filesystem::path samples;  ///< folder of sample services
        QString services;               ///< folder in which new services are made
        QWidget *window;                ///< of which the dialogs are
        /// Opens a service in the window; nullptr where that failed, which has been said then.
        std::function<Workspace *(const std::filesystem::path &)> open;
    };
    explicit ServiceMaker(Needs needs);

    void makeSample();
    /// Asks for its name first.
    void makeByHand();
    /// Asks for files, or for a folder, and goes on as makeFrom does.
    void makeFromFiles();
    void makeFromFolder();
    /// A folder that describes a service becomes one as it is. Other files and folders of them are shown in the import
    /// dialog first; only when that is accepted, there is a new service. A service is opened.
    void makeFrom(const std::vector<std::filesystem::path> &places);
    /// What can be read of a damaged service, as a new one.
    void salvage(const std::filesystem::path &damaged);

    /// Whether makeFrom takes it as it is, without the import dialog.
    [[nodiscard]] static bool isWhole(const std::filesystem::path &place);

Q_SIGNALS:
    void message(const ui::Message &message);

private:
    using Work = std::function<base::Result<void>(const base::WorkContext &)>;
    void make(const QString &title, const std::filesystem::path &folder, const Work &work,
              const std::function<void(Workspace &)> &opened);
    void makeDescribed(const std::filesystem::path &source);
    void import(const std::vector<std::filesystem::path> &places);

    Needs m_needs;
};

}  // namespace ui
