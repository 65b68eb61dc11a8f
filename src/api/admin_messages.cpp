// SPDX-License-Identifier: Apache-2.0
#include "api/admin.hpp"

#include "message/json_text.hpp"
#include "message/message_json.hpp"

namespace tidings::api {

namespace {

void append_step(std::string& out, const store::Step& step)
{
    message::JsonObject object(out);
    object.text("at", base::to_iso(step.at));
    if (step.code == message::Code::none)
        object.null("code");
    else
        object.text("code", std::to_string(static_cast<int>(step.code)));
    object.text("what", step.what);
}

}  // namespace

awaitable<http::Response> get_trace(const Call& call)
{
    auto id = base::Uuid::parse(call.request.parameters[0]);
    if (!id) co_return response_of(not_found());
    auto trace = co_await call.api.store.trace(*id);
    if (!trace) co_return response_of(not_found());
    std::string body;
    {
        message::JsonObject object(body);
        object.text("account", call.settings->accounts.at(trace->account).id);
        if (trace->sender.empty())
            object.null("sender");
        else
            object.text("sender", written(trace->sender));
        append_list(object.value("steps"), trace->steps, &append_step);
        message::append_message(object.value("message"), trace->message.submission, *id,
                                trace->message.status);
    }
    co_return json_response(200, std::move(body));
}

}  // namespace tidings::api
