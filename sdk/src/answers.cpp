// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include "fields.hpp"
#include "reading.hpp"

#include <boost/json/serialize.hpp>

namespace tidings {

template <>
std::span<const std::string_view> texts_of<Format>() noexcept
{
    static constexpr std::string_view texts[] = {"", "SMS", "MMS", "TTS"};
    return texts;
}

template <>
std::span<const std::string_view> texts_of<NumberType>() noexcept
{
    static constexpr std::string_view texts[] = {"", "INTERNATIONAL", "ALPHANUMERIC", "SHORTCODE"};
    return texts;
}

template <>
std::span<const std::string_view> texts_of<Status>() noexcept
{
    static constexpr std::string_view texts[] = {
        "",          "queued",    "scheduled", "processing", "processed", "enroute",       "held",
        "submitted", "delivered", "read",      "expired",    "rejected",  "undeliverable", "failed",
        "cancelled", "undefined"};
    return texts;
}

bool is_final(Status status) noexcept
{
    switch (status) {
    case Status::delivered:
    case Status::read:
    case Status::expired:
    case Status::rejected:
    case Status::undeliverable:
    case Status::failed:
    case Status::cancelled: return true;
    case Status::unknown:
    case Status::queued:
    case Status::scheduled:
    case Status::processing:
    case Status::processed:
    case Status::enroute:
    case Status::held:
    case Status::submitted:
    case Status::undefined: return false;
    }
    return false;
}

namespace detail {

namespace {

template <class T>
json::object object_of(const T& value)
{
    Writer writer;
    all_fields(writer, value);
    json::object made = writer.take();
    for (const auto& field : value.other) made.insert(field);
    return made;
}

template <class T>
Result<T> parse_callback(std::string_view text)
{
    Answer body;
    body.body = text;
    return parse_object<T>(body);
}

}  // namespace

std::string messages_body(std::span<const Message> messages)
{
    json::array list;
    list.reserve(messages.size());
    for (const Message& message : messages) {
        Writer writer;
        request_fields(writer, message);
        list.push_back(writer.take());
    }
    json::object body;
    body.emplace("messages", std::move(list));
    return json::serialize(body);
}

std::string ids_body(std::string_view name, const std::vector<std::string>& ids)
{
    json::object body;
    body.emplace(name, written(ids));
    return json::serialize(body);
}

Result<void> parse_nothing(const Answer&) { return {}; }
Result<Message> parse_message(const Answer& answer) { return parse_object<Message>(answer); }
Result<std::vector<Message>> parse_messages(const Answer& answer)
{
    return parse_list<Message>(answer, "messages");
}

Result<Message> parse_only_message(const Answer& answer)
{
    auto messages = parse_messages(answer);
    if (!messages) return messages.error();
    if (messages->size() != 1) return bad_answer(answer, "the answer is not about one message");
    return std::move(messages->front());
}

// The reference declares no body for this answer.
Result<Message> parse_cancelled(const Answer& answer)
{
    if (!answer.body.empty()) return parse_message(answer);
    Message message;
    message.status = Status::cancelled;
    return message;
}

Result<Preview> parse_only_preview(const Answer& answer)
{
    auto previews = parse_list<Preview>(answer, "messages");
    if (!previews) return previews.error();
    if (previews->size() != 1) return bad_answer(answer, "the answer is not about one message");
    return std::move(previews->front());
}

Result<std::vector<Reply>> parse_replies(const Answer& answer)
{
    return parse_list<Reply>(answer, "replies");
}
Result<std::vector<DeliveryReport>> parse_delivery_reports(const Answer& answer)
{
    return parse_list<DeliveryReport>(answer, "delivery_reports");
}
Result<Credits> parse_credits(const Answer& answer) { return parse_object<Credits>(answer); }

}  // namespace detail

boost::json::object to_json(const Message& message) { return detail::object_of(message); }
boost::json::object to_json(const Reply& reply) { return detail::object_of(reply); }
boost::json::object to_json(const DeliveryReport& report) { return detail::object_of(report); }
boost::json::object to_json(const Credits& credits) { return detail::object_of(credits); }

Result<Reply> parse_reply(std::string_view json) { return detail::parse_callback<Reply>(json); }
Result<DeliveryReport> parse_delivery_report(std::string_view json)
{
    return detail::parse_callback<DeliveryReport>(json);
}

}  // namespace tidings
