// SPDX-License-Identifier: Apache-2.0
// Patterns that an operator screens messages with. A pattern is words, which a text has next to each other
// and in this order, whatever case, width and punctuation they are written with; a * stands for any text
// between, or next to a word for the rest of that word: "free * prize", "casino*".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::message {

class Pattern {
public:
    explicit Pattern(std::string text);

    const std::string& text() const { return text_; }  // as it was written
    bool is_empty() const { return pieces_.empty(); }  // no word in it: matches nothing
    bool matches(const std::string& screened) const;   // what screened_text made

private:
    std::string text_;
    std::vector<std::string> pieces_;  // between the stars; with a space where a word has to begin or end
};

// A text as patterns want it.
std::string screened_text(std::string_view content);

// The first that matches; nullptr: none does.
const Pattern* find_match(std::span<const Pattern> patterns, const std::string& screened);

}  // namespace tidings::message
