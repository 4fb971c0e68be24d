// SPDX-License-Identifier: Apache-2.0
// What a reader made of a file, as text to compare.
#pragma once

#include "core/formats/record.h"

#include <algorithm>
#include <string>

namespace support {

/// JSON written with single quotation marks, to be read in tests.
inline std::string json(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

/// "1 {...}" a record, a line each.
inline std::string rowsOf(const core::RecordFile &file)
{
    std::string rows;
    for (const auto &record : file.records)
        rows.append(rows.empty() ? "" : "\n")
            .append(std::to_string(record.row))
            .append(" ")
            .append(record.fields.dump());
    return rows;
}

/// "1 text = label" a record; several labels as a list, "-" for none.
inline std::string labelsOf(const core::RecordFile &file)
{
    std::string rows;
    for (const auto &record : file.records) {
        const auto &label = record.fields.at("label");
        rows.append(rows.empty() ? "" : ", ").append(std::to_string(record.row)).append(" ");
        rows.append(record.fields.at("text").get<std::string>()).append(" = ");
        rows.append(label.is_null() ? "-" : label.is_string() ? label.get<std::string>() : label.dump());
    }
    return rows;
}

/// "2 reason" a rejected row, a line each.
inline std::string rejectedOf(const core::RecordFile &file)
{
    std::string rows;
    for (const auto &rejection : file.rejections)
        rows.append(rows.empty() ? "" : "\n")
            .append(std::to_string(rejection.row))
            .append(" ")
            .append(rejection.reason);
    return rows;
}

/// "2,3": the numbers of rejected rows.
inline std::string rejectedRowsOf(const core::RecordFile &file)
{
    std::string rows;
    for (const auto &rejection : file.rejections)
        rows.append(rows.empty() ? "" : ",").append(std::to_string(rejection.row));
    return rows;
}

/// The notes, a line each.
inline std::string notesOf(const core::RecordFile &file)
{
    std::string all;
    for (const auto &note : file.notes)
        all.append(note).append("\n");
    return all;
}

}  // namespace support
