// SPDX-License-Identifier: Apache-2.0
// A pattern becomes pieces, the texts between its stars, each folded into words. They must be found in the
// screened text one behind the other. That text, too, is folded words, with a space at either end, so that
// "a word begins here" is a space in the piece: "casino*" is " casino", "free * prize" is " free " and "
// prize ".
//
// Folding first is what makes a pattern hard to evade: letter case, full width, punctuation between letters
// of different words and doubled blanks are gone before anything is compared.
#include "message/screening.hpp"

#include "text/folded_words.hpp"

#include <algorithm>

namespace tidings::message {

namespace {

// Whether a word goes on across this end of a piece: the star beyond touches it.
bool touches(std::string_view piece, std::size_t end) { return !piece.empty() && piece[end] != ' '; }

}  // namespace

Pattern::Pattern(std::string text) : text_(std::move(text))
{
    std::string_view rest = text_;
    for (bool is_first = true, is_last = false; !is_last; is_first = false) {
        std::size_t star = rest.find('*');
        is_last = star == rest.npos;
        std::string_view piece = rest.substr(0, star);
        if (!is_last) rest.remove_prefix(star + 1);
        std::string words = text::folded_words(piece);
        if (words.empty()) continue;
        if (is_first || !touches(piece, 0)) words.insert(0, 1, ' ');
        if (is_last || !touches(piece, piece.size() - 1)) words += ' ';
        pieces_.push_back(std::move(words));
    }
}

bool Pattern::matches(const std::string& screened) const
{
    std::size_t from = 0;
    for (const std::string& piece : pieces_) {
        std::size_t at = screened.find(piece, from);
        if (at == screened.npos) return false;
        from =
            at + piece.size() - (piece.back() == ' ' ? 1 : 0);  // a space ends one word and begins the next
    }
    return !is_empty();
}

std::string screened_text(std::string_view content) { return " " + text::folded_words(content) + " "; }

const Pattern* find_match(std::span<const Pattern> patterns, const std::string& screened)
{
    auto found = std::ranges::find_if(patterns, [&](const Pattern& it) { return it.matches(screened); });
    return found == patterns.end() ? nullptr : &*found;
}

}  // namespace tidings::message
