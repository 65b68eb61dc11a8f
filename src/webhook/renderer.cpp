// SPDX-License-Identifier: Apache-2.0
// A webhook's call is parsed when it is stored, so that what is wrong is said to whoever writes it, and
// again when the settings are loaded; rendering then fails only where the budget is spent or a reference
// makes the URL too long. URL and body share one budget, since together they are one attempt.
#include "webhook/renderer.hpp"

#include <cstdlib>

namespace tidings::webhook {

namespace {

std::string_view content_type_of(message::Encoding encoding)
{
    switch (encoding) {
    case message::Encoding::json: return "application/json";
    case message::Encoding::form: return "application/x-www-form-urlencoded";
    case message::Encoding::xml: return "application/xml";
    }
    std::abort();
}

}  // namespace

Renderer::Renderer(const message::WebhookCall& call, UrlTemplate url, std::optional<Template> body)
    : method_(call.method),
      encoding_(call.encoding),
      headers_(call.headers),
      url_(std::move(url)),
      body_(std::move(body)),
      has_references_(!url_.is_constant() || (body_ && !body_->is_constant()))
{
}

base::Result<Renderer, CallFault> Renderer::parse(const message::WebhookCall& call)
{
    auto url = UrlTemplate::parse(call.url);
    if (!url) return CallFault{CallFault::Part::url, url.error()};
    std::optional<Template> body;
    if (call.template_text) {
        auto parsed = Template::parse(*call.template_text, Directives::allowed);
        if (!parsed) return CallFault{CallFault::Part::body, parsed.error()};
        body = std::move(*parsed);
    }
    return Renderer(call, std::move(*url), std::move(body));
}

base::Result<Request> Renderer::render(const Notice& notice, Budget& budget) const
{
    // Of most webhooks nothing refers to one: their URL is constant, and their body the default.
    Variables variables = has_references_ ? variables_of(notice) : Variables();
    auto url = url_.render(variables, budget);
    if (!url) return url.error();
    Request request{
        .method = method_, .url = std::move(*url), .content_type = {}, .headers = headers_, .body = {}};
    if (method_ == message::HttpMethod::get) return request;  // a GET has no body
    request.content_type = content_type_of(encoding_);
    // The default body takes nothing of the budget: its size is bounded by what it tells.
    if (!body_) {
        request.body = default_body(notice, encoding_);
    } else if (auto rendered = body_->render(request.body, variables, budget); !rendered) {
        return rendered.error();
    }
    return request;
}

// A template is tried with almost nothing to tell. One that is costly even so would be so each time, and is
// refused before it costs the gateway anything.
std::optional<std::string> Renderer::cost_fault() const
{
    message::Report report;
    report.code = message::Code::delivered;
    report.content = "A short text";
    message::Reply reply;
    reply.content = report.content;
    // Both kinds, since a template may do its costly work for one of them alone.
    Notice notices[] = {{.event = message::Event::delivered_dr, .about = &report},
                        {.event = message::Event::received_sms, .about = &reply}};
    for (const Notice& notice : notices) {
        Budget budget = Budget::trial();
        auto rendered = render(notice, budget);
        if (budget.is_spent()) return std::string(too_costly);
    }
    return {};
}

}  // namespace tidings::webhook
