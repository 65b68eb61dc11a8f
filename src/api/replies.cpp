// SPDX-License-Identifier: Apache-2.0
#include "api/operation.hpp"

#include "wire/message_json.hpp"
#include "wire/submission.hpp"

namespace tidings::api {

awaitable<http::Response> get_replies(const Call& call)
{
    std::vector<message::Reply> replies = co_await call.api.store.replies(call.account->key);
    co_return list_response("replies", replies, [&](std::string& out, const message::Reply& reply) {
        wire::append_reply(out, reply, wire::Place::list, call.api.options.vendor_id);
    });
}

awaitable<http::Response> confirm_replies(const Call& call)
{
    auto ids = wire::parse_confirmation(call.request.body, "reply_ids");
    if (!ids) co_return response_of(bad_request(ids.error().details));
    co_await call.api.store.confirm_replies(call.account->key, std::move(*ids));
    co_return json_response(202, "{}");
}

}  // namespace tidings::api
