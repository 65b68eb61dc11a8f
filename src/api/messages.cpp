// SPDX-License-Identifier: Apache-2.0
// Sending, looking up and cancelling. The 202 of a send leaves after the commit, with ids that were made
// before it; so the answer is written first, and the messages go to the store without a copy.
//
// With an Idempotency-Key the store accepts a body once. A repeated request gets the ids of the first, and
// therefore, since the body is the same, the same answer to the letter. While the first is still being
// answered a second gets 409: it could otherwise not be told from a third.
#include "api/echo_dates.hpp"
#include "api/new_messages.hpp"
#include "api/routing.hpp"
#include "api/throttle.hpp"

#include "wire/body.hpp"
#include "wire/message_json.hpp"
#include "wire/submission.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::api {

namespace {

constexpr std::size_t echo_size_guess = 500;  // of one message, above its content
constexpr std::string_view idempotency_header = "Idempotency-Key";

std::string echo_of(const std::vector<store::NewMessage>& messages, wire::EchoDates dates)
{
    std::string body;
    std::size_t size = 0;
    for (const store::NewMessage& message : messages)
        size += echo_size_guess + message.submission.content.size();
    body.reserve(size);
    body += R"({"messages":)";
    wire::append_list(body, messages, [dates](std::string& out, const store::NewMessage& message) {
        wire::append_echo(out, message.submission, message.id, dates);
    });
    body += '}';
    return body;
}

http::Response message_response(const store::StoredMessage& message)
{
    std::string body;
    wire::append_message(body, message.submission, message.id, message.status);
    return json_response(200, std::move(body));
}

Problem bad_idempotency_key()
{
    return bad_request(
        {fmt::format("{}: must have 1 to {} characters.", idempotency_header, message::idempotency_key_max)});
}

bool is_beyond_links(const Call& call, const message::Submission& submission, message::LinkViews links)
{
    std::string destination = message::digits_of(submission.destination);
    message::RouteQuery query;
    query.destination = destination;
    query.source = submission.source;
    query.account = call.account->id;
    query.format = submission.format;
    auto choice = message::choose_link(*call.settings->routes, links, query, 0);
    return choice.ways.empty() && choice.lacks_letters;
}

// What is wrong with the names of senders, of which links have no more than one octet for each letter.
awaitable<std::optional<Problem>> refuse_senders(const Call& call,
                                                 const std::vector<store::NewMessage>& messages)
{
    auto is_ascii = [](unsigned char c) { return c < 0x80; };
    auto is_plain = [&](const store::NewMessage& message) {
        return std::ranges::all_of(message.submission.source, is_ascii);
    };
    if (std::ranges::all_of(messages, is_plain)) co_return std::nullopt;
    auto statuses = co_await call.api.store.link_statuses();
    std::vector<message::LinkView> links = views_of(statuses);
    std::vector<std::string> faults;
    for (std::size_t i = 0; i < messages.size(); ++i)
        if (is_beyond_links(call, messages[i].submission, links))
            faults.push_back(
                fmt::format("/messages/{}/source_number: No link has the letters of this name.", i));
    if (faults.empty()) co_return std::nullopt;
    co_return bad_request(std::move(faults));
}

// Accepts what the key has not accepted before, and answers the same in both cases: the same body was echoed
// with the same ids.
awaitable<http::Response> accept_once(const Call& call, std::vector<store::NewMessage> messages,
                                      wire::EchoDates dates)
{
    std::string_view key = call.request.header(idempotency_header);
    if (key.empty() || key.size() > message::idempotency_key_max)
        co_return response_of(bad_idempotency_key());
    // Held until the answer is made. Keys are told apart by account: another account may use the same text.
    InFlight::Hold hold(call.api.in_flight, call.account->key, std::string(key));
    if (!hold) co_return response_of(in_flight());

    store::IdempotencyKey once{std::string(key), base::sha256(call.request.body)};
    // A copy of the messages goes to the store, since what they become in the answer depends on the ids that
    // come back.
    auto ids = co_await call.api.store.accept_once(call.account->key, messages, std::move(once));
    if (!ids) co_return response_of(problem_of(ids.error()));
    // Ids are made for each request: other ones than ours are those of an earlier request.
    bool replayed = ids->front() != messages.front().id;
    for (std::size_t i = 0; i < messages.size(); ++i) messages[i].id = (*ids)[i];
    http::Response response = json_response(202, echo_of(messages, dates));
    if (replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
    co_return response;
}

}  // namespace

awaitable<http::Response> post_messages(const Call& call)
{
    auto read = read_messages(call, *call.account, call.key);
    if (!read) co_return response_of(read.error());
    std::vector<store::NewMessage> messages = std::move(*read);
    // After the body was checked: a request that is refused for its faults costs nothing of the account's
    // messages a second.
    auto beyond = co_await refuse_senders(call, messages);
    if (beyond) co_return response_of(*beyond);
    if (auto problem = refuse_messages(call, messages.size())) co_return response_of(*problem);

    auto dates = call.api.options.spare_python ? echo_dates_for(call.request) : wire::EchoDates::with;
    if (call.request.headers.count(idempotency_header)) {
        http::Response response = co_await accept_once(call, std::move(messages), dates);
        co_return response;
    }
    std::string body = echo_of(messages, dates);  // before the store takes the messages
    // Returns after the sync. If the connection breaks from here on, the messages are sent all the same; a
    // client that must know repeats the request with an Idempotency-Key.
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
    // To cancel is all that PUT can do to a message.
    if (!wire::parse_cancel(call.request.body, call.api.options.leniency))
        co_return response_of(bad_request(wire::faults_of(wire::BadBody::no_object).details));
    auto cancelled = co_await call.api.store.cancel(call.account->key, *id);
    if (!cancelled) co_return response_of(problem_of(cancelled.error()));
    co_return message_response(*cancelled);
}

}  // namespace tidings::api
