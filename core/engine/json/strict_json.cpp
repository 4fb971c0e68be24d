// SPDX-License-Identifier: Apache-2.0
#include "core/engine/json/strict_json.h"

#include <algorithm>
#include <type_traits>
#include <unordered_set>
#include <vector>

namespace engine {

namespace {

/// From so many names on, an object is searched by hash for a name that stands in it twice.
constexpr size_t ManyNames = 16;

/// Builds the document in one pass, with a bounded depth, and in time linear in the number of names: the library's own
/// ordered objects look through all names before for every new one.
template <class Json>
class StrictBuilder final : public nlohmann::json_sax<Json> {
public:
    using Base = nlohmann::json_sax<Json>;
    StrictBuilder(Json &root, JsonLimits limits) : m_root(root), m_limits(limits) { }

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(typename Base::number_integer_t value) override { return put(value); }
    bool number_unsigned(typename Base::number_unsigned_t value) override { return put(value); }
    bool number_float(typename Base::number_float_t value, const typename Base::string_t &) override
    {
        return put(value);
    }
    bool string(typename Base::string_t &value) override { return put(std::move(value)); }
    bool binary(typename Base::binary_t &) override { return false; }  // no JSON text holds it
    bool start_object(std::size_t) override { return push(Json::object()); }
    bool start_array(std::size_t) override { return push(Json::array()); }
    bool end_object() override { return pop(); }
    bool end_array() override { return pop(); }
    bool key(typename Base::string_t &name) override
    {
        Level &level = m_levels.back();
        if (m_limits.allowDuplicates) {
            level.slot = &(*level.value)[name];
            return true;
        }
        if (isKnown(level, name)) {
            m_error = "the key \"" + name.substr(0, 80) + "\" stands in it twice";
            return false;
        }
        level.slot = append(*level.value, std::move(name));
        return true;
    }
    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &) override
    {
        m_error = "it is not JSON from byte " + std::to_string(position) + " on";
        return false;
    }

    [[nodiscard]] const std::string &error() const { return m_error; }

private:
    struct Level {
        Json *value;
        Json *slot = nullptr;  ///< of an object: where the value of the last name goes
        std::unordered_set<std::string> names{};
    };

    bool isKnown(Level &level, const std::string &name)
    {
        const auto &members = level.value->template get_ref<const typename Json::object_t &>();
        if (members.size() < ManyNames) {
            return std::any_of(members.begin(), members.end(),
                               [&](const auto &member) { return member.first == name; });
        }
        if (level.names.empty()) {
            for (const auto &member : members)
                level.names.insert(member.first);
        }
        return !level.names.insert(name).second;
    }

    static Json *append(Json &object, std::string &&name)
    {
        auto &members = object.template get_ref<typename Json::object_t &>();
        if constexpr (std::is_same_v<Json, nlohmann::ordered_json>) {
            using Members = typename Json::object_t::Container;
            return &static_cast<Members &>(members).emplace_back(std::move(name), nullptr).second;
        } else {
            return &members[std::move(name)];
        }
    }

    template <class Value>
    Json *place(Value &&value)
    {
        if (m_levels.empty()) {
            m_root = Json(std::forward<Value>(value));
            return &m_root;
        }
        Level &level = m_levels.back();
        if (level.value->is_array()) {
            level.value->push_back(Json(std::forward<Value>(value)));
            return &level.value->back();
        }
        *level.slot = Json(std::forward<Value>(value));
        return level.slot;
    }

    template <class Value>
    bool put(Value &&value)
    {
        place(std::forward<Value>(value));
        return true;
    }

    bool push(Json &&container)
    {
        if (static_cast<int>(m_levels.size()) >= m_limits.maxDepth) {
            m_error = "it is nested deeper than " + std::to_string(m_limits.maxDepth) + " levels";
            return false;
        }
        m_levels.push_back({place(std::move(container))});
        return true;
    }

    bool pop()
    {
        m_levels.pop_back();
        return true;
    }

    Json &m_root;
    JsonLimits m_limits;
    std::vector<Level> m_levels;
    std::string m_error;
};

template <class Json>
base::Result<Json> parse(std::string_view text, JsonLimits limits)
{
    // The parser takes a zero byte for the end of the text and would not see what follows.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return base::failure(base::ErrorCode::Corrupt, "it is not JSON from byte " + std::to_string(zero + 1) + " on");
    Json document;
    StrictBuilder<Json> builder(document, limits);
    if (!Json::sax_parse(text.begin(), text.end(), &builder))
        return base::failure(base::ErrorCode::Corrupt, builder.error());
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
