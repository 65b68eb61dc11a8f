// SPDX-License-Identifier: Apache-2.0
#include "sandbox/letter.hpp"

#include "message/json_text.hpp"
#include "message/unicode.hpp"
#include "sandbox/field.hpp"
#include "sandbox/number.hpp"

#include <fmt/format.h>

namespace tidings::sandbox {

namespace {

bool read_to(const json::value* value, Letter& out)
{
    const json::string* text = value ? value->if_string() : nullptr;
    if (!text) return false;
    auto number = parse_number(*text);
    if (!number) return false;
    out.to = *std::move(number);
    return true;
}

bool read_content(const json::value* value, Letter& out)
{
    const json::string* text = value ? value->if_string() : nullptr;
    if (!text || text->empty() || message::utf16_size(*text) > message::content_max) return false;
    out.content = std::string_view(*text);
    return true;
}

}  // namespace

base::Result<Letter, message::Faults> parse_letter(std::string_view body)
{
    auto object = parse_object(body);
    if (!object) return std::move(object).error();
    Letter out;
    message::Faults faults;
    if (!read_to(object->if_contains("to"), out))
        faults.details.emplace_back(
            "/to: To must be a number of 3 to 15 digits, with or without a '+' before");
    if (!read_content(object->if_contains("content"), out))
        faults.details.push_back(
            fmt::format("/content: Content must be between 1 and {} characters", message::content_max));
    for (const auto& [key, ignored] : *object) {
        if (key != "to" && key != "content") faults.details.push_back(fault_of(key, "Unknown field"));
    }
    if (!faults.details.empty()) return faults;
    return out;
}

void append_letter(std::string& out, const Letter& letter)
{
    message::JsonObject object(out);
    object.text("from", shown_handset(letter.from));
    object.text("to", shown_sender(address_of(letter.to)));
    object.text("content", letter.content);
}

}  // namespace tidings::sandbox
