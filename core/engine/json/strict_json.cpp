// SPDX-License-Identifier: Apache-2.0
#include "core/engine/json/strict_json.h"

#include <set>
#include <vector>

namespace engine {

namespace {

/// Checks structure only; a second pass builds the document. Two passes cost little beside reading the file
/// and keep this free of any document type.
class StructureCheck final : public nlohmann::json_sax<nlohmann::json> {
public:
    explicit StructureCheck(JsonLimits limits) : m_limits(limits) { }

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t &) override { return true; }
    bool string(string_t &) override { return true; }
    bool binary(binary_t &) override { return true; }
    bool start_object(std::size_t) override { return push(); }
    bool key(string_t &name) override
    {
        if (!m_limits.allowDuplicates && !m_keys.back().insert(name).second) {
            m_error = "the key \"" + name.substr(0, 80) + "\" stands in it twice";
            return false;
        }
        return true;
    }
    bool end_object() override { return pop(); }
    bool start_array(std::size_t) override { return push(); }
    bool end_array() override { return pop(); }
    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &) override
    {
        m_error = "it is not JSON from byte " + std::to_string(position) + " on";
        return false;
    }

    [[nodiscard]] const std::string &error() const { return m_error; }

private:
    bool push()
    {
        m_keys.emplace_back();
        if (static_cast<int>(m_keys.size()) <= m_limits.maxDepth)
            return true;
        m_error = "it is nested deeper than " + std::to_string(m_limits.maxDepth) + " levels";
        return false;
    }
    bool pop()
    {
        m_keys.pop_back();
        return true;
    }

    JsonLimits m_limits;
    std::vector<std::set<std::string>> m_keys;
    std::string m_error;
};

template <class Json>
base::Result<Json> parse(std::string_view text, JsonLimits limits)
{
    // The parser takes a zero byte for the end of the text and would not see what follows.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return base::failure(base::ErrorCode::Corrupt, "it is not JSON from byte " + std::to_string(zero + 1) + " on");
    StructureCheck check(limits);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &check))
        return base::failure(base::ErrorCode::Corrupt, check.error());
    Json document = Json::parse(text.begin(), text.end(), nullptr, false);
    if (document.is_discarded())
        return base::failure(base::ErrorCode::Corrupt, "it is not JSON");
    return document;
}

}  // namespace

base::Result<nlohmann::json> parseStrictJson(std::string_view text, JsonLimits limits)
{
    return parse<nlohmann::json>(text, limits);
}

base::Result<nlohmann::ordered_json> parseOrderedJson(std::string_view text, JsonLimits limits)
{
    return parse<nlohmann::ordered_json>(text, limits);
}

}  // namespace engine
