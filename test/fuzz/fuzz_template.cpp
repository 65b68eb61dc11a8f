// SPDX-License-Identifier: Apache-2.0
#include "message/unicode.hpp"
#include "webhook/renderer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// The same bytes as a template, as a URL, and as what a handset sent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace tidings;
    std::string text(reinterpret_cast<const char*>(data), size);
    message::Reply reply;
    reply.content = text;
    reply.metadata = {{"key", text}, {"a", "b"}};
    reply.attachments = {{"image/png", "AAA=", text}, {}};
    webhook::Notice notice{.event = message::Event::received_mms, .about = &reply};

    for (auto directives : {webhook::Directives::allowed, webhook::Directives::are_text}) {
        std::string out;
        if (auto parsed = webhook::Template::parse(text, directives))
            if (parsed->render(out, webhook::variables_of(notice)) && out.size() > webhook::output_size_max)
                std::abort();
    }
    if (auto url = webhook::UrlTemplate::parse("https://example.com/a/$moContent?" + text)) {
        auto rendered = url->render(webhook::variables_of(notice));
        if (rendered && !rendered->starts_with("https://example.com/a/")) std::abort();
    }
    for (auto encoding : {message::Encoding::form, message::Encoding::xml})
        if (message::is_utf8(text) && webhook::default_body(notice, encoding).empty()) std::abort();
    return 0;
}
