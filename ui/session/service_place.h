// SPDX-License-Identifier: Apache-2.0
// How a new service is called, and which folder it gets.
#pragma once

#include <QString>
#include <filesystem>
#include <vector>

namespace ui {

struct ServicePlace {
    QString name;
    std::filesystem::path folder;
};

/// A name for a service made of these files and folders: "support mails 2024" of support_mails_2024.csv.gz. Of several
/// files it is the name of the folder they are in, unless that is one that holds all sorts of things, like Downloads.
[[nodiscard]] QString serviceNameOf(const std::vector<std::filesystem::path> &places);

/// A new folder below `services`, in small letters without spaces. Where one of this name is there already, folder and
/// name get a number.
[[nodiscard]] ServicePlace freeServicePlace(const QString &services, const QString &name);

}  // namespace ui
