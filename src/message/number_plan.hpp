// SPDX-License-Identifier: Apache-2.0
// What the first digits of a number tell. The table is made by tools/number-plan.py; numbers are ported and
// plans change, so that nothing of this decides whether a number may be written to.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tidings::message {

enum class NumberType : std::uint8_t {
    unknown,
    fixed,
    mobile,
    fixed_or_mobile,  // the plan of the country does not tell them apart
    toll_free,
    premium_rate,
    shared_cost,
    voip,
    personal,
    pager,
    uan,
    voicemail,
};

struct NumberPlan {
    std::string_view country;  // ISO 3166, "AU"; empty: of no country
    NumberType type = NumberType::unknown;
    std::vector<std::string_view> zones{};  // IANA names of where it may be, perhaps none
};

// Of an E.164 number in digits. Nothing: no country begins so.
std::optional<NumberPlan> find_number_plan(std::string_view digits);
std::string_view country_of(std::string_view digits);  // the same, this alone; empty: of none

}  // namespace tidings::message
