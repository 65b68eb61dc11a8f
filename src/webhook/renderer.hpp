// SPDX-License-Identifier: Apache-2.0
// From a webhook and what it is to be told to the request that tells it. Signatures come last, over what is
// made here: signature.hpp.
#pragma once

#include "webhook/budget.hpp"
#include "webhook/notice.hpp"
#include "webhook/url_template.hpp"

namespace tidings::webhook {

struct Request {
    message::HttpMethod method{};
    std::string url;
    std::string_view content_type;  // empty: there is no body
    message::HeaderList headers;
    std::string body;
};

// What is said of one whose budget is spent.
constexpr std::string_view too_costly =
    "the template asks for too much work: it is too deep, or makes too much text";

// Why a webhook cannot be.
struct CallFault {
    enum class Part { url, body };
    Part part{};
    TemplateFault fault;
};

// A webhook, ready to be called any number of times. Copies are cheap.
class Renderer {
public:
    static base::Result<Renderer, CallFault> parse(const message::WebhookCall& call);

    // bad_template, the budget is spent, and bad_url: not with this notice, and not at another time either.
    base::Result<Request> render(const Notice& notice, Budget& budget) const;

    // Why it should not be kept, for people: it spends too much even with little to tell. Nothing: it may be.
    std::optional<std::string> cost_fault() const;

private:
    Renderer(const message::WebhookCall& call, UrlTemplate url, std::optional<Template> body);

    message::HttpMethod method_;
    message::Encoding encoding_;
    message::HeaderList headers_;
    UrlTemplate url_;
    std::optional<Template> body_;  // nothing: the default one, or none
    bool has_references_;
};

}  // namespace tidings::webhook
