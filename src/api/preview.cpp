// SPDX-License-Identifier: Apache-2.0
// What would become of messages, without sending them: for applications, and for operators, who are also told
// why each route fits or not.
#include "api/admin.hpp"
#include "api/new_messages.hpp"
#include "api/routing.hpp"
#include "api/throttle.hpp"

#include "text/converter.hpp"
#include "text/gsm7.hpp"
#include "wire/json_text.hpp"

#include <algorithm>

namespace tidings::api {

namespace {

using message::Code;
using wire::JsonObject;

enum class Audience { applications, operators };

void append_replaced(std::string& out, const text::Replaced& replaced)
{
    JsonObject object(out);
    object.number("at", static_cast<std::int64_t>(replaced.at));
    object.text("from", replaced.from);
    object.text("to", replaced.to);
}

// Shows the text as it would go out, each character that the converter replaced, and what it would cost.
void add_text(JsonObject& object, const store::Account& account, const store::NewMessage& message)
{
    bool is_sms = message.submission.format == message::Format::sms;
    std::vector<text::Replaced> replaced;
    // Once more, since a message that is sent does not keep what was replaced.
    if (message.converted) text::convert(message.submission.content, account.converter, &replaced);
    object.text("content", message.submission.content);
    if (message.converted)
        object.text("converted_content", *message.converted);
    else
        object.null("converted_content");
    object.list("replaced", replaced, &append_replaced);
    const std::string& text = message.converted ? *message.converted : message.submission.content;
    object.text_or_null("encoding", !is_sms ? "" : text::fits_gsm7(text) ? "GSM7" : "UCS2");
    object.number_or_null("segments", is_sms ? std::optional(message.cost) : std::nullopt);
    object.number("credits", message.cost);
}

struct Asked {
    const Call& call;
    const store::Account& account;
    Audience audience;
    std::vector<store::LinkStatus> links{};
};

void add_outcome(JsonObject& object, const store::Preview& preview, std::optional<Code> no_way,
                 std::string_view why_no_way)
{
    Code code = preview.code.value_or(no_way.value_or(Code::none));
    object.text_or_null("code", message::text_of(code));
    object.text_or_null("why", preview.code ? preview.why : why_no_way);
}

void append_preview(std::string& out, const Asked& asked, const store::NewMessage& message,
                    const store::Preview& preview)
{
    const store::Account& account = asked.account;
    std::string destination = message::digits_of(message.submission.destination);
    message::RouteQuery query;
    query.destination = destination;
    query.source = preview.sender;
    query.account = account.id;
    query.format = message.submission.format;
    const auto& routes = *asked.call.settings->routes;
    std::vector<message::LinkView> links = views_of(asked.links);
    // By the function that chooses when a message leaves; between equal routes it draws, so that another one
    // may be drawn then.
    auto choice = message::choose_link(routes, links, query, asked.call.api.clock.random());
    std::optional<Code> no_way;
    if (!choice.chosen) no_way = choice.refusal;

    JsonObject object(out);
    add_text(object, account, message);
    object.text_or_null("source_number", message::written(preview.sender));
    object.text("hours", message::name(account.hours));
    object.time("leaves_at", preview.leaves_at);
    object.text_or_null("link", no_way ? "" : links[choice.chosen->link].name);
    append_candidates(object.value("candidates"), choice);
    if (asked.audience == Audience::operators) append_fits(object.value("routes"), routes, links, query);
    add_outcome(object, preview, no_way, no_way ? message::why_no_way(routes, links, query) : "");
}

awaitable<http::Response> preview(const Call& call, const store::Account& account, Audience audience)
{
    auto messages = read_messages(call, account, call.key);
    if (!messages) co_return response_of(messages.error());
    if (audience == Audience::applications) {  // it costs as much as sending
        if (auto problem = refuse_messages(call, messages->size())) co_return response_of(*problem);
    }
    auto previews = co_await call.api.store.preview(account.key, *messages);
    auto links = co_await call.api.store.link_statuses();
    const Asked asked{.call = call, .account = account, .audience = audience, .links = std::move(links)};
    std::string body = R"({"messages":[)";
    for (std::size_t i = 0; i < previews.size(); ++i) {
        if (i > 0) body += ',';
        append_preview(body, asked, (*messages)[i], previews[i]);
    }
    body += "]}";
    co_return json_response(200, std::move(body));
}

}  // namespace

awaitable<http::Response> preview_messages(const Call& call)
{
    http::Response response = co_await preview(call, *call.account, Audience::applications);
    co_return response;
}

awaitable<http::Response> preview_messages_of(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    http::Response response = co_await preview(call, *account, Audience::operators);
    co_return response;
}

}  // namespace tidings::api
