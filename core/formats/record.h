// SPDX-License-Identifier: Apache-2.0
// What the readers of files have in common: records with names and numbers, and what could not be read.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace core {

/// A row as its file gives it, before it is known what the columns mean.
struct Record {
    int64_t row = 0;                ///< as people count: CSV with its header as row 1, JSON lines by line
    nlohmann::ordered_json fields;  ///< object; cells of CSV are strings
};

/// A row that was left out, and why, in words for people.
struct Rejection {
    int64_t row = 0;
    std::string reason;
};

/// Why lines above the names of the columns are left out.
constexpr const char *AboveHeader = "it stands above the header";

struct RecordFile {
    std::vector<std::string> columns;  ///< of tables; each name once: a second "label" is "label (2)"
    std::vector<Record> records;
    std::vector<Rejection> rejections;
    std::string encoding;                       ///< of text files
    std::string sheet;                          ///< of a workbook
    std::vector<std::string> sheets;            ///< its visible ones
    bool encodingIsCertain = true;              ///< false: guessed among offeredEncodings
    std::vector<std::string> offeredEncodings;  ///< likeliest first
    int64_t replacedBytes = 0;                  ///< that were no text and became U+FFFD
    std::vector<std::string> notes;             ///< what the reader decided that people should know, a sentence each
    std::vector<std::string> classNames;        ///< of integer labels from 0 on, where the data set itself names them
    bool hasPlaces = false;                     ///< of a document: each record says where in it it stands, in "place"
    bool hasHeader = true;                      ///< tables: false where the columns are named "column 1" and so on
};

}  // namespace core
