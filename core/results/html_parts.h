// SPDX-License-Identifier: Apache-2.0
// Pieces of a page that needs nothing but itself: no script, no address, no font from elsewhere.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace core {

/// Text for HTML: nothing in it is markup any more.
[[nodiscard]] std::string escapedHtml(std::string_view text);

[[nodiscard]] std::string percentHtml(double share);                  ///< "93 %"
[[nodiscard]] std::string decimalHtml(double value, int places = 2);  ///< "0.93"

/// A table whose columns from the second on hold figures. Cells are HTML.
class HtmlTable {
public:
    explicit HtmlTable(const std::vector<std::string> &head);
    void add(const std::vector<std::string> &cells);
    [[nodiscard]] std::string html() const;

private:
    std::string m_rows;
};

/// Lines and dots over shares, 0..1 both ways, as SVG.
class HtmlPlot {
public:
    HtmlPlot(std::string xName, std::string yName);
    void addLine(const std::vector<std::pair<double, double>> &points, const char *kind);  ///< first, second, guide
    void addDot(double x, double y, double low, double high);                              ///< with its interval
    [[nodiscard]] std::string html() const;

private:
    [[nodiscard]] static std::string at(double x, double y);

    std::string m_xName, m_yName;
    std::string m_marks;
};

/// A whole page: `body` is HTML, `title` text.
[[nodiscard]] std::string htmlPage(const std::string &title, const std::string &body);

}  // namespace core
