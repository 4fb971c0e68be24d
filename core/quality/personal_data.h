// SPDX-License-Identifier: Apache-2.0
// Patterns of personal data in texts: mail addresses, telephone, card and bank account numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace core {

struct PersonalData {
    enum class Kind { Mail, Phone, Card, BankAccount } kind = Kind::Mail;
    size_t begin = 0;  ///< bytes of the text
    size_t end = 0;
};

/// In their order, without overlap. Card numbers have 13 to 19 digits and a right check digit (Luhn, ISO/IEC 7812-1);
/// bank accounts are IBANs of a country's length with a right checksum (ISO 13616, 97-10); telephone numbers begin with
/// + or 00, or are written in groups as national ones are. Numbers within words are none.
[[nodiscard]] std::vector<PersonalData> findPersonalData(std::string_view text);

/// The text with "[mail address]", "[phone number]", "[card number]", "[bank account]" in their place.
[[nodiscard]] std::string withoutPersonalData(std::string_view text);

}  // namespace core
