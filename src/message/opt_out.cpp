// SPDX-License-Identifier: Apache-2.0
// What a handset may reply to get no more messages. A reply that is nothing but one of the words, however it
// is written, changes the list. One that only sounds so is shown to the operator and changes nothing: who
// writes "Stop by at six?" wants to go on.
//
// Wordings are compared as folded words, without punctuation and apostrophes.
#include "message/opt_out.hpp"

#include "text/folded_words.hpp"

#include <algorithm>
#include <span>
#include <string>

namespace tidings::message {

namespace {

constexpr std::string_view opt_out_words[] = {
    "stop",   "stopall", "stop all", "unsubscribe", "cancel", "end",   "quit",
    "revoke", "opt out", "optout",   "remove",      "arret",  "arrêt",
};
constexpr std::string_view opt_in_words[] = {"start", "unstop"};

constexpr std::string_view first_word_of_doubt = "stop ";
constexpr std::string_view wording_of_doubt[] = {
    "unsubscribe",    "opt out",          "opt me out",     "optout",       "remove me",      "take me off",
    "stop texting",   "stop contacting",  "stop messaging", "stop sending", "do not contact", "dont contact",
    "do not message", "dont message",     "do not send",    "dont send",    "do not text",    "dont text",
    "no more texts",  "no more messages", "leave me alone",
};

constexpr std::size_t looked_at_max = 1'000;  // bytes of a reply: who wants to opt out says so early

bool is_one_of(std::string_view text, std::span<const std::string_view> words)
{
    return std::ranges::find(words, text) != words.end();
}

bool sounds_like_opt_out(const std::string& words)
{
    if (words.starts_with(first_word_of_doubt)) return true;
    std::string padded = " " + words + " ";
    return std::ranges::any_of(wording_of_doubt, [&](std::string_view wording) {
        return padded.find(" " + std::string(wording) + " ") != padded.npos;
    });
}

}  // namespace

Wish wish_of(std::string_view reply)
{
    std::string words = text::folded_words(reply.substr(0, looked_at_max));
    if (reply.size() <= looked_at_max) {
        if (is_one_of(words, opt_out_words)) return Wish::opt_out;
        if (is_one_of(words, opt_in_words)) return Wish::opt_in;
    }
    return sounds_like_opt_out(words) ? Wish::perhaps_opt_out : Wish::none;
}

}  // namespace tidings::message
