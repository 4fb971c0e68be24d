// SPDX-License-Identifier: Apache-2.0
// Mails of which no two are alike: near duplicates would stay on one side of every division.
#pragma once

#include <random>
#include <string>

namespace support {

/// A CSV file of two classes in turn, refund and delivery, told apart by their first words.
inline std::string unlikeMails(int rows)
{
    std::mt19937 random(5);
    std::string csv = "text,label\n";
    for (int i = 0; i < rows; ++i) {
        std::string rest;
        for (int word = 0; word < 6; ++word) {
            rest += ' ';
            for (auto letters = 3 + random() % 5; letters > 0; --letters)
                rest += static_cast<char>('a' + random() % 26);
        }
        csv += i % 2 ? "where is my parcel" + rest + ",delivery\n" : "money back please" + rest + ",refund\n";
    }
    return csv;
}

}  // namespace support
