// SPDX-License-Identifier: Apache-2.0
#include "core/formats/label_survey.h"

#include "core/base/names.h"
#include "core/formats/class_name.h"
#include "core/formats/label_text.h"

#include <algorithm>

using base::isWithin;
using nlohmann::ordered_json;

namespace core {

namespace {

/// Whether nothing in it could separate labels.
bool standsAlone(const std::string &name)
{
    return name.find_first_of(";|,#\n[") == std::string::npos && name.find("\u3001") == std::string::npos &&
           name.find("\uFF0C") == std::string::npos;
}

class Survey {
public:
    Survey(const RecordFile &file, const ShapeHints &hints, RowRoles &roles)
        : m_file(file), m_hints(hints), m_roles(roles), m_reading(roles.reading)
    {
    }

    void run()
    {
        m_reading.classes = m_hints.classes;
        m_reading.known.insert(m_hints.classes.begin(), m_hints.classes.end());
        m_reading.meaning = m_hints.meaning;
        m_reading.takesSeveral = m_hints.takesSeveral;
        m_reading.isTable = !m_file.columns.empty();
        m_reading.classNames = m_file.classNames;
        const bool hasValues = m_roles.layout == RowRoles::Layout::Value || m_roles.layout == RowRoles::Layout::Columns;
        if (!m_hints.wantsLabel || !hasValues)
            return;
        forEachLabel([this](const ordered_json &value) { look(value); });
        if (!m_hasValue)
            return;
        m_reading.isListed = m_areListed;
        m_reading.hasFractions = m_areNumbers && m_areFractions && m_reading.isTable;
        if (!m_areNumbers)
            m_roles.numbers.clear();
        decide();
    }

private:
    void look(const ordered_json &value)
    {
        m_hasValue = true;
        if (value.is_array()) {
            for (const ordered_json &item : value)
                lookAtNumber(item);
            m_areListed = false;
            return;
        }
        if (value.is_boolean() && !labelsOf(value, m_reading))
            m_roles.unclear.insert(value.dump());
        if (!value.is_string()) {
            m_areListed = false;
            lookAtNumber(value);
            return;
        }
        const std::string name = cleanedClassName(value.get_ref<const std::string &>());
        if (isBracketed(name) && !isWithin(m_hints.classes, name)) {
            m_areNumbers = false;
            return;
        }
        m_areListed = false;
        if (standsAlone(name))
            m_reading.known.insert(name);
        // A cell "0,2" holds two numbers where the whole column does.
        const bool mayHoldSeveral = m_reading.isTable && name.find(',') != std::string::npos;
        for (size_t i = 0; i <= name.size();) {
            const size_t end = mayHoldSeveral ? std::min(name.find(',', i), name.size()) : name.size();
            lookAtNumber(ordered_json(name.substr(i, end - i)));
            i = end + 1;
        }
    }

    void lookAtNumber(const ordered_json &value)
    {
        const auto whole = wholeNumber(value, m_reading.isTable);
        m_areNumbers = m_areNumbers && whole;
        m_areFractions = m_areFractions &&
                         (value.is_number_float() ||
                          (value.is_string() && value.get_ref<const std::string &>().find('.') != std::string::npos));
        if (whole)
            m_roles.numbers.insert(*whole);
    }

    template <class See>
    void forEachLabel(const See &see) const
    {
        for (const Record &record : m_file.records) {
            for (const std::string &column : m_roles.label) {
                const auto value = record.fields.find(column);
                if (value == record.fields.end() || value->is_null())
                    continue;
                if (value->is_string() && cleanedClassName(value->get_ref<const std::string &>()).empty())
                    continue;
                see(*value);
                if (m_roles.layout == RowRoles::Layout::Value)
                    break;
            }
        }
    }

    void decide()
    {
        const bool areNumbers = !m_roles.numbers.empty();
        const bool isOpen = m_hints.numbers == NumberLabels::Automatic;
        m_reading.numbers = !isOpen ? m_hints.numbers
                            : areNumbers && m_reading.classNames.empty()
                                ? decideNumbers(m_roles.numbers, m_reading.classes)
                                : NumberLabels::Names;
        if (!areNumbers)
            return;
        if (m_reading.hasFractions)
            m_roles.notes.emplace_back("The labels are numbers written as 1.0. They are read as 1.");
        const std::string mapping = mappingText(m_roles.numbers, m_reading);
        if (!mapping.empty())
            m_roles.notes.push_back("The labels are numbers: " + mapping + ".");
        else if (!m_reading.classes.empty() && !areNamed())
            m_roles.notes.push_back("The labels are numbers. They are read as names of classes." + otherReadings());
    }

    [[nodiscard]] bool areNamed() const
    {
        return std::all_of(m_roles.numbers.begin(), m_roles.numbers.end(),
                           [&](int64_t number) { return isWithin(m_reading.classes, std::to_string(number)); });
    }

    /// What else the numbers could stand for, where something fits.
    [[nodiscard]] std::string otherReadings() const
    {
        std::string text;
        for (const auto numbers : {NumberLabels::FromZero, NumberLabels::FromOne, NumberLabels::LostZeros}) {
            LabelReading other = m_reading;
            other.numbers = numbers;
            const bool fits = std::all_of(m_roles.numbers.begin(), m_roles.numbers.end(),
                                          [&](int64_t number) { return classOfNumber(number, other).has_value(); });
            if (fits)
                text +=
                    (text.empty() ? " They could also be read as " : ", or as ") + mappingText(m_roles.numbers, other);
        }
        return text.empty() ? text : text + ".";
    }

    const RecordFile &m_file;
    const ShapeHints &m_hints;
    RowRoles &m_roles;
    LabelReading &m_reading;
    bool m_hasValue = false;
    bool m_areNumbers = true, m_areListed = true, m_areFractions = true;
};

}  // namespace

void surveyLabels(const RecordFile &file, const ShapeHints &hints, RowRoles &roles)
{
    Survey(file, hints, roles).run();
}

}  // namespace core
