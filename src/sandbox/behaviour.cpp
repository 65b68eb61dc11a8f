// SPDX-License-Identifier: Apache-2.0
#include "sandbox/behaviour.hpp"

#include "message/json_text.hpp"
#include "message/unicode.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>

namespace tidings::sandbox {

namespace json = boost::json;

namespace {

struct OutcomeRow {
    Outcome outcome;
    std::string_view name;
    std::string_view stat;
    std::uint8_t state;
};

constexpr OutcomeRow outcomes[] = {
    {Outcome::delivered, "delivered", "DELIVRD", 2}, {Outcome::expired, "expired", "EXPIRED", 3},
    {Outcome::deleted, "deleted", "DELETED", 4},     {Outcome::undeliverable, "undeliverable", "UNDELIV", 5},
    {Outcome::unknown, "unknown", "UNKNOWN", 7},     {Outcome::rejected, "rejected", "REJECTD", 8},
};

const OutcomeRow& row(Outcome outcome) { return outcomes[static_cast<std::size_t>(outcome)]; }

// Readers of one field: false when the value does not fit it.
using Read = bool (*)(const json::value&, Behaviour&);

bool read_outcome(const json::value& value, Behaviour& out)
{
    const json::string* text = value.if_string();
    if (!text) return false;
    auto found = std::find_if(std::begin(outcomes), std::end(outcomes),
                              [&](const OutcomeRow& each) { return each.name == std::string_view(*text); });
    if (found == std::end(outcomes)) return false;
    out.outcome = found->outcome;
    return true;
}

bool read_err(const json::value& value, Behaviour& out)
{
    const json::string* text = value.if_string();
    if (!text || text->empty() || text->size() > err_size_max) return false;
    if (!std::all_of(text->begin(), text->end(), [](unsigned char c) { return std::isalnum(c); }))
        return false;
    out.err = std::string_view(*text);
    return true;
}

std::optional<std::int64_t> read_integer(const json::value& value, std::int64_t max)
{
    const std::int64_t* number = value.if_int64();
    if (!number || *number < 0 || *number > max) return std::nullopt;
    return *number;
}

bool read_delay(const json::value& value, Behaviour& out)
{
    auto number = read_integer(value, std::chrono::milliseconds(delay_max).count());
    if (number) out.delay = std::chrono::milliseconds(*number);
    return number.has_value();
}

bool read_receipt(const json::value& value, Behaviour& out)
{
    if (value.is_bool()) out.receipt = value.get_bool();
    return value.is_bool();
}

bool read_submit_status(const json::value& value, Behaviour& out)
{
    auto number = read_integer(value, std::numeric_limits<std::uint32_t>::max());
    if (number) out.submit_status = static_cast<std::uint32_t>(*number);
    return number.has_value();
}

bool read_auto_reply(const json::value& value, Behaviour& out)
{
    const json::string* text = value.if_string();
    if (!text || message::utf16_size(*text) > message::content_max) return false;
    out.auto_reply = std::string_view(*text);
    return true;
}

struct Field {
    std::string_view name;
    Read read;
    std::string_view demand;
};

constexpr Field fields[] = {
    {"outcome", read_outcome,
     "Outcome must be one of delivered, expired, undeliverable, rejected, deleted or unknown"},
    {"err", read_err, "Err must be 1 to 3 letters or digits"},
    {"delay_ms", read_delay, "Delay must be between 0 and 86400000 milliseconds"},
    {"receipt", read_receipt, "Receipt must be true or false"},
    {"submit_status", read_submit_status,
     "Submit status must be an SMPP command_status, a number from 0 to 4294967295"},
    {"auto_reply", read_auto_reply, "Auto reply must be a string of at most 5000 characters"},
};

}  // namespace

std::string_view name(Outcome outcome) { return row(outcome).name; }
std::string_view receipt_stat(Outcome outcome) { return row(outcome).stat; }
std::uint8_t message_state(Outcome outcome) { return row(outcome).state; }

base::Result<Behaviour, message::Faults> parse_behaviour(std::string_view body)
{
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    const json::object* object = value.if_object();
    if (error || !object) return message::unparsable();
    Behaviour out;
    message::Faults faults;
    for (const auto& [key, field_value] : *object) {
        auto field =
            std::find_if(std::begin(fields), std::end(fields), [&](const Field& f) { return f.name == key; });
        if (field == std::end(fields)) {
            faults.details.push_back(fmt::format("/{}: Unknown field", std::string_view(key)));
        } else if (!field->read(field_value, out)) {
            faults.details.push_back(fmt::format("/{}: {}", field->name, field->demand));
        }
    }
    if (!faults.details.empty()) return faults;
    if (!object->contains("err") && out.outcome != Outcome::delivered) out.err = "001";
    return out;
}

void append_behaviour(std::string& out, const Behaviour& behaviour)
{
    message::JsonObject object(out);
    object.text("outcome", name(behaviour.outcome));
    object.text("err", behaviour.err);
    object.number("delay_ms", behaviour.delay.count());
    object.boolean("receipt", behaviour.receipt);
    object.number("submit_status", behaviour.submit_status);
    object.text("auto_reply", behaviour.auto_reply);
}

}  // namespace tidings::sandbox
