// SPDX-License-Identifier: Apache-2.0
// One message looked at closely: what happened to it, step by step, and the PDUs that it took. And the
// messages that wait for the operator, because a screening pattern or a doubt held them: he lets one go or
// drops it.
#include "api/admin.hpp"

#include "wire/json_text.hpp"
#include "wire/message_json.hpp"

namespace tidings::api {

namespace {

void append_step(std::string& out, const store::Step& step)
{
    wire::JsonObject object(out);
    object.time("at", step.at);
    object.text_or_null("code", message::text_of(step.code));
    object.text("what", step.what);
}

void append_pdu(std::string& out, const store::TracedPdu& pdu)
{
    wire::JsonObject object(out);
    object.time("at", pdu.at);
    object.text("link", pdu.link);
    object.text("direction", pdu.is_ours ? "out" : "in");
    object.text("what", pdu.text);
    object.text("hex", pdu.hex);
}

// In one answer, the longest held first: what is released or dropped makes room for the next.
constexpr std::size_t held_max = 100;

}  // namespace

awaitable<http::Response> get_trace(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    auto trace = co_await call.api.store.trace(*id);
    if (!trace) co_return response_of(not_found());
    co_return object_response(200, [&](wire::JsonObject& object) {
        object.text("account", call.settings->accounts.at(trace->account).id);
        object.text_or_null("sender", message::written(trace->sender));
        object.list("steps", trace->steps, &append_step);
        object.list("pdus", trace->pdus, &append_pdu);
        wire::append_message(object.value("message"), trace->message.submission, *id, trace->message.status);
    });
}

awaitable<http::Response> get_held_messages(const Call& call)
{
    std::vector<store::HeldMessage> held = co_await call.api.store.held_messages(held_max);
    co_return list_response("messages", held, [&call](std::string& out, const store::HeldMessage& message) {
        wire::JsonObject object(out);
        object.id("message_id", message.key.id);
        object.text("account", call.settings->accounts.at(message.key.account).id);
        object.text("destination_number", message.destination);
        object.time("since", message.since);
        object.text("why", message.why);
    });
}

awaitable<http::Response> release_message(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    auto released = co_await call.api.store.release_held(*id);
    if (!released) co_return response_of(problem_of(released.error()));
    co_return no_content();
}

awaitable<http::Response> drop_message(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    auto dropped = co_await call.api.store.drop_held(*id);
    if (!dropped) co_return response_of(problem_of(dropped.error()));
    co_return no_content();
}

}  // namespace tidings::api
