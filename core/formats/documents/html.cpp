// SPDX-License-Identifier: Apache-2.0
#include "core/formats/documents/html.h"

#include "core/base/lowered.h"
#include "core/base/trimmed.h"
#include "core/formats/encoding.h"

#include <algorithm>
#include <charconv>
#include <libxml/HTMLparser.h>
#include <limits>
#include <memory>
#include <set>

using base::ErrorCode;
using base::failure;
using base::Result;
using base::trimmed;

namespace core {

namespace {

constexpr size_t SeenForEncoding = 4096;
/// No table spreads a cell over more rows or columns.
constexpr int MostSpan = 1000;

std::string_view nameOf(const xmlNode *node)
{
    return node->name ? reinterpret_cast<const char *>(node->name) : std::string_view();
}

bool isElement(const xmlNode *node, std::string_view name)
{
    return node->type == XML_ELEMENT_NODE && nameOf(node) == name;
}

std::string attribute(const xmlNode *node, const char *name)
{
    const std::unique_ptr<xmlChar, void (*)(void *)> value(
        xmlGetProp(const_cast<xmlNode *>(node), reinterpret_cast<const xmlChar *>(name)), [](void *p) { xmlFree(p); });
    return value ? reinterpret_cast<const char *>(value.get()) : std::string();
}

bool hasAttribute(const xmlNode *node, const char *name)
{
    return xmlHasProp(const_cast<xmlNode *>(node), reinterpret_cast<const xmlChar *>(name)) != nullptr;
}

bool isShown(const xmlNode *node)
{
    static const std::set<std::string_view> hidden{"script", "style",    "template", "head",   "noscript", "svg",
                                                   "math",   "object",   "iframe",   "canvas", "select",   "audio",
                                                   "video",  "datalist", "title",    "meta",   "link"};
    if (hidden.contains(nameOf(node)) || hasAttribute(node, "hidden"))
        return false;
    std::string style = base::lowered(attribute(node, "style"));
    std::erase_if(style, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
    return style.find("display:none") == std::string::npos && style.find("visibility:hidden") == std::string::npos;
}

bool isBlock(std::string_view name)
{
    static const std::set<std::string_view> blocks{
        "address", "article", "aside", "blockquote", "body",    "caption", "center",   "dd",
        "details", "dialog",  "dir",   "div",        "dl",      "dt",      "fieldset", "figcaption",
        "figure",  "footer",  "form",  "h1",         "h2",      "h3",      "h4",       "h5",
        "h6",      "header",  "hr",    "html",       "legend",  "li",      "main",     "menu",
        "nav",     "ol",      "p",     "pre",        "section", "summary", "table",    "tbody",
        "td",      "tfoot",   "th",    "thead",      "tr",      "ul"};
    return blocks.contains(name);
}

int spanOf(const xmlNode *cell, const char *name)
{
    const std::string text = attribute(cell, name);
    int span = 1;
    std::from_chars(text.data(), text.data() + text.size(), span);
    return std::clamp(span, 1, MostSpan);
}

/// Text with the blanks of a page made one, as a browser shows it.
class ShownText {
public:
    void add(std::string_view text, bool isKept)
    {
        for (size_t i = 0; i < text.size(); ++i) {
            const bool isFixed = text.substr(i, 2) == "\xC2\xA0";  // a space that does not end a line
            const char c = isFixed ? ' ' : text[i];
            i += isFixed ? 1 : 0;
            const bool isBlank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
            if (isBlank && !isKept)
                m_waits = true;
            else if (isKept && c == '\r')
                continue;
            else
                put(c);
        }
    }

    void breakLine()
    {
        m_waits = false;
        m_text += '\n';
    }

    std::string take()
    {
        std::string text(trimmed(m_text));
        m_text.clear();
        m_waits = false;
        return text;
    }

private:
    void put(char c)
    {
        if (m_waits && !m_text.empty() && m_text.back() != '\n')
            m_text += ' ';
        m_waits = false;
        m_text += c;
    }

    std::string m_text;
    bool m_waits = false;  ///< a blank that counts once something follows
};

class PageReader {
public:
    DocumentContent content;

    void read(const xmlNode *node)
    {
        walk(node, false);
        finish();
    }

private:
    // libxml2 refuses pages that are nested deeper than 256 levels.
    void walk(const xmlNode *node, bool isKept)
    {
        for (; node; node = node->next) {
            if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
                if (node->content)
                    m_text.add(reinterpret_cast<const char *>(node->content), isKept);
                continue;
            }
            if (node->type != XML_ELEMENT_NODE || !isShown(node))
                continue;
            const std::string_view name = nameOf(node);
            if (name == "br") {
                m_text.breakLine();
                continue;
            }
            if (name == "table" && isDataTable(node)) {
                finish();
                readTable(node);
                continue;
            }
            const bool block = isBlock(name);
            if (block)
                finish();
            walk(node->children, isKept || name == "pre" || name == "textarea");
            if (block)
                finish();
        }
    }

    void finish()
    {
        if (std::string text = m_text.take(); !text.empty())
            content.blocks.push_back({std::move(text), 0});
    }

    template <class F>
    static void forRows(const xmlNode *table, F &&visit)
    {
        for (const xmlNode *part = table->children; part; part = part->next) {
            if (isElement(part, "tr"))
                visit(part);
            if (!isElement(part, "tbody") && !isElement(part, "thead") && !isElement(part, "tfoot"))
                continue;
            for (const xmlNode *row = part->children; row; row = row->next) {
                if (isElement(row, "tr"))
                    visit(row);
            }
        }
    }

    static bool isCell(const xmlNode *node) { return isElement(node, "td") || isElement(node, "th"); }

    static bool holdsTable(const xmlNode *node)
    {
        for (; node; node = node->next) {
            if (isElement(node, "table") || (node->type == XML_ELEMENT_NODE && holdsTable(node->children)))
                return true;
        }
        return false;
    }

    /// Two rows or more of which one has two cells or more, and no table within: others lay out the page.
    static bool isDataTable(const xmlNode *table)
    {
        if (attribute(table, "role") == "presentation" || holdsTable(table->children))
            return false;
        int rows = 0, widest = 0;
        forRows(table, [&](const xmlNode *row) {
            int cells = 0;
            for (const xmlNode *cell = row->children; cell; cell = cell->next)
                cells += isCell(cell) ? 1 : 0;
            rows += cells > 0 ? 1 : 0;
            widest = std::max(widest, cells);
        });
        return rows >= 2 && widest >= 2;
    }

    std::string cellText(const xmlNode *cell)
    {
        PageReader inner;
        inner.read(cell->children);
        std::string text;
        for (const DocumentBlock &block : inner.content.blocks)
            text += (text.empty() ? "" : "\n") + block.text;
        return text;
    }

    void readTable(const xmlNode *node)
    {
        for (const xmlNode *part = node->children; part; part = part->next) {
            if (isElement(part, "caption") && isShown(part)) {
                walk(part->children, false);
                finish();
            }
        }
        struct Hanging {
            int rows = 0;
            std::string text;
        };
        DocumentTable table{content.blocks.size(), 0, {}};
        std::vector<Hanging> hanging;  // cells that reach into the rows below, by column
        forRows(node, [&](const xmlNode *row) {
            if (!isShown(row))
                return;
            std::vector<std::string> cells;
            const auto fillHanging = [&] {
                while (cells.size() < hanging.size() && hanging[cells.size()].rows > 0) {
                    Hanging &from = hanging[cells.size()];
                    --from.rows;
                    cells.push_back(from.text);
                }
            };
            for (const xmlNode *cell = row->children; cell; cell = cell->next) {
                if (!isCell(cell))
                    continue;
                fillHanging();
                const std::string text = isShown(cell) ? cellText(cell) : std::string();
                const int columns = spanOf(cell, "colspan"), rows = spanOf(cell, "rowspan");
                for (int i = 0; i < columns; ++i) {
                    if (rows > 1) {
                        hanging.resize(std::max(hanging.size(), cells.size() + 1));
                        hanging[cells.size()] = {rows - 1, i == 0 ? text : std::string()};
                    }
                    cells.push_back(i == 0 ? text : std::string());
                }
            }
            fillHanging();
            std::string line;
            for (size_t i = 0; i < cells.size(); ++i)
                line += (i == 0 ? "" : "\t") + cells[i];
            if (trimmed(line).empty())
                return;
            content.blocks.push_back({std::move(line), 0});
            table.rows.push_back(std::move(cells));
        });
        table.blocks = content.blocks.size() - table.firstBlock;
        if (!table.rows.empty())
            content.tables.push_back(std::move(table));
    }

    ShownText m_text;
};

/// charset=... of a meta element, or encoding="..." of an XML declaration.
std::string declaredEncoding(std::string_view bytes)
{
    const std::string head = base::lowered(std::string(bytes.substr(0, SeenForEncoding)));
    const size_t meta = head.find("<meta");
    const bool isXml = head.starts_with("<?xml");
    const size_t at = isXml && head.find("encoding=") < head.find("?>")
                          ? head.find("encoding=")
                          : head.find("charset", meta == std::string::npos ? head.size() : meta);
    if (at == std::string::npos)
        return {};
    size_t begin = head.find_first_not_of(" \t='\"", head.find('=', at));
    if (begin == std::string::npos)
        return {};
    const size_t end = std::min(head.find_first_of(" \t\r\n'\";>/", begin), head.size());
    return head.substr(begin, end - begin);
}

Result<std::string> asUtf8(std::string bytes, const std::string &subject, const std::string &encoding)
{
    std::string wanted = encoding.empty() ? declaredEncoding(bytes) : encoding;
    // Browsers read these as their larger sets; a page that says UTF-16 in letters of one byte is not.
    if (wanted == "iso-8859-1" || wanted == "latin1" || wanted == "us-ascii" || wanted == "ascii")
        wanted = "windows-1252";
    if (wanted.starts_with("utf-16") || wanted == "utf8")
        wanted = "utf-8";
    if (!wanted.empty()) {
        auto declared = decodeText(bytes, subject, wanted);
        const bool isMarked = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
        if (declared && !isMarked && declared->replaced == 0)
            return std::move(declared->text);
    }
    auto decoded = TRY(decodeText(std::move(bytes), subject, {}));
    return std::move(decoded.text);
}

}  // namespace

Result<DocumentContent> readHtml(std::string bytes, const std::string &subject, const std::string &encoding)
{
    auto text = TRY(asUtf8(std::move(bytes), subject, encoding));
    if (text.size() > static_cast<size_t>(std::numeric_limits<int>::max()))
        return failure(ErrorCode::InvalidInput, "This page is larger than 2 GB. Save it in parts.", subject);
    constexpr int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
    const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> page(
        htmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", options), &xmlFreeDoc);
    if (!page || !xmlDocGetRootElement(page.get()))
        return failure(ErrorCode::InvalidInput, "There is no text in this page.", subject);
    PageReader reader;
    reader.read(xmlDocGetRootElement(page.get()));
    return std::move(reader.content);
}

std::string htmlText(std::string bytes, const std::string &encoding)
{
    const auto content = readHtml(std::move(bytes), "", encoding);
    std::string text;
    if (content) {
        for (const DocumentBlock &block : content->blocks)
            text += (text.empty() ? "" : "\n") + block.text;
    }
    return text;
}

}  // namespace core
