// SPDX-License-Identifier: Apache-2.0
#include "relay/callback_request.hpp"

#include "message/message_json.hpp"

namespace tidings::relay {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds request_timeout = 15s;  // for everything, name lookup to last byte
constexpr std::size_t answer_max = 4 << 10;                 // of which only the begin is looked at

std::string body_of(const store::Callback& callback, std::string_view vendor_id)
{
    std::string body;
    if (callback.report)
        message::append_report(body, *callback.report, message::Place::callback, vendor_id);
    else
        message::append_reply(body, *callback.reply, message::Place::callback, vendor_id);
    return body;
}

}  // namespace

http::ClientRequest request_of(const store::Callback& callback, std::string_view vendor_id)
{
    http::ClientRequest request;
    request.method = "POST";
    request.url = callback.url;
    request.headers.emplace_back("Content-Type", "application/json");
    // Of the event, the same at each attempt: receivers recognise by it what they have got already.
    request.headers.emplace_back("webhook-id", callback.key.id.text());
    request.body = body_of(callback, vendor_id);
    request.timeout = request_timeout;
    request.answer_max = answer_max;
    request.when_too_large = http::WhenTooLarge::cut;
    return request;
}

}  // namespace tidings::relay
