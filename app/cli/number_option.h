// SPDX-License-Identifier: Apache-2.0
// Numbers that an option takes. CLI11's own checks let NaN pass.
#pragma once

#include <CLI/CLI.hpp>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>
#include <string>

namespace cli {

constexpr double NoLimit = std::numeric_limits<double>::infinity();

enum class Lowest { Included, Excluded };

/// Refuses what is no finite number from `low` to `high`, and says which are allowed.
[[nodiscard]] inline CLI::Validator numberFrom(double low, double high, Lowest lowest = Lowest::Included)
{
    const auto text = [](double number) {
        std::ostringstream out;
        out.imbue(std::locale::classic());
        out << number;
        return out.str();
    };
    const bool isAbove = lowest == Lowest::Excluded;
    std::string allowed = isAbove ? "above " + text(low) : text(low);
    if (high == NoLimit)
        allowed += isAbove ? "" : " or more";
    else
        allowed += (isAbove ? " and at most " : " to ") + text(high);
    return {[=](const std::string &given) {
                double number = 0;
                const bool isNumber = CLI::detail::lexical_cast(given, number) && std::isfinite(number);
                const bool isInside = isNumber && (isAbove ? number > low : number >= low) && number <= high;
                return isInside ? std::string() : "It must be a number, " + allowed + ", not " + given;
            },
            "(" + allowed + ")"};
}

/// The same with zero and above.
[[nodiscard]] inline CLI::Validator zeroOrMore()
{
    return numberFrom(0, NoLimit);
}

}  // namespace cli
