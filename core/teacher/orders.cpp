// SPDX-License-Identifier: Apache-2.0
#include "core/teacher/orders.h"

#include "core/base/trimmed.h"
#include "core/teacher/answer_parser.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace core {

namespace {

constexpr std::string_view Spaces = " \t\r\n";

/// Behind the sentence that begins at `begin`: at a line's end, or behind the space that follows . ! or ?
size_t endOfSentence(std::string_view text, size_t begin)
{
    for (size_t at = begin; at < text.size(); ++at) {
        const bool isLineEnd = text[at] == '\n';
        const bool isStop = at > begin && (text[at] == ' ' || text[at] == '\t') &&
                            std::string_view(".!?").find(text[at - 1]) != std::string_view::npos;
        if (isLineEnd || isStop)
            return at + 1;
    }
    return text.size();
}

bool namesLabel(std::string_view sentence, const std::vector<std::string> &labels)
{
    return std::any_of(labels.begin(), labels.end(), [&](const std::string &label) {
        return label.find('_') != std::string::npos && sentence.find(label) != std::string_view::npos;
    });
}

bool isOrder(std::string_view sentence)
{
    std::string folded = " ";
    folded += foldedName(sentence);
    const auto has = [&](std::initializer_list<const char *> words) {
        return std::any_of(words.begin(), words.end(),
                           [&](const char *word) { return folded.find(word) != std::string::npos; });
    };
    const bool overrides = has({" ignore ", " disregard ", " forget ", " override "}) &&
                           has({"instruction", "prompt", " rules", " above", "everything before", "all previous"});
    const bool dictates = has({" label ", " classify ", " categorize ", " categorise "}) &&
                          has({" this as ", " it as ", " this text as ", " all ", " everything "});
    const bool knowsBetter =
        has({" right ", " correct ", " true ", " expected "}) &&
        has({" label is", " class is", " category is", " label for", " class for", " category for"});
    return overrides || dictates || knowsBetter || base::trimmed(sentence) == "###" ||
           has({"system prompt", "you are now", "new instructions", " new task", "answer with the label",
                "answer only with", "reply only with", "\"label\":", "list of classes", "list of labels",
                "list of categories", "language model", "<|im start|>", "[inst]", "[/inst]", "### instruction",
                "</text>", "<text>"});
}

/// Where the first order begins, or the text's size.
size_t beginOfOrders(std::string_view text, const std::vector<std::string> &labels)
{
    for (size_t begin = 0; begin < text.size();) {
        const size_t end = endOfSentence(text, begin);
        const auto sentence = text.substr(begin, end - begin);
        if (isOrder(sentence) || namesLabel(sentence, labels))
            return begin;
        begin = end;
    }
    return text.size();
}

}  // namespace

bool readsLikeInstructions(const std::string &text, const std::vector<std::string> &labels)
{
    return beginOfOrders(text, labels) < text.size();
}

std::string beforeOrders(const std::string &text, const std::vector<std::string> &labels)
{
    const size_t begin = beginOfOrders(text, labels);
    if (begin == text.size())
        return text;
    const size_t last = std::string_view(text).substr(0, begin).find_last_not_of(Spaces);
    return last == std::string::npos ? std::string() : text.substr(0, last + 1);
}

}  // namespace core
