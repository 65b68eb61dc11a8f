// SPDX-License-Identifier: Apache-2.0
// Routes: which link carries what. PUT makes a route or replaces the one of that name; what the body leaves
// out is as in a new one. Testing asks the same function that chooses when a message leaves.
#include "api/admin.hpp"
#include "api/routing.hpp"

#include "message/limits.hpp"
#include "wire/json_text.hpp"

namespace tidings::api {

namespace {

using message::Route;

constexpr std::size_t sources_max = 100;  // of one route
constexpr Range priority_range{-1'000, 1'000};
constexpr Range weight_range{1, message::route_weight_max};

constexpr std::pair<std::string_view, message::Format> formats[] = {
    {"SMS", message::Format::sms}, {"MMS", message::Format::mms}, {"TTS", message::Format::tts}};

void append_route(std::string& out, const Route& route, message::LinkViews links)
{
    wire::JsonObject object(out);
    object.text("name", route.name);
    object.text("link", route.link);
    object.text_or_null("destination_prefix", route.destination_prefix);
    object.list("sources", route.sources, &append_written);
    object.text_or_null("account", route.account);
    object.text_or_null("format", route.format ? message::name(*route.format) : "");
    object.number("priority", route.priority);
    object.number("weight", route.weight);
    // A warning and no fault: routes may be made before their link is configured.
    if (std::string warning = warning_of(route, links); !warning.empty()) object.text("warning", warning);
}

std::string digits_in(BodyFields& fields, std::string_view name, std::string_view text)
{
    std::string digits = message::digits_of(text);
    if (digits.size() > message::number_digits_max || digits.find_first_not_of("0123456789") != digits.npos)
        fields.fault(name, "must have up to 15 digits, with or without a + before");
    return digits;
}

Route read_route(BodyFields& fields, const store::Settings& settings)
{
    Route route;
    route.link = fields.required_text("link", message::route_name_max);
    if (auto prefix = fields.text("destination_prefix"))
        route.destination_prefix = digits_in(fields, "destination_prefix", *prefix);
    auto sources = fields.texts("sources").value_or(std::vector<std::string>());
    if (sources.size() > sources_max) fields.fault("sources", "must be 100 at most");
    for (const std::string& text : sources)
        if (auto source = source_in(fields, "sources", text)) route.sources.push_back(*source);
    if (const store::Account* account = read_account(fields, "account", settings))
        route.account = account->id;
    route.format = fields.choice<message::Format>("format", formats);
    route.priority = fields.integer("priority", priority_range).value_or(0);
    route.weight = fields.integer("weight", weight_range).value_or(1);
    return route;
}

// Where a message would go, and why. Between equal routes it would be drawn when the message leaves; here
// they stand in their order, so that the same question gets the same answer.
void append_test(std::string& out, const std::vector<Route>& routes, message::LinkViews links,
                 const message::RouteQuery& query)
{
    message::LinkChoice choice = message::choose_link(routes, links, query, 0);
    wire::JsonObject object(out);
    append_candidates(object.value("candidates"), choice);
    append_fits(object.value("routes"), routes, links, query);
    if (choice.chosen) return object.null("code");
    object.text("code", message::text_of(choice.refusal));
    object.text("why", message::why_no_way(routes, links, query));
}

}  // namespace

awaitable<http::Response> get_routes(const Call& call)
{
    auto statuses = co_await call.api.store.link_statuses();
    std::vector<message::LinkView> links = views_of(statuses);
    auto append = [&links](std::string& out, const Route& route) { append_route(out, route, links); };
    co_return list_response("routes", *call.settings->routes, append);
}

awaitable<http::Response> put_route(const Call& call)
{
    BodyFields fields(call.request.body);
    Route route = read_route(fields, *call.settings);
    route.name = call.request.parameters[0];
    auto faults = fields.faults();
    if (!is_path_name(route.name, message::route_name_max))
        faults.push_back(
            "The name of a route must have 1 to 64 letters, digits, dots, hyphens and underscores, "
            "and begin with a letter or a digit.");
    if (!faults.empty()) co_return response_of(bad_request(std::move(faults)));

    auto statuses = co_await call.api.store.link_statuses();
    std::string body;
    append_route(body, route, views_of(statuses));
    co_await call.api.store.put_route(std::move(route));
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> delete_route(const Call& call)
{
    auto removed = co_await call.api.store.remove_route(call.request.parameters[0]);
    if (!removed) co_return response_of(problem_of(removed.error()));
    co_return no_content();
}

awaitable<http::Response> test_routes(const Call& call)
{
    BodyFields fields(call.request.body);
    std::string destination =
        digits_in(fields, "destination_number", fields.required_text("destination_number"));
    std::string source;
    if (auto text = fields.text("source_number"))
        source = source_in(fields, "source_number", *text).value_or("");
    const store::Account* account = read_account(fields, "account", *call.settings);
    auto format = fields.choice<message::Format>("format", formats);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    message::RouteQuery query;
    query.destination = destination;
    query.source = source;
    if (account) query.account = account->id;
    query.format = format.value_or(message::Format::sms);
    auto statuses = co_await call.api.store.link_statuses();
    std::string body;
    append_test(body, *call.settings->routes, views_of(statuses), query);
    co_return json_response(200, std::move(body));
}

}  // namespace tidings::api
