// SPDX-License-Identifier: Apache-2.0
#include "core/results/html_parts.h"

#include <cmath>
#include <cstdio>

namespace core {

namespace {

constexpr double Width = 320, Height = 240, Left = 44, Right = 16, Top = 12, Bottom = 40;
constexpr int Steps = 5;

constexpr const char *Style = R"(
:root { color-scheme: light dark; --text: #1e2123; --muted: #625f5a; --line: #dedbd5; --accent: #0b6b74; --ground: #fff; --raised: #faf9f7; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e5; --muted: #a4a9ab; --line: #33393c; --accent: #5abcc6; --ground: #1d2022; --raised: #24282a; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 860px; margin: 32px auto; padding: 0 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 32px 0 8px; }
.lead { font-size: 20px; font-weight: 600; margin: 16px 0 4px; } .muted, figcaption, caption { color: var(--muted); }
table { border-collapse: collapse; width: 100%; font-size: 14px; } caption { text-align: left; padding-bottom: 4px; }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th:first-child, td:first-child, td.words, th.words { text-align: left; } th { color: var(--muted); font-weight: 500; }
td.right { background: color-mix(in srgb, var(--accent) 22%, transparent); } td.wrong { background: #d0754833; }
.scroll { overflow-x: auto; } .plots { display: flex; flex-wrap: wrap; gap: 24px; } figure { margin: 0; }
.card { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; margin: 8px 0; }
svg text { fill: var(--muted); font-size: 11px; } svg .grid { stroke: var(--line); } svg .first { stroke: var(--accent); fill: none; stroke-width: 2; }
svg .second { stroke: var(--muted); fill: none; stroke-dasharray: 5 3; } svg .guide { stroke: var(--muted); fill: none; stroke-dasharray: 1 3; }
svg .dot { fill: var(--accent); stroke: var(--accent); }
@media print { body { margin: 0; max-width: none; } h2, figure, .card { break-inside: avoid; } }
)";

std::string number(double value)
{
    return decimalHtml(value, 1);
}

}  // namespace

std::string escapedHtml(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&': escaped += "&amp;"; break;
        case '<': escaped += "&lt;"; break;
        case '>': escaped += "&gt;"; break;
        case '"': escaped += "&quot;"; break;
        case '\'': escaped += "&#39;"; break;
        default: escaped += c;
        }
    }
    return escaped;
}

std::string percentHtml(double share)
{
    return std::to_string(std::lround(share * 100)) + "&nbsp;%";
}

std::string decimalHtml(double value, int places)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", places, value);
    return text;
}

HtmlTable::HtmlTable(const std::vector<std::string> &head)
{
    m_rows = "<tr>";
    for (const std::string &cell : head)
        m_rows += "<th scope=\"col\">" + cell + "</th>";
    m_rows += "</tr>\n";
}

void HtmlTable::add(const std::vector<std::string> &cells)
{
    m_rows += "<tr>";
    for (const std::string &cell : cells)
        m_rows += cell.starts_with("<td") ? cell : "<td>" + cell + "</td>";
    m_rows += "</tr>\n";
}

std::string HtmlTable::html() const
{
    return "<div class=\"scroll\"><table>\n" + m_rows + "</table></div>\n";
}

HtmlPlot::HtmlPlot(std::string xName, std::string yName) : m_xName(std::move(xName)), m_yName(std::move(yName)) { }

std::string HtmlPlot::at(double x, double y)
{
    return number(Left + x * (Width - Left - Right)) + "," + number(Height - Bottom - y * (Height - Top - Bottom));
}

void HtmlPlot::addLine(const std::vector<std::pair<double, double>> &points, const char *kind)
{
    std::string list;
    for (const auto &[x, y] : points)
        list += at(x, y) + " ";
    m_marks += std::string("<polyline class=\"") + kind + "\" points=\"" + list + "\"/>\n";
}

void HtmlPlot::addDot(double x, double y, double low, double high)
{
    const auto place = [&](double value) { return at(x, value); };
    const std::string middle = place(y);
    const size_t comma = middle.find(',');
    m_marks += "<polyline class=\"dot\" points=\"" + place(low) + " " + place(high) +
               "\"/><circle class=\"dot\" cx=\"" + middle.substr(0, comma) + "\" cy=\"" + middle.substr(comma + 1) +
               "\" r=\"3.5\"/>\n";
}

std::string HtmlPlot::html() const
{
    std::string svg = "<svg role=\"img\" aria-label=\"" + escapedHtml(m_yName) + "\" width=\"" + number(Width) +
                      "\" height=\"" + number(Height) + "\" viewBox=\"0 0 " + number(Width) + " " + number(Height) +
                      "\">\n";
    for (int i = 0; i <= Steps; ++i) {
        const double share = static_cast<double>(i) / Steps;
        svg += "<polyline class=\"grid\" points=\"" + at(0, share) + " " + at(1, share) + "\"/>";
        svg += "<text text-anchor=\"end\" x=\"" + number(Left - 6) + "\" y=\"" +
               number(Height - Bottom - share * (Height - Top - Bottom) + 4) + "\">" + percentHtml(share) + "</text>";
        svg += "<text text-anchor=\"middle\" x=\"" + number(Left + share * (Width - Left - Right)) + "\" y=\"" +
               number(Height - Bottom + 16) + "\">" + percentHtml(share) + "</text>\n";
    }
    svg += "<text text-anchor=\"middle\" x=\"" + number(Width / 2 + 14) + "\" y=\"" + number(Height - 6) + "\">" +
           escapedHtml(m_xName) + "</text>\n" + m_marks + "</svg>";
    return "<figure>" + svg + "<figcaption>" + escapedHtml(m_yName) + "</figcaption></figure>\n";
}

std::string htmlPage(const std::string &title, const std::string &body)
{
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'unsafe-inline'\">\n<title>" +
           escapedHtml(title) + "</title>\n<style>" + Style + "</style>\n</head>\n<body>\n" + body +
           "</body>\n</html>\n";
}

}  // namespace core
