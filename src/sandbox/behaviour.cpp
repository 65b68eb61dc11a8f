// SPDX-License-Identifier: Apache-2.0
// How a handset behaves, as JSON. Names are words that people type, so each enumeration has a table of them;
// a table's rows stand in the order of the enumeration. What is left out is as in an ordinary handset, which
// delivers at once.
#include "sandbox/behaviour.hpp"

#include "message/limits.hpp"
#include "sandbox/field.hpp"
#include "text/unicode.hpp"
#include "wire/body.hpp"
#include "wire/json_text.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>

namespace tidings::sandbox {

namespace {

struct OutcomeRow {
    Outcome value;
    std::string_view name;
    State state;
};

constexpr OutcomeRow outcomes[] = {
    {Outcome::delivered, "delivered", {"DELIVRD", 2}},
    {Outcome::expired, "expired", {"EXPIRED", 3}},
    {Outcome::deleted, "deleted", {"DELETED", 4}},
    {Outcome::undeliverable, "undeliverable", {"UNDELIV", 5}},
    {Outcome::unknown, "unknown", {"UNKNOWN", 7}},
    {Outcome::rejected, "rejected", {"REJECTD", 8}},
};

struct IntermediateRow {
    Intermediate value;
    std::string_view name;  // which is also what the receipt says
    std::uint8_t number;
};

constexpr IntermediateRow intermediates[] = {
    {Intermediate::accepted, "ACCEPTD", 6},
    {Intermediate::enroute, "ENROUTE", 1},
};

struct IdFormRow {
    IdForm value;
    std::string_view name;
};

constexpr IdFormRow id_forms[] = {
    {IdForm::same, "same"},   {IdForm::hex, "hex"},           {IdForm::decimal, "decimal"},
    {IdForm::lower, "lower"}, {IdForm::stripped, "stripped"},
};

// The rows of each table stand in the order of its enumeration.
template <class Row, std::size_t size, class Value>
const Row& row(const Row (&rows)[size], Value value)
{
    return rows[static_cast<std::size_t>(value)];
}

// The row that `value` names; null when it names none.
template <class Row, std::size_t size>
const Row* named(const Row (&rows)[size], const json::value& value)
{
    const json::string* text = value.if_string();
    if (!text) return nullptr;
    auto* found = std::find_if(std::begin(rows), std::end(rows),
                               [&](const Row& each) { return each.name == std::string_view(*text); });
    return found == std::end(rows) ? nullptr : found;
}

bool read_outcome(const json::value& value, Behaviour& out)
{
    const OutcomeRow* found = named(outcomes, value);
    if (found) out.outcome = found->value;
    return found;
}

bool read_receipt_id(const json::value& value, Behaviour& out)
{
    const IdFormRow* found = named(id_forms, value);
    if (found) out.receipt_id = found->value;
    return found;
}

bool read_intermediate(const json::value& value, Behaviour& out)
{
    const json::array* list = value.if_array();
    if (!list || list->size() > intermediate_max) return false;
    for (const json::value& each : *list) {
        const IntermediateRow* found = named(intermediates, each);
        if (!found) return false;
        out.intermediate.push_back(found->value);
    }
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

bool read_auto_reply(const json::value& value, Behaviour& out)
{
    const json::string* text = value.if_string();
    if (!text || text::code_points(*text) > message::content_max) return false;
    out.auto_reply = std::string_view(*text);
    return true;
}

constexpr Field<Behaviour> fields[] = {
    {"outcome", read_outcome,
     "Outcome must be one of delivered, expired, undeliverable, rejected, deleted or unknown"},
    {"err", read_err, "Err must be 1 to 3 letters or digits"},
    {"delay_ms", read_number<&Behaviour::delay, 0, delay_max_ms>,
     "Delay must be between 0 and 86400000 milliseconds"},
    {"receipt", read_boolean<&Behaviour::receipt>, "Receipt must be true or false"},
    {"receipts", read_number<&Behaviour::receipts, 1, receipts_max>,
     "Receipts must be a number from 1 to 10; for none, set receipt to false"},
    {"intermediate", read_intermediate, "Intermediate must be a list of at most 10 of ACCEPTD and ENROUTE"},
    {"receipt_id", read_receipt_id, "Receipt id must be one of same, hex, decimal, lower or stripped"},
    {"early_receipt", read_boolean<&Behaviour::early_receipt>, "Early receipt must be true or false"},
    {"answer_delay_ms", read_number<&Behaviour::answer_delay, 0, answer_delay_max_ms>,
     "Answer delay must be between 0 and 600000 milliseconds"},
    {"submit_status", read_number<&Behaviour::submit_status, 0, std::numeric_limits<std::uint32_t>::max()>,
     "Submit status must be an SMPP command_status, a number from 0 to 4294967295"},
    {"auto_reply", read_auto_reply, "Auto reply must be a string of at most 5000 characters"},
};

}  // namespace

std::string_view name(Outcome outcome) { return row(outcomes, outcome).name; }
std::string_view name(IdForm form) { return row(id_forms, form).name; }
State state_of(Outcome outcome) { return row(outcomes, outcome).state; }

State state_of(Intermediate intermediate)
{
    const IntermediateRow& found = row(intermediates, intermediate);
    return {found.name, found.number};
}

base::Result<Behaviour, wire::Faults> parse_behaviour(std::string_view body)
{
    auto object = wire::parse_object(body);
    if (!object) return wire::faults_of(object.error());
    Behaviour out;
    wire::Faults faults = read_fields(*object, fields, out);
    if (!faults.details.empty()) return faults;
    // An outcome that is no delivery has an error, as with carriers, unless the test says which.
    if (!object->contains("err") && out.outcome != Outcome::delivered) out.err = "001";
    return out;
}

void append_behaviour(std::string& out, const Behaviour& behaviour)
{
    wire::JsonObject object(out);
    object.text("outcome", name(behaviour.outcome));
    object.text("err", behaviour.err);
    object.number("delay_ms", behaviour.delay.count());
    object.boolean("receipt", behaviour.receipt);
    object.number("receipts", behaviour.receipts);
    object.list("intermediate", behaviour.intermediate, [](std::string& list, Intermediate each) {
        wire::append_json_string(list, state_of(each).stat);
    });
    object.text("receipt_id", name(behaviour.receipt_id));
    object.boolean("early_receipt", behaviour.early_receipt);
    object.number("answer_delay_ms", behaviour.answer_delay.count());
    object.number("submit_status", behaviour.submit_status);
    object.text("auto_reply", behaviour.auto_reply);
}

}  // namespace tidings::sandbox
