// SPDX-License-Identifier: Apache-2.0
// Which links may carry a message, and in which order they are tried.
#pragma once

#include "message/message.hpp"
#include "message/status.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::message {

// A rule that lets messages go to a link. What is empty fits everything.
struct Route {
    std::string name;
    std::string link;                  // the name of a configured one
    std::string destination_prefix;    // digits
    std::vector<std::string> sources;  // canonical
    std::string account;               // an id
    std::optional<Format> format;      // nothing: every format
    std::int64_t priority = 0;         // the smallest is tried first; of equal ones the longest prefix
    std::int64_t weight = 1;           // how often it comes first among those that are equal so far

    bool operator==(const Route&) const = default;
};

constexpr std::int64_t route_weight_max = 1'000;

struct RouteQuery {
    std::string_view destination;  // digits
    std::string_view source;       // canonical; empty: the link's choice
    std::string_view account;
    Format format = Format::sms;
};

enum class RouteFit { fits, other_format, other_account, other_destination, other_source };

RouteFit fit(const Route& route, const RouteQuery& query);
std::string_view explain(RouteFit fit);  // "is for other destinations"

struct Routing {
    std::vector<const Route*> routes;  // those that fit, in the order in which to try them
    Code refusal = Code::no_route;     // what becomes of a message when none does
};

// `draw` is a random number: it decides between routes of equal rank.
Routing find_routes(std::span<const Route> routes, const RouteQuery& query, std::uint64_t draw);

}  // namespace tidings::message
