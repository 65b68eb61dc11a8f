// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace tidings::webhook {

// What may be spent on making one request of a webhook, its URL and its body together: steps, and bytes of
// text. Each text counts that is made on the way, also one that only another is made from: a template of 4 KB
// could else double a text thirty times. Who has spent more than there is stops; what it made is of no use.
class Budget {
public:
    static constexpr std::size_t steps_max =
        10'000;  // texts, references, directives and operands gone through
    static constexpr std::size_t text_max = 1 << 20;  // 16 times the longest template
    static constexpr std::size_t text_per_byte = 8;   // of attachments: base64 that is escaped and written

    // The whole of it, which costs 20 ms at worst (bench/micro.cpp), beside what attachments need.
    static Budget full(std::size_t attachment_bytes = 0)
    {
        return {steps_max, text_max + text_per_byte * attachment_bytes};
    }
    // Enough for nearly every template, and so little, 0.2 ms, that a loop with other work can spend it.
    static Budget small() { return {300, 32 << 10}; }
    // For a trial with little to tell. What asks for more than that would hardly ever be made.
    static Budget trial() { return {steps_max / 2, text_max / 2}; }

    Budget(std::size_t steps, std::size_t text) : steps_(steps), text_(text) {}

    // False, now and from now on: there is no more.
    bool step() { return spend(steps_, 1); }
    bool text(std::size_t bytes) { return spend(text_, bytes); }
    bool is_spent() const { return is_spent_; }

private:
    bool spend(std::size_t& left, std::size_t count)
    {
        if (count > left) is_spent_ = true;
        if (!is_spent_) left -= count;
        return !is_spent_;
    }

    std::size_t steps_, text_;
    bool is_spent_ = false;
};

}  // namespace tidings::webhook
