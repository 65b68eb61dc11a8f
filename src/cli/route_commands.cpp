// SPDX-License-Identifier: Apache-2.0
// Routes. `route test` shows each route with the reason why it fits or not, and then what would be tried in
// which order, which is what people come for.
#include "cli/leaves.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr Field fields[] = {
    {"name", "NAME"},
    {"link", "LINK"},
    {"destination_prefix", "PREFIX", "any"},
    {"sources", "SOURCES", "any"},
    {"account", "ACCOUNT", "any"},
    {"format", "FORMAT", "any"},
    {"priority", "PRIORITY"},
    {"weight", "WEIGHT"},
};
constexpr Field test_fields[] = {{"route", "ROUTE"}, {"link", "LINK"}, {"why", "WHY"}};

// A line for each route by which nothing leaves, if there are any.
std::string warnings_of(const boost::json::array& routes)
{
    std::string out;
    for (const boost::json::value& route : routes)
        if (const boost::json::value* warning = route.as_object().if_contains("warning"))
            out += fmt::format("Warning: route {}: {}.\n", shown(route.at("name")), shown(*warning));
    return out;
}

std::string show_routes(const boost::json::value& answer)
{
    return table_of(answer, "routes", fields) + warnings_of(answer.at("routes").as_array());
}

std::string show_route(const boost::json::value& answer)
{
    boost::json::array routes;
    routes.push_back(answer);
    return lines_of(answer, fields) + warnings_of(routes);
}

std::string no_way(const boost::json::value& answer)
{
    std::string why = shown(answer.at("why"));
    if (why == "no route fits") why = "No route fits";
    return fmt::format("{}: the message would end with {}.\n", why, shown(answer.at("code")));
}

std::string show_test(const boost::json::value& answer)
{
    bool has_routes = !answer.at("routes").as_array().empty();
    std::string out = has_routes ? table_of(answer, "routes", test_fields) + "\n" : "";
    const boost::json::array& candidates = answer.at("candidates").as_array();
    // Without any route all links are tried, which is no list of candidates.
    if (!has_routes && answer.at("code").is_null())
        return "There are no routes: every link is tried, in the order of the configuration.\n";
    if (candidates.empty()) return out + no_way(answer);
    std::string order;
    for (const boost::json::value& candidate : candidates)
        order += (order.empty() ? "" : ", then ") +
                 fmt::format("{} by {}", shown(candidate.at("link")), shown(candidate.at("route")));
    return out + fmt::format("Tried in this order: {}.\n", order);
}

void add_name(Command leaf, Asked& asked)
{
    asked.argument(leaf, "route", "the route's name").type_name("NAME");
}

void add_conditions(Command leaf, BodyOptions& body)
{
    body.text(leaf, {"--account", "account", "the account that sends"}).type_name("ID");
    body.text(leaf, {"--format", "format", "the format"}).type_name("SMS|MMS|TTS");
}

void add_route(Command leaf, Asked& asked)
{
    add_name(leaf, asked);
    BodyOptions& body = asked.body;
    body.text(leaf, {"--link", "link", "the configured link to which messages go"})
        .type_name("NAME")
        .required();
    body.text(leaf, {"--destination-prefix", "destination_prefix", "with what numbers begin"})
        .type_name("DIGITS");
    body.texts(leaf, {"--source", "sources", "a number or name from which messages go; may be repeated"})
        .type_name("NUMBER");
    add_conditions(leaf, body);
    body.number(leaf, {"--priority", "priority", "the smallest is tried first (default: 0)"});
    body.number(leaf, {"--weight", "weight", "share among routes that are equal otherwise (default: 1)"});
}

void add_message(Command leaf, Asked& asked)
{
    asked.argument(leaf, "number", "the destination").type_name("NUMBER");
    asked.body.text(leaf, {"--source", "source_number", "the number or name from which it goes"})
        .type_name("NUMBER");
    add_conditions(leaf, asked.body);
}

void say_destination(Asked& asked)
{
    asked.body.set("destination_number", boost::json::value(asked.word("number")));
}

const Leaf leaves[] = {
    {.name = "list", .description = "all routes", .path = "/routes", .show = show_routes},
    {.name = "set",
     .description = "make a route, or another one of its name; what is not named fits everything",
     .examples = "  tidings route set mobiles --link carrier --destination-prefix +614\n"
                 "  tidings route set spare --link other --priority 10\n"
                 "  tidings route set codes --link fast --source 12345 --source Bakery --account shop",
     .method = "PUT",
     .path = "/routes/{route}",
     .subject = "route {route}",
     .options = add_route,
     .sends = Sends::body,
     .show = show_route},
    {.name = "remove",
     .description = "remove a route",
     .method = "DELETE",
     .path = "/routes/{route}",
     .subject = "route {route}",
     .options = add_name,
     .done = "is removed"},
    {.name = "test",
     .description = "which routes a message would take, and why; sends nothing",
     .examples = "  tidings route test +61491570156 --source 12345 --account shop",
     .method = "POST",
     .path = "/route_test",
     .options = add_message,
     .sends = Sends::body,
     .complete = say_destination,
     .show = show_test},
};

}  // namespace

std::span<const Leaf> route_leaves() { return leaves; }

}  // namespace tidings::cli
