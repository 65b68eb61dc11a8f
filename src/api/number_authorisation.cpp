// SPDX-License-Identifier: Apache-2.0
// An account's list of numbers that are not to be written to. Handsets put themselves there by replying STOP.
#include "api/admin.hpp"
#include "api/query.hpp"

#include "message/national_plan.hpp"
#include "wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tidings::api {

namespace {

constexpr std::size_t added_max = 10;     // numbers in one request
constexpr std::size_t page_max = 100;     // numbers in one answer
constexpr std::size_t checked_max = 100;  // numbers in one question
constexpr std::string_view list_uri = "/v1/number_authorisation/mt/blacklist";

constexpr std::string_view not_a_number = "must have 8 to 15 digits, with or without a + before them";
constexpr std::string_view of_no_country =
    "must begin with a country code, as +61491570156, unless the account has a country";

bool is_number(std::string_view text)
{
    return message::infer_source_type(text) == message::SourceType::international;
}

// What is wrong with what should be a number; empty: nothing.
std::string_view fault_of(std::string_view text)
{
    if (!is_number(text)) return not_a_number;
    return message::lacks_country(text) ? of_no_country : std::string_view();
}

void append_numbers(wire::JsonObject& object, const std::vector<std::string>& numbers)
{
    object.list("numbers", numbers, &append_written);
}

std::vector<std::string> numbers_in(BodyFields& fields, const store::Account& account)
{
    std::vector<std::string> numbers;
    if (!fields.has("numbers")) fields.fault("numbers", "is required");
    for (const std::string& text : fields.texts("numbers").value_or(std::vector<std::string>())) {
        numbers.push_back(message::e164_digits(text, account.country));
        if (auto fault = fault_of(numbers.back()); !fault.empty()) fields.fault("numbers", fault);
    }
    bool is_bad_size = numbers.empty() || numbers.size() > added_max;
    if (is_bad_size) fields.fault("numbers", "must have 1 to 10 numbers");
    return numbers;
}

// The path holds several numbers in one segment, as the service has it.
//
// Those between the commas.
std::vector<std::string> split(std::string_view list, const store::Account& account)
{
    std::vector<std::string> numbers;
    for (;;) {
        std::size_t comma = list.find(',');
        numbers.push_back(message::e164_digits(list.substr(0, comma), account.country));
        if (comma == list.npos) return numbers;
        list.remove_prefix(comma + 1);
    }
}

// The number behind which a page begins: the last of the page before it. Empty: the first page.
base::Result<std::string, Problem> token_in(std::string_view query)
{
    auto token = query_value(query, "token");
    if (!query_has(query, "token") || (token && token->empty())) return std::string();
    if (!token || !is_number(*token)) return bad_request({"The token is not the `page` of an answer."});
    return message::digits_of(*token);
}

}  // namespace

awaitable<http::Response> get_blacklist(const Call& call)
{
    auto after = token_in(call.request.query);
    if (!after) co_return response_of(after.error());
    std::string uri(list_uri);
    if (!after->empty()) uri += "?token=" + *after;
    // One more than is shown tells whether there is another page.
    auto numbers = co_await call.api.store.opt_outs(call.account->key, *after, page_max + 1);
    bool is_last = numbers.size() <= page_max;
    if (!is_last) numbers.pop_back();
    co_return object_response(200, [&](wire::JsonObject& object) {
        object.text("uri", uri);
        append_numbers(object, numbers);
        wire::JsonObject pagination(object.value("pagination"));
        if (!is_last) {
            pagination.text("page", numbers.back());
            pagination.text("next_uri", std::string(list_uri) + "?token=" + numbers.back());
        }
    });
}

// 201 if at least one of the numbers is new, as the service has it.
awaitable<http::Response> post_blacklist(const Call& call)
{
    BodyFields fields(call.request.body);
    std::vector<std::string> numbers = numbers_in(fields, *call.account);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));
    std::size_t added = co_await call.api.store.add_opt_outs(call.account->key, numbers);
    co_return object_response(added > 0 ? 201 : 200, [&](wire::JsonObject& object) {
        object.text("uri", list_uri);
        append_numbers(object, numbers);
    });
}

awaitable<http::Response> delete_from_blacklist(const Call& call)
{
    std::string number = message::e164_digits(call.request.parameters[0], call.account->country);
    auto removed = co_await call.api.store.remove_opt_out(call.account->key, number);
    if (!removed) co_return response_of(problem_of(removed.error()));
    http::Response response;
    response.content_type = "text/plain";
    response.body = "The number has been successfully deleted.";
    co_return response;
}

awaitable<http::Response> get_authorisation(const Call& call)
{
    std::vector<std::string> numbers = split(call.request.parameters[0], *call.account);
    if (numbers.size() > checked_max)
        co_return response_of(bad_request({"At most 100 numbers may be asked for at once."}));
    for (const std::string& number : numbers)
        if (auto fault = fault_of(number); !fault.empty())
            co_return response_of(bad_request({fmt::format("Each number {}.", fault)}));
    auto listed = co_await call.api.store.opted_out(call.account->key, numbers);
    co_return object_response(200, [&](wire::JsonObject& object) {
        object.text("uri", call.request.path);
        object.list("numbers", numbers, [&](std::string& out, const std::string& number) {
            wire::JsonObject entry(out);
            entry.text("number", message::written(number));
            entry.boolean("authorised", std::ranges::find(listed, number) == listed.end());
        });
    });
}

awaitable<http::Response> get_suspected_opt_outs(const Call& call)
{
    auto replies = co_await call.api.store.suspected_opt_outs(page_max);
    co_return list_response("suspected_opt_outs", replies, [](std::string& out, const message::Reply& reply) {
        wire::JsonObject object(out);
        object.text("account", reply.account);
        object.id("reply_id", reply.id);
        object.text("source_number", reply.source);
        object.text("content", reply.content);
        object.time("date_received", reply.received_at);
    });
}

}  // namespace tidings::api
