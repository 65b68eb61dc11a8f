// SPDX-License-Identifier: Apache-2.0
// Webhooks of an account, for its applications (/v1) and for operators. The field names, and what may be
// changed later, are those of the service's reference; its clients send nulls and fields that it does not
// know, so that both are forgiven here.
//
// URL and template are parsed when they come in, and tried on a notice, so that a webhook which cannot work,
// or costs too much, is refused while somebody is looking. An account has one webhook at most for a URL and
// method.
#include "api/webhooks.hpp"

#include "api/admin.hpp"
#include "api/query.hpp"
#include "message/limits.hpp"
#include "webhook/headers.hpp"
#include "webhook/renderer.hpp"
#include "wire/json_text.hpp"

#include <fmt/format.h>

namespace tidings::api {

namespace {

using message::Encoding;
using message::HttpMethod;

constexpr std::size_t measured_by_its_parser = std::string::npos;  // in bytes, with other words
constexpr Range read_timeouts{1, 60'000};
constexpr Range retries_range{0, 5};
constexpr Range retry_delays{5, 60};

constexpr std::pair<std::string_view, HttpMethod> methods[] = {
    {"GET", HttpMethod::get}, {"POST", HttpMethod::post},      {"PATCH", HttpMethod::patch},
    {"PUT", HttpMethod::put}, {"DELETE", HttpMethod::delete_},
};
constexpr std::pair<std::string_view, Encoding> encodings[] = {
    {"JSON", Encoding::json},
    {"FORM_ENCODED", Encoding::form},
    {"XML", Encoding::xml},
};

http::Response webhook_response(unsigned status, const store::Webhook& webhook)
{
    std::string body;
    append_webhook(body, webhook);
    return json_response(status, std::move(body));
}

std::optional<message::Events> events_in(BodyFields& fields)
{
    auto names = fields.texts("events");
    if (!names) return {};
    message::Events events;
    for (const std::string& name : *names) {
        auto event = message::event_named(name);
        if (event)
            events.add(*event);
        else
            fields.fault("events", fmt::format("'{}' is no event", name));
    }
    if (names->empty()) fields.fault("events", "must name at least one event");
    return events;
}

std::optional<message::HeaderList> headers_in(BodyFields& fields)
{
    auto headers = fields.pairs("headers");
    if (!headers) return {};
    if (headers->size() > webhook::headers_max)
        fields.fault("headers", fmt::format("must be at most {}", webhook::headers_max));
    for (const auto& [name, value] : *headers)
        // A line end in a value would let an application add headers, or a second request, to ours.
        if (auto fault = webhook::header_fault(name, value)) fields.fault("headers", *fault);
    return headers;
}

// The fields that may be changed later. An empty template takes the template away, since null cannot: it
// stands for a field that is absent.
struct CallChange {
    std::optional<std::string> url, template_text;
    std::optional<HttpMethod> method;
    std::optional<Encoding> encoding;
    std::optional<message::Events> events;
    std::optional<message::HeaderList> headers;

    explicit CallChange(BodyFields& fields)
        : url(fields.text("url", message::webhook_url_max)),
          template_text(fields.text("template", measured_by_its_parser)),
          method(fields.choice<HttpMethod>("method", methods)),
          encoding(fields.choice<Encoding>("encoding", encodings)),
          events(events_in(fields)),
          headers(headers_in(fields))
    {
        check_templates(fields);
    }

    void apply(store::Webhook& webhook) const
    {
        message::WebhookCall& call = webhook.call;
        if (url) call.url = *url;
        if (method) call.method = *method;
        if (encoding) call.encoding = *encoding;
        if (headers) call.headers = *headers;
        if (events) webhook.events = *events;
        if (template_text) call.template_text = template_text;
        if (template_text && template_text->empty()) call.template_text.reset();
        webhook.disabled = false;  // whoever changes it wants it called
    }

private:
    // Parses URL and template, and tries what they cost. A change may name only one of the two; the other was
    // judged when it came, and something harmless stands in for it here.
    void check_templates(BodyFields& fields) const
    {
        message::WebhookCall call{.url = url.value_or("https://example.com/"),
                                  .template_text = template_text};
        auto parsed = webhook::Renderer::parse(call);
        if (parsed) {
            if (auto fault = parsed->cost_fault()) fields.fault(template_text ? "template" : "url", *fault);
            return;
        }
        bool is_url = parsed.error().part == webhook::CallFault::Part::url;
        fields.fault(is_url ? "url" : "template", parsed.error().fault.text());
    }
};

// A webhook as the body describes it, with defaults; its id and account are the caller's to give.
store::Webhook new_webhook(BodyFields& fields)
{
    store::Webhook webhook;
    CallChange(fields).apply(webhook);
    // After the fields were read, so that one which is wrong is told as wrong and not as missing.
    for (std::string_view name : {"url", "method", "encoding", "events"})
        if (!fields.has(name)) fields.fault(name, "is required");
    if (auto timeout = fields.integer("read_timeout", read_timeouts))
        webhook.read_timeout = std::chrono::milliseconds(*timeout);
    webhook.retries = static_cast<int>(fields.integer("retries", retries_range).value_or(0));
    if (auto delay = fields.integer("retry_delay", retry_delays))
        webhook.retry_delay = std::chrono::seconds(*delay);
    return webhook;
}

// nullptr: the account has none of that id.
const store::Webhook* find_webhook(const Call& call, const store::Account& account, std::string_view text)
{
    auto id = base::Uuid::parse(text);
    return id ? call.settings->find_webhook(account.key, *id) : nullptr;
}

Problem problem_with_webhook(const boost::system::error_code& error)
{
    if (error == base::errc::exists)
        return {.status = 409, .message = "A webhook with the given url and method already exists."};
    return problem_of(error);
}

}  // namespace

void append_webhook(std::string& out, const store::Webhook& webhook)
{
    wire::JsonObject object(out);
    object.id("id", webhook.id);
    object.text("url", webhook.call.url);
    object.text("method", message::name(webhook.call.method));
    object.text("encoding", message::name(webhook.call.encoding));
    {
        wire::JsonObject headers(object.value("headers"));
        for (const auto& [name, value] : webhook.call.headers) headers.member(name, value);
    }
    std::vector<std::string_view> events;
    for (std::size_t i = 0; i < message::event_count; ++i)
        if (auto event = static_cast<message::Event>(i); webhook.events.has(event))
            events.push_back(message::name(event));
    object.texts("events", events);
    if (webhook.call.template_text) object.text("template", *webhook.call.template_text);
    if (webhook.read_timeout) object.number("read_timeout", webhook.read_timeout->count());
    object.number("retries", webhook.retries);
    if (webhook.retries > 0 && webhook.retry_delay)
        object.number("retry_delay", webhook.retry_delay->count());
    if (webhook.disabled) object.boolean("disabled", true);
}

awaitable<http::Response> add_webhook(const Call& call, const store::Account& account)
{
    BodyFields fields(call.request.body, BodyFields::Reading::lenient);
    store::Webhook webhook = new_webhook(fields);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    webhook.id = call.api.ids.next();
    webhook.account = account.key;
    auto added = co_await call.api.store.add_webhook(webhook);
    if (!added) co_return response_of(problem_with_webhook(added.error()));
    co_return webhook_response(201, webhook);
}

http::Response show_webhook(const Call& call, const store::Account& account, std::string_view id)
{
    const store::Webhook* webhook = find_webhook(call, account, id);
    return webhook ? webhook_response(200, *webhook) : response_of(not_found());
}

awaitable<http::Response> change_webhook(const Call& call, const store::Account& account, std::string_view id)
{
    const store::Webhook* webhook = find_webhook(call, account, id);
    if (!webhook) co_return response_of(not_found());
    BodyFields fields(call.request.body, BodyFields::Reading::lenient);
    CallChange change(fields);
    fields.require_any();
    for (std::string_view name : {"read_timeout", "retries", "retry_delay"})
        // The reference has them in the request that makes a webhook and not in the one that changes it.
        if (fields.has(name)) fields.fault(name, "is fixed when the webhook is made");
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    auto edit = [change](store::Webhook& it) { change.apply(it); };
    auto changed = co_await call.api.store.change_webhook(webhook->account, webhook->id, std::move(edit));
    if (!changed) co_return response_of(problem_with_webhook(changed.error()));
    co_return webhook_response(200, *changed);
}

awaitable<http::Response> remove_webhook(const Call& call, const store::Account& account, std::string_view id)
{
    const store::Webhook* webhook = find_webhook(call, account, id);
    if (!webhook) co_return response_of(not_found());
    auto removed = co_await call.api.store.remove_webhook(webhook->account, webhook->id);
    if (!removed) co_return response_of(problem_of(removed.error()));
    co_return no_content();
}

awaitable<http::Response> post_webhook(const Call& call) { return add_webhook(call, *call.account); }

awaitable<http::Response> get_webhooks(const Call& call)
{
    const std::string& query = call.request.query;
    std::string_view size = query_has(query, "page_size") ? "page_size" : "pageSize";  // as the SDKs spell it
    std::vector<std::string> faults;
    Page page = page_in(query, {"page", size}, 0, faults);
    if (!faults.empty()) co_return response_of(bad_request(std::move(faults)));

    co_return object_response(200, [&](wire::JsonObject& object) {
        object.number("page", page.number);
        object.number("pageSize", page.size);
        object.list("pageData", items_on(page, 0, call.settings->webhooks_of(call.account->key)),
                    append_webhook);
    });
}

awaitable<http::Response> get_webhook(const Call& call)
{
    co_return show_webhook(call, *call.account, call.request.parameters[0]);
}

awaitable<http::Response> patch_webhook(const Call& call)
{
    return change_webhook(call, *call.account, call.request.parameters[0]);
}

awaitable<http::Response> delete_webhook(const Call& call)
{
    return remove_webhook(call, *call.account, call.request.parameters[0]);
}

}  // namespace tidings::api
