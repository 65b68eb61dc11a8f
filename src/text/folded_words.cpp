// SPDX-License-Identifier: Apache-2.0
// Folding is NFKC_Casefold of Unicode: full width, ligatures and letter case fall away, so that ＳＴＯＰ and
// stop are the same word. Apostrophes vanish ("don't" is "dont"), since keyboards have five of them and many
// people use none; whatever else is no letter, digit or mark ends a word.
//
// Every reply is folded, and nearly all are ASCII: those take a way of their own, without ICU.
#include "text/folded_words.hpp"

#include "base/utf8.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdlib>

namespace tidings::text {

namespace {

const icu::Normalizer2& folder()
{
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* folder = icu::Normalizer2::getNFKCCasefoldInstance(error);
    if (U_FAILURE(error)) std::abort();  // ICU without its own data
    return *folder;
}

bool is_ascii(std::string_view text)
{
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

constexpr bool is_apostrophe(UChar32 c)
{
    return c == U'\'' || c == U'’' || c == U'‘' || c == U'ʼ' || c == U'`';
}

// Marks belong to words: without them Hindi would come apart at each vowel.
bool is_of_word(UChar32 c)
{
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');  // folded
    return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

// Takes folded characters one by one.
class Words {
public:
    void take(UChar32 c)
    {
        if (is_apostrophe(c)) return;
        if (!is_of_word(c)) {
            between_ = !text_.empty();
            return;
        }
        if (between_) text_ += ' ';
        between_ = false;
        if (c < 0x80)
            text_ += static_cast<char>(c);
        else
            base::append_utf8(text_, static_cast<char32_t>(c));
    }
    std::string text() { return std::move(text_); }
    void expect(std::size_t size) { text_.reserve(size); }

private:
    std::string text_;
    bool between_ = false;
};

}  // namespace

std::string folded_words(std::string_view utf8)
{
    Words words;
    words.expect(utf8.size());
    if (is_ascii(utf8)) {
        for (char c : utf8) words.take(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        return words.text();
    }
    UErrorCode error = U_ZERO_ERROR;
    icu::StringPiece piece(utf8.data(), static_cast<std::int32_t>(utf8.size()));
    icu::UnicodeString text = folder().normalize(icu::UnicodeString::fromUTF8(piece), error);
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) words.take(text.char32At(i));
    return words.text();
}

}  // namespace tidings::text
