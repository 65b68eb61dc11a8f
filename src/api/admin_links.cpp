// SPDX-License-Identifier: Apache-2.0
#include "api/link_metrics.hpp"
#include "api/operation.hpp"

#include "wire/json_text.hpp"

#include <fmt/format.h>

#include <numeric>

namespace tidings::api {

namespace {

std::string decimal(double value) { return fmt::format("{:.3f}", value); }

void append_formats(std::string& out, message::Formats carried)
{
    using message::Format;
    std::vector<Format> formats;
    for (Format format : {Format::sms, Format::mms, Format::tts})
        if (carried.has(format)) formats.push_back(format);
    wire::append_list(out, formats, [](std::string& list, Format format) {
        wire::append_json_string(list, message::name(format));
    });
}

void append_word(std::string& out, const std::pair<const std::string, std::uint64_t>& word)
{
    wire::JsonObject object(out);
    object.text("word", word.first);
    object.number("count", static_cast<std::int64_t>(word.second));
}

void append_link(std::string& out, const store::LinkStatus& link, base::Time now)
{
    auto number = [](auto value) { return static_cast<std::int64_t>(value); };
    wire::JsonObject object(out);
    object.text("name", link.name);
    // False for a link that is leaving: it is shown until its last message has ended.
    object.boolean("configured", link.place.has_value());
    append_formats(object.value("formats"), link.formats);
    object.number("binds", number(link.binds));
    object.number("bound", number(link.bound));
    object.boolean("gave_up", link.gave_up);
    object.text_or_null("strained_by", link.strained_by);
    object.text_or_null("stopped_by", link.stopped_by);
    object.number("window", number(link.window));
    object.number("window_in_use", number(link.in_flight));
    object.number("waiting", number(link.waiting));
    object.value("oldest_seconds") += decimal(age_s(link, now));
    if (link.rate)
        object.value("rate") += decimal(*link.rate);
    else
        object.null("rate");
    object.number("submits", number(link.submitted));
    object.number("throttled", number(link.throttled));
    object.number("refused", number(link.refused));
    object.number("doubts", number(link.doubts));
    object.list("unknown_words", link.unknown_words, append_word);
    const auto& counts = link.responses.counts;
    object.number("responses", number(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})));
    object.value("response_seconds") += decimal(link.responses.sum_s);
}

}  // namespace

awaitable<http::Response> get_links(const Call& call)
{
    std::vector<store::LinkStatus> links = co_await call.api.store.link_statuses();
    co_return list_response("links", links,
                            [now = call.api.clock.now()](std::string& out, const store::LinkStatus& link) {
                                append_link(out, link, now);
                            });
}

// Relay hears of it by the store; what it says of links is as of a second ago.
awaitable<http::Response> restart_link(const Call& call)
{
    auto asked = co_await call.api.store.restart_link(call.request.parameters[0]);
    if (!asked) co_return response_of(problem_of(asked.error()));
    co_return no_content();
}

}  // namespace tidings::api
