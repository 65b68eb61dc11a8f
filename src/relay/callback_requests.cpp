// SPDX-License-Identifier: Apache-2.0
#include "relay/callback_requests.hpp"

#include "base/log.hpp"
#include "wire/http_url.hpp"

#include <thread>

namespace tidings::relay {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds request_timeout = 15s;  // for everything, name lookup to last byte
constexpr std::size_t answer_max = 4 << 10;                 // of which only the begin is looked at
constexpr std::size_t headers_expected = 4;                 // with the three of Standard Webhooks

webhook::Notice notice_of(const store::Callback& callback, std::string_view vendor_id)
{
    webhook::Notice notice;
    notice.vendor_id = vendor_id;
    notice.format = callback.format;
    notice.retry_count = callback.attempts;
    notice.original_content = callback.original;
    if (callback.report) {
        notice.event = message::event_of(callback.report->code).value_or(message::Event::enroute_dr);
        notice.about = &*callback.report;
    } else {
        notice.event = message::event_of(*callback.reply);
        notice.about = &*callback.reply;
    }
    return notice;
}

std::size_t size_of_attachments(const store::Callback& callback)
{
    std::size_t size = 0;
    if (callback.reply)
        for (const message::Attachment& attachment : callback.reply->attachments)
            size += attachment.content.size();
    return size;
}

http::ClientRequest plain_request(const store::Callback& callback)
{
    http::ClientRequest request;
    request.method = "POST";
    request.payer = static_cast<http::Payer>(callback.key.account);
    request.timeout = request_timeout;
    request.answer_max = answer_max;
    // A receiver that answers 200 with a page has taken the callback: only the status counts.
    request.when_too_large = http::WhenTooLarge::cut;
    return request;
}

// In the form in which it leaves, before anything is signed: what the receiver sees is what a signature has
// to cover.
void set_url(http::ClientRequest& request, std::string_view url)
{
    request.target = http::target_of(url);
    request.url = wire::sent_origin(url);
    request.url += request.target;
}

}  // namespace

CallbackRequests::CallbackRequests(DefaultBodies bodies)
    : bodies_(std::move(bodies)), workers_(std::max(1u, std::thread::hardware_concurrency()))
{
}

// Most bodies cost microseconds and are made at once, within a small budget. What has attachments, and a
// template that spends this budget, is made again by the workers with the full one: a costly template of one
// account must not hold up the thread on which the callbacks of all others wait.
std::optional<CallbackRequests::Made> CallbackRequests::make_at_once(const store::Callback& callback,
                                                                     const store::Webhook* webhook)
{
    Order order{callback, webhook};
    if (webhook) {
        auto renderer = renderer_of(*webhook);
        if (!renderer) return Made(renderer.error());
        order.renderer = *renderer;
    }
    if (size_of_attachments(callback) > 0) return {};
    webhook::Budget small = webhook::Budget::small();
    Made made = make(order, small);
    if (small.is_spent()) return {};
    return made;
}

asio::awaitable<CallbackRequests::Made> CallbackRequests::make_by_workers(const store::Callback& callback,
                                                                          const store::Webhook* webhook)
{
    Order order{callback, webhook};
    // A copy, since what is remembered may be forgotten meanwhile.
    std::optional<webhook::Renderer> renderer;
    if (webhook) {
        auto found = renderer_of(*webhook);
        if (!found) co_return found.error();
        renderer = **found;
        order.renderer = &*renderer;
    }
    std::function<Made()> work = [this, &order, attached = size_of_attachments(callback)] {
        webhook::Budget full = webhook::Budget::full(attached);
        return make(order, full);
    };
    Made made = co_await workers_.run(callback.key.account, std::move(work));
    co_return made;
}

// Called on the thread of the callbacks or on one of the workers': it touches nothing but its arguments and
// bodies_, which never changes.
CallbackRequests::Made CallbackRequests::make(const Order& order, webhook::Budget& budget) const
{
    const auto& [callback, webhook, renderer] = order;
    http::ClientRequest request = plain_request(callback);
    request.headers.reserve(headers_expected);
    webhook::Notice notice = notice_of(callback, bodies_.vendor_id);
    if (!webhook) {
        set_url(request, callback.url);
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = webhook::default_body(notice, message::Encoding::json);
        return request;
    }
    notice.place = bodies_.of_webhooks;
    auto rendered = renderer->render(notice, budget);
    if (budget.is_spent()) return NotMade{std::string(webhook::too_costly)};
    if (!rendered) return NotMade{rendered.error().message()};
    request.method = message::name(rendered->method);
    set_url(request, rendered->url);
    for (auto& header : rendered->headers) request.headers.push_back(std::move(header));
    if (!rendered->content_type.empty()) request.headers.emplace_back("Content-Type", rendered->content_type);
    request.body = std::move(rendered->body);
    request.timeout = webhook->read_timeout.value_or(store::webhook_read_timeout_default);
    return request;
}

base::Result<const webhook::Renderer*, NotMade> CallbackRequests::renderer_of(const store::Webhook& webhook)
{
    // By the id and the call that it was parsed from, so that an edited webhook is parsed anew without
    // anybody having to say so.
    auto found = renderers_.find(webhook.id);
    if (found != renderers_.end() && found->second.call == webhook.call) return &found->second.renderer;
    auto renderer = webhook::Renderer::parse(webhook.call);
    if (!renderer) return NotMade{renderer.error().fault.text()};
    // All of them, rather than the oldest: which one that is would have to be noted with each use.
    if (renderers_.size() >= remembered_max) renderers_.clear();
    auto kept = renderers_.insert_or_assign(webhook.id, Parsed{webhook.call, std::move(*renderer)}).first;
    return &kept->second.renderer;
}

const webhook::SigningKey* CallbackRequests::signing_key(const store::SignatureKey& key)
{
    auto found = signing_keys_.find(key.id);
    if (found != signing_keys_.end()) return &found->second;
    auto opened = webhook::SigningKey::from_der(key.private_key);
    if (!opened) {
        base::log_error("signature key {} cannot be read: {}", key.id.text(), opened.error().message());
        return nullptr;
    }
    if (signing_keys_.size() >= remembered_max) signing_keys_.clear();
    return &signing_keys_.emplace(key.id, *opened).first->second;
}

void CallbackRequests::add_id(http::ClientRequest& request, const store::CallbackKey& key,
                              const store::Settings& settings, base::Time now) const
{
    std::vector<std::string> secrets;
    for (const store::WebhookSecret& secret : settings.webhook_secrets_of(key.account))
        if (!secret.expires_at || *secret.expires_at > now) secrets.push_back(secret.secret);
    if (secrets.empty()) {
        // Receivers recognise by it what they have got already.
        request.headers.emplace_back("webhook-id", key.id.text());
    } else {
        for (auto& header : webhook::standard_headers(secrets, key.id, now, request.body))
            request.headers.push_back(std::move(header));
    }
}

asio::awaitable<void> CallbackRequests::sign(http::ClientRequest& request, const store::SignatureKey& key,
                                             base::Time now)
{
    const webhook::SigningKey* signing = signing_key(key);
    if (!signing) co_return;
    std::string date = base::to_http_date(now);
    std::function<message::HeaderList()> work = [signing = *signing, &key, &request, &date] {
        webhook::Sent sent{request.method, request.target, date, request.body};
        return webhook::rsa_headers(signing, key.id, key.digest, sent);
    };
    message::HeaderList headers = co_await workers_.run(key.account, std::move(work));
    request.headers.emplace_back("Date", std::move(date));
    for (auto& header : headers) request.headers.push_back(std::move(header));
}

}  // namespace tidings::relay
