// SPDX-License-Identifier: Apache-2.0
// What the window has teachers do: exams, samples and labels by language models, one at a time.
#pragma once

#include "core/tasks/label_task.h"
#include "core/teacher/chat_source.h"
#include "core/teacher/prompt_versions.h"
#include "ui/session/key_ring.h"
#include "ui/session/session.h"

#include <QTimer>
#include <mutex>

namespace ui {

enum class TeacherKind { BuiltIn, Local, Service };

/// How a language model is asked; the rest is in the user's TeacherSettings.
struct TeacherTerms {
    core::TeacherJob job;
    core::LabelOptions label{.toTrain = true};
    std::optional<double> mostCost;

    /// Of so many rows, how many a job is about.
    [[nodiscard]] int64_t rowsOf(int64_t all) const
    {
        return job.mostRows > 0 ? std::min(all, static_cast<int64_t>(job.mostRows)) : all;
    }
};

/// Lives on the GUI thread.
class TeacherDesk final : public QObject {
    Q_OBJECT
public:
    enum class Work { None, Exam, Sample, Label };
    struct State {
        Work work = Work::None;
        TeacherKind kind = TeacherKind::Service;
        bool isOpening = false;  ///< the model is loaded, or the service is asked what it can do
        core::AskingState asking;
        int64_t total = 0;                   ///< rows to ask about; 0: not known yet
        double seconds = 0;                  ///< since the first question
        std::vector<std::string> learned{};  ///< about the service, a sentence each, when it was first asked
    };

    explicit TeacherDesk(Session &session, QObject *parent = nullptr);
    ~TeacherDesk() override;

    [[nodiscard]] const core::TeacherSettings &settings() const { return m_settings; }
    /// What differs from before is kept at once, for all services; what another window keeps stays.
    void setSettings(const core::TeacherSettings &settings);
    [[nodiscard]] bool hasKey() const { return !m_key.empty(); }
    /// Of the service's address; `keeps`: in the keychain, else for this run of the program only.
    void setKey(const QString &key, bool keeps);
    /// What the keychain has to say, as a sentence; may be empty.
    [[nodiscard]] QString keyWords() const { return m_keyWords; }

    [[nodiscard]] core::ChatChoice choice(TeacherKind kind) const;
    [[nodiscard]] core::PromptVersions prompts() const;
    /// One edit of the service.
    void setPrompts(const core::PromptVersions &prompts);

    [[nodiscard]] const State &state() const { return m_state; }
    [[nodiscard]] bool isBusy() const { return m_job != nullptr; }
    /// Each version of the prompt by name; empty: the one in use.
    void examine(TeacherKind kind, const TeacherTerms &terms, std::vector<std::string> versions);
    void sample(TeacherKind kind, const TeacherTerms &terms);
    void label(TeacherKind kind, const TeacherTerms &terms);
    void stop();

    /// The last sample of this kind of teacher, as long as there are the same rows to label; null: none.
    [[nodiscard]] const core::LabelSample *sampleOrNull(TeacherKind kind) const;
    /// What labelling the others will take, by the sample.
    struct Estimate {
        int64_t rows = 0;
        double cost = 0;
        double seconds = 0;
    };
    [[nodiscard]] std::optional<Estimate> estimate(TeacherKind kind, const TeacherTerms &terms) const;
    /// What an exam says against this teacher beside the best classifier, as a sentence; empty: nothing.
    [[nodiscard]] QString warning(TeacherKind kind) const;
    /// What labelling has brought last; null: nothing yet.
    [[nodiscard]] const core::Labelling *labellingOrNull() const { return m_labelling ? &*m_labelling : nullptr; }

Q_SIGNALS:
    void changed();  ///< settings, key or prompts
    void progressed();
    void finished(TeacherDesk::Work work);
    void failed(const base::Error &error);

private:
    struct Shared;
    using Asking = std::function<base::Result<void>(const core::Service &, core::ChatSource &,
                                                    const core::AskingListener &, const base::WorkContext &)>;
    /// Opens service and teacher in the background and lets `asking` use them.
    void start(Work work, TeacherKind kind, const TeacherTerms &terms, int64_t total, const QString &title,
               Asking asking, std::function<void()> done);
    void look();
    void readKey();
    /// Keeps where the service was found in place of what was entered, with its key.
    void keepFound(const std::string &entered);

    Session &m_session;
    core::TeacherSettings m_settings;
    KeyRing m_keys;
    std::string m_key, m_keyAddress;
    QString m_keyWords;
    bool m_isKeyKept = false;  ///< in the keychain
    State m_state;
    core::Job *m_job = nullptr;
    std::shared_ptr<Shared> m_shared;
    QTimer m_look;
    std::chrono::steady_clock::time_point m_began;
    struct Sampled {
        core::LabelSample sample;
        double seconds = 0;  ///< that it took, without loading
    };
    std::map<TeacherKind, Sampled> m_samples;
    std::optional<core::Labelling> m_labelling;
};

}  // namespace ui
