// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tidings::relay {

// Whether a carrier has been refusing for so long that the next route is to help. Times go in, decisions come
// out.
//
// One that throttles takes some, and refuses others: it is under strain while its refusals follow closely.
// Any other refusal for now may be the matter of its handset, as a full memory is: the carrier is under
// strain only while nothing is accepted between.
class Strain {
public:
    enum class Kind { throttles, refuses };

    // Throttling that pauses for longer is over: a link is slower by then, and its carrier content. A carrier
    // expects a second of peace, and the pace grows so slowly that a content one throttles every 14 s.
    static constexpr auto calm_after = std::chrono::seconds(5);

    explicit Strain(std::chrono::milliseconds overflow_after) : overflow_after_(overflow_after) {}

    void refused(Kind kind, std::string_view word, base::Moment now)
    {
        bool is_calm = !since_ || (kind_ == Kind::throttles && now - last_ > calm_after);
        if (is_calm) since_ = now;
        kind_ = kind;
        last_ = now;
        word_ = word;
    }
    void accepted(base::Moment now)
    {
        if (kind_ == Kind::refuses || now - last_ > calm_after) since_.reset();
    }
    // The carrier's word, while the next route is to help; nothing: it is not.
    std::optional<std::string> word() const
    {
        if (!since_ || last_ - *since_ < overflow_after_) return {};
        return word_;
    }

private:
    const std::chrono::milliseconds overflow_after_;
    std::optional<base::Moment> since_;
    base::Moment last_{};
    Kind kind_ = Kind::refuses;
    std::string word_;
};

}  // namespace tidings::relay
