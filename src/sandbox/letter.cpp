// SPDX-License-Identifier: Apache-2.0
// A message from a handset, as it is given to POST. One with attachments is an MMS: its files come in
// base64, and may stand without a text.
#include "sandbox/letter.hpp"

#include "base/digest.hpp"
#include "message/limits.hpp"
#include "sandbox/field.hpp"
#include "sandbox/number.hpp"
#include "text/unicode.hpp"
#include "wire/body.hpp"
#include "wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

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

// Without a text only if there are files.
bool read_content(const json::value* value, Letter& out)
{
    if (!value && !out.attachments.empty()) return true;
    const json::string* text = value ? value->if_string() : nullptr;
    bool may_be_empty = !out.attachments.empty();
    if (!text || (text->empty() && !may_be_empty) || text::code_points(*text) > message::content_max)
        return false;
    if (text->find('\0') != text->npos) return false;
    out.content = std::string_view(*text);
    return true;
}

// A short text without line ends and other control characters.
bool read_name(const json::value& value, std::string& out)
{
    const json::string* text = value.if_string();
    bool fits = text && !text->empty() && text->size() <= attachment_name_max &&
                std::ranges::none_of(*text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
    if (fits) out = std::string_view(*text);
    return fits;
}

bool read_type(const json::value& value, message::Attachment& out)
{
    return read_name(value, out.content_type) && out.content_type.find('/') != std::string::npos;
}

bool read_file(const json::value& value, message::Attachment& out)
{
    const json::string* text = value.if_string();
    auto bytes = text ? base::from_base64(*text) : base::Result<std::string>(base::errc::bad_base64);
    if (!bytes || bytes->empty()) return false;
    out.content = *std::move(bytes);
    return true;
}

constexpr Field<message::Attachment> attachment_fields[] = {
    {"content_type", read_type, "Content type must be one as image/png"},
    {"content", read_file, "Content must be in base64, and not empty"},
    {"original_name",
     [](const json::value& value, message::Attachment& out) { return read_name(value, out.original_name); },
     "Original name must have 1 to 100 bytes in one line"},
};

void read_attachment(const json::value& value, Letter& out, wire::Faults& faults)
{
    message::Attachment& attachment = out.attachments.emplace_back();
    std::string place = fmt::format("attachments/{}", out.attachments.size() - 1);
    // All three fields, and no others: read_fields() alone would let each of them be absent.
    if (!value.is_object() || value.get_object().size() != std::size(attachment_fields)) {
        faults.details.push_back(fault_of(place, "Must have content_type, content and original_name"));
        return;
    }
    for (std::string& fault : read_fields(value.get_object(), attachment_fields, attachment).details)
        faults.details.push_back("/" + place + std::move(fault));
}

void read_attachments(const json::value* value, std::size_t bytes_max, Letter& out, wire::Faults& faults)
{
    if (!value) return;
    const json::array* list = value->if_array();
    if (!list || list->empty() || list->size() > attachments_max) {
        faults.details.push_back(
            fault_of("attachments", fmt::format("Attachments must be 1 to {}", attachments_max)));
        return;
    }
    std::size_t bytes = 0;
    for (const json::value& item : *list) {
        read_attachment(item, out, faults);
        bytes += out.attachments.back().content.size();
    }
    if (bytes > bytes_max)
        faults.details.push_back(
            fault_of("attachments", fmt::format("Attachments must have at most {} bytes", bytes_max)));
}

}  // namespace

base::Result<Letter, wire::Faults> parse_letter(std::string_view body, std::size_t attachments_bytes_max)
{
    auto object = wire::parse_object(body);
    if (!object) return wire::faults_of(object.error());
    Letter out;
    wire::Faults faults;
    if (!read_to(object->if_contains("to"), out))
        faults.details.emplace_back(
            "/to: To must be a number of 3 to 15 digits, with or without a '+' before");
    // Before the content, which may be left out when there are files.
    read_attachments(object->if_contains("attachments"), attachments_bytes_max, out, faults);
    if (!read_content(object->if_contains("content"), out))
        faults.details.push_back(
            fmt::format("/content: Content must be between 1 and {} characters, and none of them null",
                        message::content_max));
    for (const auto& [key, ignored] : *object) {
        if (key != "to" && key != "content" && key != "attachments")
            faults.details.push_back(fault_of(key, "Unknown field"));
    }
    if (!faults.details.empty()) return faults;
    return out;
}

void append_letter(std::string& out, const Letter& letter)
{
    wire::JsonObject object(out);
    object.text("from", shown_handset(letter.from));
    object.text("to", shown_sender(address_of(letter.to)));
    object.text("content", letter.content);
    if (letter.attachments.empty()) return;
    object.list("attachments", letter.attachments, [](std::string& list, const message::Attachment& each) {
        wire::JsonObject fields(list);
        fields.text("content_type", each.content_type);
        fields.text("original_name", each.original_name);
    });
}

}  // namespace tidings::sandbox
