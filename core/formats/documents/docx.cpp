// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/docx.h"

#include "core/formats/office_package.h"
#include "core/formats/xml_reader.h"

#include <algorithm>
#include <cstdlib>

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// No table has more columns (Word: 63).
constexpr int MostSpan = 1000;

/// Builds blocks from the events of the body. A table in a cell becomes part of that cell's text.
class BodyReader {
public:
    void start(std::string_view name, const XmlHandler::Attribute &attribute)
    {
        if (name == "tbl") {
            if (++m_tables == 1)
                m_table = {content.blocks.size(), 0, {}};
        } else if (name == "tr" && m_tables == 1) {
            m_row.clear();
            m_cells.clear();
        } else if (name == "tc" && m_tables == 1) {
            m_cell.clear();
            m_span = 1;
            m_goesOn = false;
        } else if (name == "gridSpan" && m_tables == 1)
            m_span = std::clamp(std::atoi(attribute("val").c_str()), 1, MostSpan);
        else if (name == "vMerge" && m_tables == 1)
            m_goesOn = attribute("val") != "restart";
        else if (name == "del" || name == "moveFrom" || name == "Fallback")
            ++m_hidden;
        else if (name == "p")
            ++m_paragraphs;
        m_inText = name == "t" && m_hidden == 0;
        if (m_hidden > 0 || m_paragraphs == 0)
            return;
        if (name == "tab" && m_inRun)
            m_text += '\t';
        else if ((name == "br" && attribute("type").empty()) || name == "cr")
            m_text += '\n';
        else if (name == "noBreakHyphen")
            m_text += '-';
        m_inRun = m_inRun || name == "r";
    }

    void end(std::string_view name)
    {
        m_inText = false;
        if (name == "r")
            m_inRun = false;
        else if (name == "del" || name == "moveFrom" || name == "Fallback")
            --m_hidden;
        else if (name == "p" && --m_paragraphs == 0)
            endParagraph();
        else if (name == "tc" && m_tables == 1)
            endCell();
        else if (name == "tr" && m_tables == 1)
            endRow();
        else if (name == "tbl" && --m_tables == 0)
            endTable();
    }

    void text(std::string_view text)
    {
        if (m_inText)
            m_text += text;
    }

    DocumentContent content;

private:
    void endCell()
    {
        m_row += (m_cells.empty() ? "" : "\t") + m_cell;
        // A cell that is merged with the one above it has that one's text.
        if (m_goesOn && !m_table.rows.empty() && m_cells.size() < m_table.rows.back().size())
            m_cell = m_table.rows.back()[m_cells.size()];
        m_cells.push_back(m_cell);
        m_cells.resize(m_cells.size() + static_cast<size_t>(m_span - 1));
    }

    void endRow()
    {
        if (addBlock(m_row))
            m_table.rows.push_back(m_cells);
    }

    void endTable()
    {
        m_table.blocks = content.blocks.size() - m_table.firstBlock;
        if (!m_table.rows.empty())
            content.tables.push_back(std::move(m_table));
    }

    void endParagraph()
    {
        if (m_tables == 0)
            addBlock(m_text);
        else if (!m_text.empty())
            m_cell += (m_cell.empty() ? "" : "\n") + m_text;
        m_text.clear();
    }

    bool addBlock(const std::string &text)
    {
        const bool isFilled = text.find_first_not_of(" \t\r\n") != std::string::npos;
        if (isFilled)
            content.blocks.push_back({text, 0});
        return isFilled;
    }

    std::string m_text, m_cell, m_row;
    std::vector<std::string> m_cells;  ///< of the row
    DocumentTable m_table;
    int m_tables = 0, m_paragraphs = 0, m_hidden = 0, m_span = 1;
    bool m_inText = false, m_inRun = false, m_goesOn = false;
};

}  // namespace

Result<DocumentContent> readDocx(std::string bytes, const std::string &subject)
{
    auto archive = TRY(ZipArchive::open(std::move(bytes), subject));
    auto relations = TRY(relationsOf(archive, "", subject));
    const auto entry = targetOf(relations, "officeDocument");
    if (!entry)
        return failure(ErrorCode::Unsupported, "This is no Word document. Save it as .docx or as text.", subject);
    auto xml = TRY(archive.read(*entry));
    BodyReader reader;
    TRY(readXml(xml,
                {.start = [&](std::string_view name, const auto &attribute) { reader.start(name, attribute); },
                 .end = [&](std::string_view name) { reader.end(name); },
                 .text = [&](std::string_view text) { reader.text(text); }},
                subject));
    return std::move(reader.content);
}

}  // namespace core
