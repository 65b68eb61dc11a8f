// SPDX-License-Identifier: Apache-2.0
// The sandbox's HTTP interface. Requests come in on any thread; all that is done with the network is done on
// the thread of the SMSC, and the answer is made from what came back.
#include "sandbox/routes.hpp"

#include "base/spawn.hpp"
#include "sandbox/letter.hpp"
#include "sandbox/number.hpp"
#include "wire/json_text.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace tidings::sandbox {

namespace {

using boost::beast::http::verb;
using http::json_response;
using Answer = asio::awaitable<http::Response>;

constexpr http::Payer payer = ~http::Payer(0);  // no account has that key

http::Response bad_request(const wire::Faults& faults)
{
    std::string body;
    {
        wire::JsonObject object(body);
        object.text("message", wire::refused_body);
        object.texts("details", faults.details);
    }
    return json_response(400, std::move(body));
}

http::Response bad_number()
{
    return bad_request({{"/number: Handset number must be 3 to 15 digits, with or without a '+' before"}});
}

bool is_json(const http::Request& request)
{
    std::string_view type = request.header("Content-Type");
    std::string media_type(type.substr(0, type.find(';')));
    boost::algorithm::trim(media_type);
    return boost::algorithm::iequals(media_type, "application/json");
}

template <class Act>
asio::awaitable<std::invoke_result_t<Act>> awaited(Act act)
{
    co_return act();
}

// Calls act() on the carrier's thread.
template <class Act>
asio::awaitable<std::invoke_result_t<Act>> on_carrier(Smsc& smsc, Act act)
{
    auto work = awaited(std::move(act));
    return base::run_elsewhere(smsc.executor(), std::move(work));
}

void append_arrival(std::string& out, const Arrival& arrival)
{
    wire::JsonObject object(out);
    object.text("from", arrival.from);
    object.text("to", shown_handset(arrival.to));
    object.text("content", arrival.content);
    object.time("received_at", arrival.received_at);
}

Answer get_messages(Smsc& smsc, const http::Request& request)
{
    auto number = parse_number(request.parameters[0]);
    if (!number) co_return bad_number();
    auto act = [&smsc, number = *number] { return smsc.messages(number); };
    // A copy, made on the carrier's thread: here its inbox must not be touched.
    auto arrivals = co_await on_carrier(smsc, std::move(act));
    std::string body;
    wire::JsonObject(body).list("messages", arrivals, append_arrival);
    co_return json_response(200, std::move(body));
}

asio::awaitable<bool> send(Smsc& smsc, Letter letter)
{
    if (!letter.attachments.empty()) {
        auto sending = smsc.send_mms(std::move(letter));
        co_return co_await base::run_elsewhere(smsc.executor(), std::move(sending));
    }
    auto act = [&smsc, letter = std::move(letter)] { return smsc.send(letter); };
    co_return co_await on_carrier(smsc, std::move(act));
}

Answer post_message(Smsc& smsc, const http::Request& request)
{
    auto number = parse_number(request.parameters[0]);
    if (!number) co_return bad_number();
    auto letter = parse_letter(request.body, smsc.attachment_bytes_max());
    if (!letter) co_return bad_request(letter.error());
    letter->from = *number;
    if (!letter->attachments.empty() && !smsc.has_mms())
        co_return bad_request({{"/attachments: This carrier speaks SMPP alone, which has no MMS"}});
    bool taken = co_await send(smsc, *letter);
    if (!taken)
        co_return http::error_response(503, "Nobody takes messages of the sandbox now; try again later");
    std::string body;
    append_letter(body, *letter);
    co_return json_response(202, std::move(body));
}

Answer put_behaviour(Smsc& smsc, const http::Request& request)
{
    auto number = parse_number(request.parameters[0]);
    if (!number) co_return bad_number();
    auto behaviour = parse_behaviour(request.body);
    if (!behaviour) co_return bad_request(behaviour.error());
    auto act = [&smsc, number = *number, behaviour = *behaviour] {
        return smsc.set_behaviour(number, behaviour);
    };
    bool taken = co_await on_carrier(smsc, std::move(act));
    if (!taken) co_return http::error_response(409, "Too many handsets have a behaviour of their own");
    std::string body;
    append_behaviour(body, *behaviour);
    co_return json_response(200, std::move(body));
}

http::Response conduct_response(const Conduct& conduct)
{
    std::string body;
    append_conduct(body, conduct);
    return json_response(200, std::move(body));
}

Answer get_conduct(Smsc& smsc, const http::Request&)
{
    auto act = [&smsc] { return smsc.conduct(); };
    Conduct conduct = co_await on_carrier(smsc, std::move(act));
    co_return conduct_response(conduct);
}

Answer put_conduct(Smsc& smsc, const http::Request& request)
{
    auto conduct = parse_conduct(request.body);
    if (!conduct) co_return bad_request(conduct.error());
    auto act = [&smsc, conduct = *conduct] { smsc.set_conduct(conduct); };
    co_await on_carrier(smsc, std::move(act));
    co_return conduct_response(*conduct);
}

struct Entry {
    verb method;
    std::string_view pattern;
    Answer (*handle)(Smsc&, const http::Request&);
};

constexpr Entry operations[] = {
    {verb::get, "/sandbox/handsets/{number}/messages", get_messages},
    {verb::post, "/sandbox/handsets/{number}/messages", post_message},
    {verb::put, "/sandbox/handsets/{number}", put_behaviour},
    {verb::get, "/sandbox/carrier", get_conduct},
    {verb::put, "/sandbox/carrier", put_conduct},
};

// A write must say that it is JSON, so that no web page can make a browser send one.
http::Judgement judge(const Guard& guard, Smsc& smsc, const Entry& entry, const http::Request& head)
{
    http::Judgement judgement{.payer = payer};
    // Before anything else: who may not use the sandbox learns nothing about his request either.
    if (guard) judgement.refusal = guard(head);
    if (judgement.refusal) return judgement;
    judgement.reads_body = true;
    if (entry.method != verb::get && !is_json(head))
        judgement.refusal = http::error_response(415, "Content-Type must be application/json");
    judgement.answer = [&smsc, &entry](const http::Request& request) { return entry.handle(smsc, request); };
    return judgement;
}

}  // namespace

void add_operations(http::Router& router, Smsc& smsc, Guard guard)
{
    for (const Entry& entry : operations) {
        http::Judge judge_entry = [guard, &smsc, &entry](const http::Request& head) {
            return judge(guard, smsc, entry, head);
        };
        router.add(entry.method, entry.pattern, std::move(judge_entry));
    }
}

}  // namespace tidings::sandbox
