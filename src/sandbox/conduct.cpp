// SPDX-License-Identifier: Apache-2.0
// How the carrier as a whole behaves, as JSON: what is left out is as with a good carrier, so that {} ends
// all trouble.
#include "sandbox/conduct.hpp"

#include "sandbox/behaviour.hpp"
#include "sandbox/field.hpp"
#include "wire/body.hpp"
#include "wire/json_text.hpp"

#include <limits>

namespace tidings::sandbox {

namespace {

bool read_congestion(const json::value& value, Conduct& out)
{
    const std::int64_t* number = value.if_int64();
    if (number && *number >= 0 && *number <= congestion_max)
        out.congestion_state = static_cast<std::uint8_t>(*number);
    // Null says that the carrier tells none, which is not the same as 0, an idle one.
    return out.congestion_state || value.is_null();
}

constexpr Field<Conduct> fields[] = {
    {"throttle_per_second", read_number<&Conduct::throttle_per_second, 0, throttle_max>,
     "Throttle per second must be a number from 0 to 100000; 0 is no limit"},
    {"queue_full", read_boolean<&Conduct::queue_full>, "Queue full must be true or false"},
    {"congestion_state", read_congestion, "Congestion state must be a number from 0 to 100, or null"},
    {"drop_every", read_number<&Conduct::drop_every, 0, drop_every_max>,
     "Drop every must be a number from 0 to 1000000; 0 is never"},
    {"drop_takes", read_boolean<&Conduct::drop_takes>, "Drop takes must be true or false"},
    {"drop_after_answer_every", read_number<&Conduct::drop_after_answer_every, 0, drop_every_max>,
     "Drop after answer every must be a number from 0 to 1000000; 0 is never"},
    {"silent", read_boolean<&Conduct::silent>, "Silent must be true or false"},
    {"answer_delay_ms", read_number<&Conduct::answer_delay, 0, answer_delay_max_ms>,
     "Answer delay must be between 0 and 600000 milliseconds"},
    {"refuse_binds", read_number<&Conduct::refuse_binds, 0, std::numeric_limits<std::uint32_t>::max()>,
     "Refuse binds must be an SMPP command_status, a number from 0 to 4294967295"},
};

}  // namespace

base::Result<Conduct, wire::Faults> parse_conduct(std::string_view body)
{
    auto object = wire::parse_object(body);
    if (!object) return wire::faults_of(object.error());
    Conduct out;
    wire::Faults faults = read_fields(*object, fields, out);
    if (!faults.details.empty()) return faults;
    return out;
}

void append_conduct(std::string& out, const Conduct& conduct)
{
    wire::JsonObject object(out);
    object.number("throttle_per_second", conduct.throttle_per_second);
    object.boolean("queue_full", conduct.queue_full);
    object.number_or_null("congestion_state", conduct.congestion_state);
    object.number("drop_every", conduct.drop_every);
    object.boolean("drop_takes", conduct.drop_takes);
    object.number("drop_after_answer_every", conduct.drop_after_answer_every);
    object.boolean("silent", conduct.silent);
    object.number("answer_delay_ms", conduct.answer_delay.count());
    object.number("refuse_binds", conduct.refuse_binds);
}

}  // namespace tidings::sandbox
