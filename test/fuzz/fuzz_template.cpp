// SPDX-License-Identifier: Apache-2.0
// The same bytes as a template, as a URL, and as what a handset sent. What is rendered stays within its
// limits, and within the host and path of its URL; the same notice gives the same text; a template in which
// nothing has a meaning is its own text.
#include "base/utf8.hpp"
#include "webhook/renderer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace tidings;

namespace {

void check_template(const std::string& source, webhook::Directives directives, const webhook::Notice& notice)
{
    auto parsed = webhook::Template::parse(source, directives);
    if (!parsed) return;
    webhook::Variables variables = webhook::variables_of(notice);
    std::string out = "before", again = "before";
    webhook::Budget once = webhook::Budget::full(), twice = webhook::Budget::full();
    bool is_rendered = parsed->render(out, variables, once).has_value();
    if (is_rendered != parsed->render(again, variables, twice).has_value()) std::abort();
    if (is_rendered == once.is_spent()) std::abort();
    if (!is_rendered) return;
    if (out != again || !out.starts_with("before")) std::abort();
    if (out.size() > webhook::Budget::text_max + 6) std::abort();
    bool has_meaning =
        source.find_first_of(directives == webhook::Directives::allowed ? "$#\\" : "$\\") != source.npos;
    if (!has_meaning && out != "before" + source) std::abort();
}

void check_url(const std::string& text, const webhook::Notice& notice)
{
    auto url = webhook::UrlTemplate::parse("https://example.com/a/$moContent?" + text);
    if (!url) return;
    webhook::Budget budget = webhook::Budget::full();
    auto rendered = url->render(webhook::variables_of(notice), budget);
    if (rendered && !rendered->starts_with("https://example.com/a/")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string text(reinterpret_cast<const char*>(data), size);
    message::Reply reply;
    reply.content = text;
    reply.metadata = {{"key", text}, {"a", "b"}};
    reply.attachments = {{"image/png", "AAA=", text}, {}};
    // What each kind of escaping makes longer: the more often, the longer.
    webhook::Notice notice{.event = message::Event::received_mms,
                           .about = &reply,
                           .original_content = "\"\\\"\\\\ & <'> %\xC3\xA9\xF0\x9F\x98\x80"};

    for (auto directives : {webhook::Directives::allowed, webhook::Directives::are_text})
        check_template(text, directives, notice);
    check_url(text, notice);
    for (auto encoding : {message::Encoding::form, message::Encoding::xml})
        if (base::is_utf8(text) && webhook::default_body(notice, encoding).empty()) std::abort();
    return 0;
}
