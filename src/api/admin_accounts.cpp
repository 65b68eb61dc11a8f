// SPDX-License-Identifier: Apache-2.0
#include "api/admin.hpp"

#include "base/zone.hpp"
#include "message/duplicate.hpp"
#include "message/json_text.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

namespace tidings::api {

namespace {

using message::UnregisteredSource;

constexpr std::size_t account_id_max = 64;
constexpr Range per_second{0, 1'000'000};  // more than any node does
constexpr Range duplicate_window{0, message::duplicate_window_max.count()};
constexpr std::int64_t credits_max = 1'000'000'000'000;  // far below where sums overflow
constexpr Range amount{-credits_max, credits_max};

constexpr std::pair<std::string_view, UnregisteredSource> policies[] = {
    {"reject", UnregisteredSource::reject},
    {"substitute", UnregisteredSource::substitute},
    {"allow", UnregisteredSource::allow},
};

constexpr std::pair<std::string_view, message::Converter> converters[] = {
    {"off", message::Converter::off},
    {"strict", message::Converter::strict},
    {"lossless", message::Converter::lossless},
};

constexpr std::pair<std::string_view, message::Hours> whose_hours[] = {
    {"off", message::Hours::off},
    {"account", message::Hours::account},
    {"recipient", message::Hours::recipient},
};

struct FeatureName {
    std::string_view name;
    store::Feature feature;
};
constexpr FeatureName feature_names[] = {
    {"mms", store::Feature::mms},
    {"tts", store::Feature::tts},
    {"inbound_mms", store::Feature::inbound_mms},
    {"signature_keys", store::Feature::signature_keys},
};

// An id stands in paths: one that consists of dots would be taken for a step through the tree.
bool is_account_id(std::string_view id)
{
    auto is_plain = [](unsigned char c) { return c < 0x80 && std::isalnum(c); };
    auto is_allowed = [&](unsigned char c) { return is_plain(c) || c == '_' || c == '-' || c == '.'; };
    return !id.empty() && id.size() <= account_id_max && is_plain(static_cast<unsigned char>(id.front())) &&
           std::ranges::all_of(id, is_allowed);
}

void append_credits(message::JsonObject& object, store::Credits credits)
{
    if (credits)
        object.number("credits", *credits);
    else
        object.null("credits");
}

void append_account(std::string& out, const store::Settings& settings, const store::Account& account,
                    store::Credits credits)
{
    message::JsonObject object(out);
    object.text("id", account.id);
    if (account.parent)
        object.text("parent", settings.accounts.at(*account.parent).id);
    else
        object.null("parent");
    if (account.default_source.empty())
        object.null("default_source");
    else
        object.text("default_source", written(account.default_source));
    object.text("unregistered_source", message::name(account.unregistered_source));
    {
        message::JsonObject features(object.value("features"));
        for (const FeatureName& it : feature_names)
            features.boolean(it.name, account.features.has(it.feature));
    }
    object.number("requests_per_second", account.requests_per_second);
    object.number("messages_per_second", account.messages_per_second);
    object.text("priority", message::name(account.priority));
    object.number("duplicate_window_s", account.duplicate_window.count());
    object.text("converter", message::name(account.converter));
    object.text("hours", message::name(account.hours));
    object.text("zone", account.zone);
    object.boolean("send_both", account.send_both);
    append_credits(object, credits);
}

// Asks the store only where there is a balance.
awaitable<store::Credits> credits_of(const Call& call, const store::Account& account)
{
    store::Credits credits;
    if (account.prepaid) credits = co_await call.api.store.credits(account.key);
    co_return credits;
}

awaitable<http::Response> account_response(const Call& call, unsigned status, const store::Account& account)
{
    store::Credits credits = co_await credits_of(call, account);
    std::string body;
    append_account(body, *call.settings, account, credits);
    co_return json_response(status, std::move(body));
}

// A name, since an offset would not follow the clocks.
std::optional<std::string> zone_in(BodyFields& fields)
{
    auto zone = fields.text("zone");
    if (zone && (zone->starts_with('+') || zone->starts_with('-') || !base::Zone::parse(*zone)))
        fields.fault("zone", "must be a time zone of the IANA database, as Australia/Sydney");
    return zone;
}

// The fields of an account that a body names and that may be changed later.
struct AccountChange {
    std::optional<std::string> default_source;  // empty: none from now on
    std::optional<UnregisteredSource> unregistered_source;
    std::vector<std::pair<store::Feature, bool>> features;
    std::optional<std::int64_t> requests_per_second, messages_per_second, duplicate_window_s;
    std::optional<message::Priority> priority;
    std::optional<message::Converter> converter;
    std::optional<message::Hours> hours;
    std::optional<std::string> zone;
    std::optional<bool> send_both;

