// SPDX-License-Identifier: Apache-2.0
// A file of the import dialog: what was read of it, and what the chosen columns make of that.
#pragma once

#include "core/imports/import_plan.h"
#include "ui/dialogs/import/label_meaning_dialog.h"
#include "ui/session/session.h"

#include <set>

namespace ui {

struct ImportSource {
    /// So many rows are shown.
    static constexpr int PreviewRows = 20;

    core::ImportFile file;
    core::ImportOptions options{};  ///< as chosen
    bool isRead = false;
    bool isKnown = false;  ///< rows of this file are in the service
    std::optional<base::Error> error;
    std::shared_ptr<const core::RecordFile> content;
    // What the choices make of it:
    QString problem;  ///< why no row can be read, e.g. no column is known as the text
    qint64 usable = 0;
    qint64 labelled = 0;  ///< of them, for training
    bool hasSplits = false;
    bool hasSeveral = false;  ///< rows with another number of labels than one
    bool hasExam = false;     ///< rows for the exam
    std::vector<core::Rejection> setAside;
    std::vector<std::string> notes;
    std::set<std::string> labels;
    core::RowRoles roles;
    std::vector<std::string> others;               ///< columns beside text, label and split
    bool isOwn = false;                            ///< an export of this program
    StrangeLabels strange;                         ///< labels that are no class, where the service has classes
    std::optional<core::ImportSummary> rehearsal;  ///< of an own export: what it would change; comes later

    /// Fills in the part above.
    void shape(const Session &session);
    /// Of `content`, in the order of their first appearance.
    [[nodiscard]] std::vector<std::string> columns() const;
    /// How it was read, in a line for people, and what was found out on the way.
    [[nodiscard]] QString details(const Session &session) const;
    /// Whether separator, quotes and first row can be chosen.
    [[nodiscard]] bool isTextTable() const;

    [[nodiscard]] static QString cellText(const nlohmann::ordered_json &value);

private:
    void findStrangeLabels(const std::vector<std::string> &classes, const core::FilePlan &plan);
};

}  // namespace ui
