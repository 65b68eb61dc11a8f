// SPDX-License-Identifier: Apache-2.0
#include "cli/route_commands.hpp"

#include "cli/table.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace tidings::cli {

namespace {

constexpr std::string_view root = "/routes";

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
    if (!has_routes && answer.at("code").is_null())
        return "There are no routes: every link is tried, in the order of the configuration.\n";
    if (candidates.empty()) return out + no_way(answer);
    std::string order;
    for (const boost::json::value& candidate : candidates)
        order += (order.empty() ? "" : ", then ") +
                 fmt::format("{} by {}", shown(candidate.at("link")), shown(candidate.at("route")));
    return out + fmt::format("Tried in this order: {}.\n", order);
}

}  // namespace

void RouteCommands::add_to(Command app)
{
    Command route = app.add_command("route", "list, set, remove and test the routes to links");
    route.needs_a_command();
    add_list(route);
    add_set(route);
    add_remove(route);
    add_test(route);
}

void RouteCommands::add_name(Command leaf)
{
    leaf.add_option("route", name_, "the route's name").type_name("NAME").required();
}

void RouteCommands::add_conditions(Command leaf)
{
    body_.text(leaf, {"--account", "account", "the account that sends"}).type_name("ID");
    body_.text(leaf, {"--format", "format", "the format"}).type_name("SMS|MMS|TTS");
}

void RouteCommands::add_list(Command parent)
{
    auto make = [] {
        Action action;
        action.method = "GET";
        action.target = path_of(root, {});
        action.show = &show_routes;
        return action;
    };
    leaves_.add_gateway(leaves_.add(parent, {"list", "all routes"}, make));
}

void RouteCommands::add_set(Command parent)
{
    auto make = [this] {
        Action action;
        action.method = "PUT";
        action.target = path_of(root, {name_});
        action.body = body_.json();
        action.subject = "route " + printable(name_);
        action.show = &show_route;
        return action;
    };
    Command leaf =
        leaves_.add(parent,
                    {"set", "make a route, or another one of its name; what is not named fits everything",
                     "  tidings route set mobiles --link carrier --destination-prefix +614\n"
                     "  tidings route set spare --link other --priority 10\n"
                     "  tidings route set codes --link fast --source 12345 --source Bakery --account shop"},
                    make);
    add_name(leaf);
    body_.text(leaf, {"--link", "link", "the configured link to which messages go"})
        .type_name("NAME")
        .required();
    body_.text(leaf, {"--destination-prefix", "destination_prefix", "with what numbers begin"})
        .type_name("DIGITS");
    body_.texts(leaf, {"--source", "sources", "a number or name from which messages go; may be repeated"})
        .type_name("NUMBER");
    add_conditions(leaf);
    body_.number(leaf, {"--priority", "priority", "the smallest is tried first (default: 0)"});
    body_.number(leaf, {"--weight", "weight", "share among routes that are equal otherwise (default: 1)"});
    leaves_.add_gateway(leaf);
}

void RouteCommands::add_remove(Command parent)
{
    auto make = [this] {
        Action action;
        action.method = "DELETE";
        action.target = path_of(root, {name_});
        action.subject = "route " + printable(name_);
        action.show = [subject = action.subject](const auto&) { return subject + " is removed\n"; };
        return action;
    };
    Command leaf = leaves_.add(parent, {"remove", "remove a route"}, make);
    add_name(leaf);
    leaves_.add_gateway(leaf);
}

void RouteCommands::add_test(Command parent)
{
    auto make = [this] {
        body_.set("destination_number", boost::json::value(number_));
        Action action;
        action.method = "POST";
        action.target = path_of("/route_test", {});
        action.body = body_.json();
        action.show = &show_test;
        return action;
    };
    Command leaf = leaves_.add(parent,
                               {"test", "which routes a message would take, and why; sends nothing",
                                "  tidings route test +61491570156 --source 12345 --account shop"},
                               make);
    leaf.add_option("number", number_, "the destination").type_name("NUMBER").required();
    body_.text(leaf, {"--source", "source_number", "the number or name from which it goes"})
        .type_name("NUMBER");
    add_conditions(leaf);
    leaves_.add_gateway(leaf);
}

}  // namespace tidings::cli