    explicit AccountChange(BodyFields& fields)
    {
        if (fields.take_null("default_source"))
            default_source.emplace();
        else
            default_source = fields.text("default_source");
        if (default_source && !default_source->empty())
            default_source = source_in(fields, "default_source", *default_source);
        unregistered_source = fields.choice<UnregisteredSource>("unregistered_source", policies);
        for (const FeatureName& it : feature_names)
            if (auto on = fields.boolean("features/" + std::string(it.name)))
                features.emplace_back(it.feature, *on);
        requests_per_second = fields.integer("requests_per_second", per_second);
        messages_per_second = fields.integer("messages_per_second", per_second);
        priority = fields.choice<message::Priority>("priority", priorities);
        duplicate_window_s = fields.integer("duplicate_window_s", duplicate_window);
        converter = fields.choice<message::Converter>("converter", converters);
        hours = fields.choice<message::Hours>("hours", whose_hours);
        zone = zone_in(fields);
        send_both = fields.boolean("send_both");
    }

    void apply(store::Account& account) const
    {
        if (default_source) account.default_source = *default_source;
        if (unregistered_source) account.unregistered_source = *unregistered_source;
        for (auto [feature, on] : features) account.features.set(feature, on);
        if (requests_per_second)
            account.requests_per_second = static_cast<std::uint32_t>(*requests_per_second);
        if (messages_per_second)
            account.messages_per_second = static_cast<std::uint32_t>(*messages_per_second);
        if (priority) account.priority = *priority;
        if (duplicate_window_s) account.duplicate_window = std::chrono::seconds(*duplicate_window_s);
        if (converter) account.converter = *converter;
        if (hours) account.hours = *hours;
        if (zone) account.zone = *zone;
        if (send_both) account.send_both = *send_both;
    }
};

// An account as a body describes it.
struct NewAccount {
    store::Account account;
    store::Credits credits;

    NewAccount(BodyFields& fields, const store::Settings& settings)
    {
        account.id = fields.required_text("id");
        if (!is_account_id(account.id))
            fields.fault(
                "id",
                "must have 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a letter "
                "or a digit");
        if (!fields.take_null("parent"))
            if (const store::Account* parent = read_account(fields, "parent", settings))
                account.parent = parent->key;
        if (!fields.take_null("credits")) credits = fields.integer("credits", amount);
        AccountChange(fields).apply(account);
    }
};

}  // namespace

awaitable<http::Response> get_accounts(const Call& call)
{
    std::vector<const store::Account*> accounts;
    for (const auto& [id, key] : call.settings->account_ids)
        accounts.push_back(&call.settings->accounts.at(key));
    std::ranges::sort(accounts, {}, &store::Account::id);
    std::string body;
    for (const store::Account* account : accounts) {
        store::Credits credits = co_await credits_of(call, *account);
        body += body.empty() ? R"({"accounts":[)" : ",";
        append_account(body, *call.settings, *account, credits);
    }
    body += body.empty() ? R"({"accounts":[]})" : "]}";
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> get_account(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    http::Response response = co_await account_response(call, 200, *account);
    co_return response;
}

awaitable<http::Response> post_account(const Call& call)
{
    BodyFields fields(call.request.body);
    NewAccount account(fields, *call.settings);
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    auto added = co_await call.api.store.add_account(std::move(account.account), account.credits);
    if (!added) co_return response_of(problem_of(added.error()));
    http::Response response = co_await account_response(call, 201, *added);
    co_return response;
}

awaitable<http::Response> patch_account(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    BodyFields fields(call.request.body);
    AccountChange change(fields);
    fields.require_any();
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    auto edit = [change](store::Account& it) { change.apply(it); };
    auto changed = co_await call.api.store.change_account(account->key, std::move(edit));
    if (!changed) co_return response_of(problem_of(changed.error()));
    http::Response response = co_await account_response(call, 200, *changed);
    co_return response;
}

awaitable<http::Response> delete_account(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    auto removed = co_await call.api.store.remove_account(account->key);
    if (removed) co_return no_content();
    Problem problem = problem_of(removed.error());
    if (removed.error() == base::errc::in_use)
        problem.details.push_back("The account has sub-accounts: remove them first.");
    co_return response_of(problem);
}

awaitable<http::Response> post_credits(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    BodyFields fields(call.request.body);
    auto add = fields.integer("add", amount);
    auto set = fields.integer("set", amount);
    if (fields.boolean("unlimited") == false) fields.fault("unlimited", "must be true");
    fields.require_one_of({"add", "set", "unlimited"});
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    store::Credits balance = set;
    if (add) {
        auto added = co_await call.api.store.add_credits(account->key, *add);
        if (!added) {
            Problem problem = problem_of(added.error());
            problem.details.push_back("It may send without limit: set a balance to limit it.");
            co_return response_of(problem);
        }
        balance = *added;
    } else {
        co_await call.api.store.set_credits(account->key, balance);
    }
    std::string body;
    {
        message::JsonObject object(body);
        append_credits(object, balance);
    }
    co_return json_response(200, std::move(body));
}

}  // namespace tidings::api
