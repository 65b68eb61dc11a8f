// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/admin.hpp"
#include "wire/json_text.hpp"

namespace tidings::api {

void append_credits(wire::JsonObject& object, store::Credits credits);
void append_account(std::string& out, const store::Settings& settings, const store::Account& account,
                    store::Credits credits);

// The fields of an account that a body names and that may be changed later.
struct AccountChange {
    std::optional<std::string> default_source;  // empty: none from now on
    std::optional<message::UnregisteredSource> unregistered_source;
    std::vector<std::pair<store::Feature, bool>> features;
    std::optional<std::int64_t> requests_per_second, messages_per_second, duplicate_window_s;
    std::optional<message::Priority> priority;
    std::optional<std::string> opt_out_confirmation;  // empty: none from now on
    std::optional<std::int64_t> daily_cap, monthly_cap;
    std::optional<std::vector<std::string>> blocked_sources;
    std::optional<std::vector<message::Pattern>> drop_patterns, hold_patterns;
    std::optional<text::Converter> converter;
    std::optional<message::Hours> hours;
    std::optional<std::string> zone;
    std::optional<bool> send_both;

    explicit AccountChange(BodyFields& fields);  // faults are told there
    void apply(store::Account& account) const;
};

}  // namespace tidings::api
