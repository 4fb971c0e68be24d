// SPDX-License-Identifier: Apache-2.0
#include "core/store/extra_fields.h"

using nlohmann::ordered_json;

namespace core {

namespace {

constexpr size_t MostDepth = 32;  ///< as the readers of files allow

std::string dumped(const ordered_json &value)
{
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Builds the fields of one object. The library's own ordered object looks through all its keys for each new one,
/// which takes 0.3 s for a row of 8,000 columns.
class FieldBuilder final : public nlohmann::json_sax<ordered_json> {
public:
    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t &) override { return put(value); }
    bool string(string_t &value) override { return put(std::move(value)); }
    bool binary(binary_t &) override { return false; }
    bool start_object(std::size_t) override
    {
        if (!m_begun)
            return m_begun = true;
        return open(ordered_json::object());
    }
    bool key(string_t &name) override
    {
        m_keys.push_back(std::move(name));
        return true;
    }
    bool end_object() override { return m_open.empty() || close(); }
    bool start_array(std::size_t) override { return open(ordered_json::array()); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &) override { return false; }

    ExtraFields fields;

private:
    bool open(ordered_json container)
    {
        m_open.push_back(std::move(container));
        return m_open.size() <= MostDepth;
    }

    bool close()
    {
        ordered_json whole = std::move(m_open.back());
        m_open.pop_back();
        return put(std::move(whole));
    }

    bool put(ordered_json value)
    {
        if (!m_begun)
            return false;  // no object
        if (!m_open.empty() && m_open.back().is_array()) {
            m_open.back().push_back(std::move(value));
            return true;
        }
        if (m_open.empty())
            fields.emplace_back(std::move(m_keys.back()), std::move(value));
        else
            m_open.back().get_ref<ordered_json::object_t &>().emplace_back(std::move(m_keys.back()), std::move(value));
        m_keys.pop_back();
        return true;
    }

    bool m_begun = false;
    std::vector<ordered_json> m_open;  ///< containers within the object
    std::vector<std::string> m_keys;   ///< whose values are still to come
};

}  // namespace

ExtraFields extraFields(std::string_view extra)
{
    FieldBuilder builder;
    if (extra.empty() || !ordered_json::sax_parse(extra.begin(), extra.end(), &builder))
        return {};
    return std::move(builder.fields);
}

std::string extraText(const ExtraFields &fields)
{
    std::string text;
    for (const auto &[name, value] : fields)
        text += (text.empty() ? "{" : ",") + dumped(name) + ":" + dumped(value);
    return text.empty() ? text : text + "}";
}

std::string cellText(const ordered_json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.is_null() ? std::string() : dumped(value);
}

}  // namespace core
