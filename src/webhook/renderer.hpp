// SPDX-License-Identifier: Apache-2.0
// From a webhook and what it is to be told to the request that tells it. Signatures come last, over what is
// made here: signature.hpp.
#pragma once

#include "webhook/notice.hpp"
#include "webhook/url_template.hpp"

namespace tidings::webhook {

struct Request {
    message::HttpMethod method{};
    std::string url;
    std::string content_type;  // empty: there is no body
    message::HeaderList headers;
    std::string body;
};

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

    // bad_template, bad_url: not with this notice, and not at another time either.
    base::Result<Request> render(const Notice& notice) const;

private:
    Renderer(const message::WebhookCall& call, UrlTemplate url, std::optional<Template> body);

    message::HttpMethod method_;
    message::Encoding encoding_;
    message::HeaderList headers_;
    UrlTemplate url_;
    std::optional<Template> body_;
};

}  // namespace tidings::webhook
