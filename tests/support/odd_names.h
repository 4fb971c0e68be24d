// SPDX-License-Identifier: Apache-2.0
// Names of classes that other programs lose, and a service that has them.
#pragma once

#include "core/rows/label_names.h"
#include "core/store/edit_log.h"
#include "core/store/label_set.h"
#include "tests/support/support.h"

#include <map>

namespace support {

inline const std::vector<std::string> &oddNames()
{
    static const std::vector<std::string> names = {
        // separators and quotes
        "Order, invoice", "Parcel; late", "a; b", "a", "b", "y|z", "#tag", "left\tright", "say \"yes\"", "'apostrophe'",
        "`code`", "\"", "'", ",", ";", "|", "a、b", "a，b", "; x", "x;",
        // what a spreadsheet runs or changes
        "=2+3", "+7", "-7", "@shop", "0", "2", "02", "1.0", "1e5", "2024-01-31", "100%", "'=x", "''", "_x0041_",
        "\xEF\xBC\x9Dx", "TRUE", "True",
        // lists, maps and other values
        "[y]", "[y, z]", "[\"q\"]", "['q']", "{y}", "{\"b\": 2}", "{}", "[", "{", "NA", "N/A", "null", "nan", "None",
        "-", "?", "not refund", "unsure", "LABEL_1", "key=value", "label", "text",
        // paths, markup, places in sentences
        "in/out", "in\\out", "C:\\temp\\", ".", "..", "<i>thin</i>", "<!-- x -->", "R&D", "&amp;", "*star*", "__bold__",
        "[link](x)", "%1", "%s", "{{task}}", "\\n", "https://example.org/?a=1&b=2",
        // letters of all kinds
        "🎁 gift", "👨‍👩‍👧", "مرحبا", "می‌خواهم", "th\u00E9", "the\u0301", "ＦＵＬＬ", "STRASSE",
        "Straße", "first\nsecond", "money\u00A0back", "a_b", "a b", std::string(500, 'w'), "größer als 5 €"};
    return names;
}

inline std::string rowText(size_t i)
{
    return "This is the text of row " + std::to_string(i);
}

/// A service with these classes, in this order, and no rows.
inline core::Service serviceWithClasses(const std::filesystem::path &folder, const std::vector<std::string> &names,
                                        bool several)
{
    core::JobDescription job{.taskDescription = "Sort", .classes = {}, .isMultiLabel = several};
    for (const std::string &name : names)
        job.classes.push_back({name, {}});
    auto service = core::Service::create(folder, "odd", job);
    if (!service)
        qFatal("%s", service.error().message.c_str());
    return std::move(*service);
}

/// One class each, and where rows may have several also every class beside others, and none.
inline std::vector<std::vector<size_t>> rowsOfClasses(size_t classes, bool several)
{
    std::vector<std::vector<size_t>> rows;
    for (size_t i = 0; i < classes; ++i)
        rows.push_back({i});
    for (size_t i = 0; several && i < classes; ++i) {
        rows.push_back({i, (i + 1) % classes});
        rows.push_back({i, (i + 7) % classes, (i + 19) % classes});
    }
    if (several)
        rows.push_back({});
    return rows;
}

/// Adds rows of train by the places of their classes; text i is rowText(i).
inline void addRows(const core::Service &service, const std::vector<std::vector<size_t>> &rows)
{
    const auto labels = service.examples().labels();
    core::EditDraft draft{.title = "Rows"};
    for (size_t i = 0; labels && i < rows.size(); ++i) {
        std::vector<int64_t> ids;
        for (const size_t place : rows[i])
            ids.push_back(labels->at(place).id);
        core::Example row{.text = rowText(i)};
        core::setLabels(row, core::labelSet(std::move(ids)));
        draft.newRows.push_back(std::move(row));
    }
    if (!core::EditLog(service.database()).apply(draft))
        qFatal("the rows could not be added");
}

/// The labels of each text.
inline std::map<std::string, std::vector<std::string>> labelsByText(const core::Service &service)
{
    std::map<std::string, std::vector<std::string>> labels;
    const auto names = core::LabelNames::read(service);
    const auto read = service.examples().forEach(
        {}, [&](const core::Example &row) { labels[row.text] = names->of(core::labelsOf(row)); });
    if (!names || !read)
        qFatal("the rows could not be read");
    for (auto &[text, list] : labels)
        std::sort(list.begin(), list.end());
    return labels;
}

}  // namespace support
