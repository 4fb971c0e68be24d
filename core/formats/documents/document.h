// SPDX-License-Identifier: Apache-2.0
// Text of a document, in the order in which it is read.
#pragma once

#include <string>
#include <vector>

namespace core {

/// A paragraph, a heading, or a row of a table with its cells between tabs.
struct DocumentBlock {
    std::string text;  ///< UTF-8, not blank
    int page = 0;      ///< from 1; 0 where the format has no pages
};

using Document = std::vector<DocumentBlock>;

/// The cells of a table whose rows are blocks, too. A merged cell stands in each of its rows.
struct DocumentTable {
    size_t firstBlock = 0, blocks = 0;  ///< where it stands in the document
    std::vector<std::vector<std::string>> rows;
};

struct DocumentContent {
    Document blocks;
    std::vector<DocumentTable> tables;
};

}  // namespace core
