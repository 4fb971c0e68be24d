// SPDX-License-Identifier: Apache-2.0
// How likely quotation marks, spaces, currency signs and other signs are where they stand.
#pragma once

namespace core {

/// Whether the character belongs to words: a letter or a mark upon one, of any script. Ordinal signs (ª, º) do not.
bool isOfWord(char32_t c);

/// Han, kana and hangul.
bool isEastAsian(char32_t c);

/// Natural logarithm of the probability of a character beyond words, by the characters before and after it (0: none).
/// The numbers are our estimates for letters and notes as people write them; what no writer puts there gets -10 and
/// less: control characters, unassigned ones, lone box drawing, a currency sign within a word.
double signOdds(char32_t before, char32_t sign, char32_t after);

}  // namespace core
