// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/status.hpp"

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace tidings::message {

// What a webhook can be told of. The values are stored: append only.
enum class Event : std::uint8_t {
    received_sms = 0,
    opt_out_sms = 1,
    received_mms = 2,
    enroute_dr = 3,
    submitted_dr = 4,
    delivered_dr = 5,
    expired_dr = 6,
    rejected_dr = 7,
    failed_dr = 8,
};
constexpr std::size_t event_count = 9;

std::string_view name(Event event);  // "RECEIVED_SMS"
std::optional<Event> event_named(std::string_view name);

// Nothing: no webhook hears of it. Of the statuses these are scheduled and cancelled, of the codes `held`,
// which is enroute only for clients that know no better word.
std::optional<Event> event_of(Status status);
std::optional<Event> event_of(Code code);

class Events {
public:
    Events() = default;
    Events(std::initializer_list<Event> events)
    {
        for (Event event : events) add(event);
    }
    explicit Events(unsigned long bits) : bits_(bits) {}

    bool has(Event event) const { return bits_.test(static_cast<std::size_t>(event)); }
    Events& add(Event event)
    {
        bits_.set(static_cast<std::size_t>(event));
        return *this;
    }
    bool empty() const { return bits_.none(); }
    unsigned long bits() const { return bits_.to_ulong(); }
    bool operator==(const Events&) const = default;

private:
    std::bitset<event_count> bits_;
};

}  // namespace tidings::message
