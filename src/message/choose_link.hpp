// SPDX-License-Identifier: Apache-2.0
// Which link a message takes. One rule for the dispatch of messages, for tests of routes and for previews: it
// sees the routes and, of each configured link, what choosing needs to know.
//
// With routes the links of those that fit are tried in their order (route.hpp); without routes every link is,
// in the order of the configuration, unless it wants routes. Left out is a link that does not carry the
// format, one whose alphabet lacks letters of the sender, one that is not configured, and one that has
// refused the message before. Of what is left the first link that is fit takes the message or, when none is,
// the first: it waits there.
//
// A link that is fit but under strain shares: every other message, by chance, takes the next way that is fit
// and under none.
#pragma once

#include "message/route.hpp"
#include "text/charset.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::message {

// A set of formats.
class Formats {
public:
    constexpr Formats() = default;
    constexpr Formats(std::initializer_list<Format> formats)
    {
        for (Format format : formats) bits_ |= bit(format);
    }
    constexpr bool has(Format format) const { return (bits_ & bit(format)) != 0; }
    constexpr bool overlaps(Formats other) const { return (bits_ & other.bits_) != 0; }
    bool operator==(const Formats&) const = default;

private:
    static constexpr unsigned bit(Format format) { return 1U << static_cast<unsigned>(format); }
    unsigned bits_ = 0;
};

// A configured link as choosing sees it.
struct LinkView {
    std::string_view name;
    Formats formats;
    bool by_route_only = false;                   // without routes it carries nothing
    bool is_fit = true;                           // up, and its carrier answers in time
    bool has_refused = false;                     // the message in question
    text::Charset charset = text::Charset::gsm7;  // in which it writes the name of a sender
    bool is_strained = false;                     // its carrier has been throttling or refusing for long
};
using LinkViews = std::span<const LinkView>;  // in the order of the configuration

struct LinkChoice {
    struct Way {
        std::size_t link = 0;          // of the views
        const Route* route = nullptr;  // null: there are no routes
    };
    std::vector<Way> ways;          // that are open, in the order in which they are tried
    std::optional<Way> chosen;      // nothing: none is open
    std::optional<Way> relieved;    // the way that it would have taken, but for the strain of its link
    Code refusal = Code::no_route;  // what becomes of the message then
    bool lacks_letters = false;     // a way is not open because its link lacks letters of the sender
};

// `draw` is a random number: it decides between routes of equal rank, and whether a message relieves a link.
LinkChoice choose_link(std::span<const Route> routes, LinkViews links, const RouteQuery& query,
                       std::uint64_t draw);

// Whether what takes a route could leave by its link; as a clause for people, empty if it could.
std::string fault_of(const Route& route, LinkViews links, const RouteQuery& query);

// Why no way is open, for people.
std::string why_no_way(std::span<const Route> routes, LinkViews links, const RouteQuery& query);

const LinkView* find_link(LinkViews links, std::string_view name);  // null: it is not configured

}  // namespace tidings::message
