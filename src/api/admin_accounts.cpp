// SPDX-License-Identifier: Apache-2.0
// Accounts and their balances. A balance is asked of the store and not in the settings, as it changes with
// each message; an account without one may send without limit.
//
// An account that is removed leaves its row: what it had accepted goes its way, and its keys and numbers are
// gone.
#include "api/account_fields.hpp"

#include "message/limits.hpp"

#include <algorithm>
#include <limits>

namespace tidings::api {

namespace {

constexpr std::int64_t credits_max = 1'000'000'000'000;  // far below where sums overflow
constexpr Range amount{-credits_max, credits_max};

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

struct NewAccount {
    store::Account account;
    store::Credits credits;
    std::vector<std::string> faults;
};

NewAccount read_new_account(const Call& call)
{
    BodyFields fields(call.request.body);
    NewAccount wanted;
    wanted.account.id = fields.required_text("id");
    if (!is_path_name(wanted.account.id, message::account_id_max))
        fields.fault(
            "id",
            "must have 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a letter "
            "or a digit");
    if (!fields.take_null("parent"))
        if (const store::Account* parent = read_account(fields, "parent", *call.settings))
            wanted.account.parent = parent->key;
    if (!fields.take_null("credits")) wanted.credits = fields.integer("credits", amount);
    AccountChange(fields).apply(wanted.account);
    wanted.faults = fields.faults();
    return wanted;
}

}  // namespace

awaitable<http::Response> get_accounts(const Call& call)
{
    std::vector<const store::Account*> accounts;
    for (const auto& [id, key] : call.settings->account_ids)
        accounts.push_back(&call.settings->accounts.at(key));
    std::ranges::sort(accounts, {}, &store::Account::id);
    std::vector<std::pair<const store::Account*, store::Credits>> balances;
    for (const store::Account* account : accounts) {
        store::Credits credits = co_await credits_of(call, *account);
        balances.emplace_back(account, credits);
    }
    co_return list_response("accounts", balances, [&](std::string& out, const auto& it) {
        append_account(out, *call.settings, *it.first, it.second);
    });
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
    NewAccount wanted = read_new_account(call);
    if (!wanted.faults.empty()) co_return response_of(bad_request(std::move(wanted.faults)));
    auto added = co_await call.api.store.add_account(std::move(wanted.account), wanted.credits);
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

    // As an edit and not as a whole account: the store applies it to the account as it is within its
    // transaction, so that two requests that overlap change what each of them names.
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
    co_return object_response(200, [&](wire::JsonObject& object) { append_credits(object, balance); });
}

}  // namespace tidings::api
