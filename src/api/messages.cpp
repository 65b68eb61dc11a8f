// SPDX-License-Identifier: Apache-2.0
#include "api/operation.hpp"
#include "api/sending.hpp"

#include "message/message_json.hpp"
#include "message/submission.hpp"

namespace tidings::api {

namespace {

constexpr std::size_t echo_size_guess = 400;  // of one message, above its content

std::vector<store::NewMessage> new_messages(const Call& call, std::vector<message::Submission> submissions)
{
    std::vector<store::NewMessage> messages;
    messages.reserve(submissions.size());
    for (message::Submission& submission : submissions) {
        store::NewMessage& message = messages.emplace_back();
        message.id = call.api.ids.next();
        message.submission = std::move(submission);
        set_sender(message, *call.account);
    }
    return messages;
}

std::string echo_of(const std::vector<store::NewMessage>& messages, message::EchoDates dates)
{
    std::string body;
    std::size_t size = 0;
    for (const store::NewMessage& message : messages)
        size += echo_size_guess + message.submission.content.size();
    body.reserve(size);
    body += R"({"messages":)";
    append_list(body, messages, [dates](std::string& out, const store::NewMessage& message) {
        message::append_echo(out, message.submission, message.id, dates);
    });
    body += '}';
    return body;
}

http::Response message_response(const store::StoredMessage& message)
{
    std::string body;
    message::append_message(body, message.submission, message.id, message.status);
    return json_response(200, std::move(body));
}

}  // namespace

awaitable<http::Response> post_messages(const Call& call)
{
    auto submissions = message::parse_submissions(call.request.body, call.api.clock.now());
    if (!submissions) co_return response_of(bad_request(std::move(submissions.error().details)));

    std::vector<store::NewMessage> messages = new_messages(call, std::move(*submissions));
    auto dates = call.api.options.spare_python ? echo_dates_for(call.request) : message::EchoDates::with;
    std::string body = echo_of(messages, dates);  // before the store takes the messages
    co_await call.api.store.accept(call.account->key, std::move(messages));
    co_return json_response(202, std::move(body));
}

awaitable<http::Response> get_message(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    auto found = co_await call.api.store.find(call.account->key, *id);
    if (!found) co_return response_of(not_found());
    co_return message_response(*found);
}

awaitable<http::Response> put_message(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    if (!message::parse_cancel(call.request.body))
        co_return response_of(bad_request(message::unparsable().details));
    auto cancelled = co_await call.api.store.cancel(call.account->key, *id);
    if (!cancelled) co_return response_of(problem_of(cancelled.error()));
    co_return message_response(*cancelled);
}

}  // namespace tidings::api
