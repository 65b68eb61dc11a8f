// SPDX-License-Identifier: Apache-2.0
// A URL in which references stand. They may fill in path and query, and never choose whom the request goes
// to: the origin is what stands before the first slash, and holds no reference. What a reference gives is
// percent-encoded, so that no slash, question mark or fragment comes from it. Two dots are the exception
// that encoding does not touch; see with_dots_encoded().
//
// The URL is judged once, when it is parsed, with an x for each reference.
#include "webhook/url_template.hpp"

#include "wire/http_url.hpp"

#include <algorithm>
#include <array>

namespace tidings::webhook {

namespace {

// A step through the path: a receiver's proxy may resolve these, encoded or not (RFC 3986, 6.2.2.2).
bool is_dot_segment(std::string_view segment)
{
    constexpr std::array<std::string_view, 3> dots = {".", "%2e", "%2E"};
    std::size_t count = 0;
    while (!segment.empty()) {
        auto dot = std::ranges::find_if(dots, [&](auto it) { return segment.starts_with(it); });
        if (dot == dots.end()) return false;
        segment.remove_prefix(dot->size());
        ++count;
    }
    return count == 1 || count == 2;
}

// The next segment of a path, which is cut off with the slash behind it.
std::string_view take_segment(std::string_view& path)
{
    std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    return segment;
}

bool has_dot_segment(std::string_view path_and_query)
{
    std::string_view path = path_and_query.substr(0, path_and_query.find('?'));
    while (!path.empty())
        if (is_dot_segment(take_segment(path))) return true;
    return false;
}

// What references stand for is text, also where all of it is one or two dots. Since %2E means the same as a
// dot to whoever resolves paths, its percent sign is encoded, too: the receiver reads %2E%2E, and nobody
// climbs. The dots of the URL itself were refused with it.
std::string with_dots_encoded(std::string_view path_and_query)
{
    std::size_t query = std::min(path_and_query.find('?'), path_and_query.size());
    std::string_view path = path_and_query.substr(0, query);
    std::string out;
    while (!path.empty()) {
        bool is_last = path.find('/') == path.npos;
        std::string_view segment = take_segment(path);
        if (is_dot_segment(segment))
            for (; !segment.empty(); segment.remove_prefix(segment.front() == '.' ? 1 : 3)) out += "%252E";
        out += segment;
        if (!is_last) out += '/';
    }
    return out.append(path_and_query.substr(query));
}

TemplateFault fault_at(std::size_t column, std::string reason)
{
    return {.line = 1, .column = column, .reason = std::move(reason)};
}

}  // namespace

base::Result<UrlTemplate, TemplateFault> UrlTemplate::parse(const std::string& source)
{
    std::size_t scheme_end = source.find("://");
    if (scheme_end == source.npos) return fault_at(1, "not an http or https URL");
    // Up to here the URL says whom the request goes to.
    std::size_t origin_end = std::min(source.find_first_of("/?#", scheme_end + 3), source.size());
    if (std::size_t place = source.find('$'); place < origin_end)
        return fault_at(place + 1, "references may stand in path and query only");
    if (std::size_t place = source.find('#'); place != source.npos)
        return fault_at(place + 1, "neither directives nor fragments (#) may stand in a URL");

    auto rest = Template::parse(source.substr(origin_end), Directives::are_text);
    if (!rest) {
        TemplateFault fault = rest.error();
        // The column of the whole URL, which is what its author sees.
        fault.column += fault.line == 1 ? origin_end : 0;
        return fault;
    }
    std::string origin = source.substr(0, origin_end);
    std::string probe;  // as the URL is while each reference stands for an x
    Budget budget = Budget::full();
    bool is_rendered =
        rest->render(probe, {}, budget, [](std::string& out, std::string_view) { out += 'x'; }).has_value();
    if (!is_rendered || !wire::is_http_url(origin + probe))
        return fault_at(1, "not an http or https URL with a host");
    if (has_dot_segment(probe)) return fault_at(1, "no part of a path may be . or ..");
    return UrlTemplate(std::move(origin), std::move(*rest));
}

base::Result<std::string> UrlTemplate::render(const Variables& variables, Budget& budget) const
{
    std::string rest;
    auto rendered = rest_.render(rest, variables, budget, &append_percent_encoded);
    if (!rendered) return rendered.error();
    // Seen in the finished path: dots may come together from a reference and the text beside it. Without any
    // the path was judged when it was parsed.
    if (!is_constant_ && has_dot_segment(rest)) rest = with_dots_encoded(rest);
    if (origin_.size() + rest.size() > rendered_url_max) return base::errc::bad_url;
    return origin_ + rest;
}

}  // namespace tidings::webhook
