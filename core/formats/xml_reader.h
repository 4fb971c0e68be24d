// SPDX-License-Identifier: Apache-2.0
// XML of a stranger, as events. Nothing is declared, expanded or fetched.
#pragma once

#include "core/base/error.h"

#include <functional>
#include <string>
#include <string_view>

namespace core {

/// Names come without their namespace prefix.
struct XmlHandler {
    /// `attribute(name)`: its value, or empty.
    using Attribute = std::function<std::string(std::string_view name)>;
    std::function<void(std::string_view name, const Attribute &attribute)> start;
    std::function<void(std::string_view name)> end;
    std::function<void(std::string_view text)> text;  ///< a text may come in several parts
};

/// Refuses document types (and so entities of their own), more than 256 levels, and what is not well-formed.
[[nodiscard]] base::Result<void> readXml(std::string_view xml, const XmlHandler &handler, const std::string &subject);

}  // namespace core
