// SPDX-License-Identifier: Apache-2.0
// Background work as the window sees it.
#pragma once

#include "core/base/progress.h"

#include <QObject>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace core {

/// Where work runs. Exclusive: one at a time, in order (training owns the machine). Interactive: one at a time,
/// beside Exclusive (people wait for it). Shared: a few at once.
enum class Lane { Exclusive, Interactive, Shared };

/// The blocking work itself. Tests call it directly, without any thread.
using Work = std::function<base::Result<void>(const base::WorkContext &)>;

/// Lives on the thread of its runner; its functions and signals belong to that thread.
class Job final : public QObject {
    Q_OBJECT
public:
    enum class State { Queued, Running, Succeeded, Failed, Cancelled };
    Q_ENUM(State)

    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const base::Progress &progress() const { return m_progress; }
    [[nodiscard]] const std::optional<base::Error> &error() const { return m_error; }
    [[nodiscard]] bool isFinished() const { return m_state >= State::Succeeded; }
    /// Asks the work to stop; it ends as Cancelled when it has. A queued job never starts.
    void cancel();

Q_SIGNALS:
    void progressChanged();
    void finished();

private:
    friend class JobRunner;
    /// What worker and job share; outlives both.
    struct Shared {
        std::stop_source stop;
        std::mutex mutex;
        base::Progress latest;
        bool posted = false;
    };
    Job(QString title, QObject *parent)
        : QObject(parent), m_title(std::move(title)), m_shared(std::make_shared<Shared>())
    {
    }
    void setState(State state);

    QString m_title;
    State m_state = State::Queued;
    base::Progress m_progress;
    std::optional<base::Error> m_error;
    std::shared_ptr<Shared> m_shared;
};

}  // namespace core
