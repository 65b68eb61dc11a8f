// SPDX-License-Identifier: Apache-2.0
// Statements with the names of what they look for in place of its number on disk.
//
// SQLite takes a partial index only for a statement that has the index's own condition in it: `queue = -5`
// finds callbacks_dead, and `queue = ?` does not, whatever is bound. So these numbers are part of the text,
// which is made once. Where the queue is bound, the condition of the index stands beside it and changes
// nothing else.
#pragma once

#include "message/opt_out.hpp"
#include "store/sqlite/rows.hpp"

#include <fmt/format.h>

#include <string>

namespace tidings::store::sqlite {

// Kept where it does not move: a connection knows statements by the address of their text.
class Statement {
public:
    template <class... Conditions>
    explicit Statement(fmt::format_string<Conditions...> text, Conditions&&... conditions)
        : text_(fmt::format(text, std::forward<Conditions>(conditions)...))
    {
    }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    operator const char*() const { return text_.c_str(); }

private:
    std::string text_;
};

// As it is on disk.
template <class Enum>
constexpr std::int64_t number(Enum value)
{
    return static_cast<std::int64_t>(value);
}

// The conditions of partial indexes of messages (schema.cpp), each with the name of what it holds.
constexpr std::string_view stands_in_line = "queue >= 0";   // messages_queue: due, or with a link
constexpr std::string_view waits_for_a_time = "queue < 0";  // messages_timed
constexpr std::string_view may_expire = "status <= 3 AND expiry IS NOT NULL";  // messages_expiry

inline std::string in(Queue queue) { return fmt::format("queue = {}", number(queue)); }

inline std::string with(message::Wish wish) { return fmt::format("wish = {}", number(wish)); }

}  // namespace tidings::store::sqlite
