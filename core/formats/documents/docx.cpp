// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/docx.h"

#include "core/formats/office_package.h"
#include "core/formats/xml_reader.h"

using base::ErrorCode;
using base::failure;
using base::Result;

namespace core {

namespace {

/// Builds blocks from the events of the body. A table in a cell becomes part of that cell's text.
class BodyReader {
public:
    void start(std::string_view name, const XmlHandler::Attribute &attribute)
    {
        if (name == "tbl")
            ++m_tables;
        else if (name == "tr" && m_tables == 1)
            m_row.clear();
        else if (name == "tc" && m_tables == 1)
            m_cell.clear();
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
            m_row += (m_row.empty() && m_cells++ == 0 ? "" : "\t") + m_cell;
        else if (name == "tr" && m_tables == 1) {
            addBlock(m_row);
            m_cells = 0;
        } else if (name == "tbl")
            --m_tables;
    }

    void text(std::string_view text)
    {
        if (m_inText)
            m_text += text;
    }

    Document document;

private:
    void endParagraph()
    {
        if (m_tables == 0)
            addBlock(m_text);
        else if (!m_text.empty())
            m_cell += (m_cell.empty() ? "" : "\n") + m_text;
        m_text.clear();
    }

    void addBlock(const std::string &text)
    {
        if (text.find_first_not_of(" \t\r\n") != std::string::npos)
            document.push_back({text, 0});
    }

    std::string m_text, m_cell, m_row;
    int m_tables = 0, m_paragraphs = 0, m_hidden = 0, m_cells = 0;
    bool m_inText = false, m_inRun = false;
};

}  // namespace

Result<Document> readDocx(std::string bytes, const std::string &subject)
{
    auto archive = ZipArchive::open(std::move(bytes), subject);
    if (!archive)
        return failure(archive);
    auto relations = relationsOf(*archive, "", subject);
    if (!relations)
        return failure(relations);
    const auto entry = targetOf(*relations, "officeDocument");
    if (!entry)
        return failure(ErrorCode::Unsupported, "This is no Word document. Save it as .docx or as text.", subject);
    auto xml = archive->read(*entry);
    if (!xml)
        return failure(xml);
    BodyReader reader;
    auto read = readXml(*xml,
                        {.start = [&](std::string_view name, const auto &attribute) { reader.start(name, attribute); },
                         .end = [&](std::string_view name) { reader.end(name); },
                         .text = [&](std::string_view text) { reader.text(text); }},
                        subject);
    if (!read)
        return failure(read);
    return std::move(reader.document);
}

}  // namespace core
