// SPDX-License-Identifier: Apache-2.0
// A file of the import dialog: what was read of it, and what the chosen columns make of that.
#pragma once

#include "ui/session/session.h"

#include <set>

namespace ui {

struct ImportSource {
    /// So many rows are shown.
    static constexpr int PreviewRows = 20;

    std::filesystem::path path;
    core::Split split = core::Split::Train;
    std::string textColumn, labelColumn;  ///< empty: found by its known name
    core::ReadOptions read;               ///< as chosen
    bool isRead = false;
    std::optional<base::Error> error;
    std::shared_ptr<const core::RecordFile> content;
    // What the chosen columns make of it:
    qint64 usable = 0;
    std::vector<core::Rejection> setAside;
    std::set<std::string> labels;
    bool hasSeveral = false;  ///< rows with another number of labels than one

    /// Fills in the part above.
    void shape(const Session &session);
    /// Of `content`, in the order of their first appearance.
    [[nodiscard]] std::vector<std::string> columns() const;
    /// How it was read, in a line for people.
    [[nodiscard]] QString details(const Session &session) const;

    /// By the file's name.
    [[nodiscard]] static core::Split guessSplit(const std::filesystem::path &path, core::Split otherwise);
    [[nodiscard]] static QString cellText(const nlohmann::ordered_json &value);
};

}  // namespace ui
