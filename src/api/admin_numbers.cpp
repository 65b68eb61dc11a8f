// SPDX-License-Identifier: Apache-2.0
// Source addresses of ours. A number belongs to one account or to the pool; an alphanumeric name may belong
// to several accounts, since nobody owns a name on the air. So a name is removed from one account, and the
// request has to say from which if there are more.
#include "api/admin.hpp"

#include "http/router.hpp"
#include "wire/json_text.hpp"

namespace tidings::api {

namespace {

constexpr std::size_t unmatched_replies_max = 100;  // in one answer

void append_number(std::string& out, const store::Settings& settings, const store::Number& number)
{
    wire::JsonObject object(out);
    object.text("number", message::written(number.number));
    object.text_or_null("account", number.account ? settings.accounts.at(*number.account).id : "");
    object.boolean("pool", !number.account);
}

// The account in ?account=ID; nothing when there is no query. Whatever else a query has is a fault: it would
// be ignored where something is removed.
base::Result<std::optional<std::string>, Problem> owner_in(const std::string& query)
{
    constexpr std::string_view name = "account=";
    std::optional<std::string> account;
    if (query.empty()) return account;
    if (query.starts_with(name) && query.find('&') == query.npos)
        if (auto id = http::percent_decoded(std::string_view(query).substr(name.size()))) {
            account = *id;
            return account;
        }
    return bad_request({"The query may be account=ID and nothing else."});
}

// The entries of this number, of all accounts that have it or of the one that the query names.
std::vector<store::Number> meant(const store::Settings& settings, const std::string& number,
                                 const std::optional<std::string>& account_id)
{
    std::vector<store::Number> found;
    const store::Account* account = account_id ? find_account(settings, *account_id) : nullptr;
    // The owners of a number stand next to each other, the pool first.
    auto entry = settings.numbers.lower_bound({number, store::pool_key});
    for (; entry != settings.numbers.end() && entry->first.number == number; ++entry) {
        const store::Number& it = entry->second;
        bool is_its_owner = !account_id || (account && it.account == account->key);
        if (is_its_owner) found.push_back(it);
    }
    return found;
}

}  // namespace

awaitable<http::Response> get_numbers(const Call& call)
{
    co_return list_response("numbers", call.settings->numbers, [&](std::string& out, const auto& entry) {
        append_number(out, *call.settings, entry.second);
    });
}

awaitable<http::Response> post_number(const Call& call)
{
    BodyFields fields(call.request.body);
    store::Number number;
    std::string text = fields.required_text("number");
    const store::Account* account = read_account(fields, "account", *call.settings);
    if (account) number.account = account->key;
    if (!text.empty())
        number.number = source_in(fields, "number", text, account ? account->country : "").value_or("");
    auto pool = fields.boolean("pool");
    if (pool == false) fields.fault("pool", "must be true");
    fields.require_one_of({"account", "pool"});
    bool is_name = message::infer_source_type(number.number) == message::SourceType::alphanumeric;
    // The pool is there so that replies find their message, which nobody can send to a name.
    if (pool && is_name) fields.fault("number", "must be a number: nobody can reply to a name");
    if (auto faults = fields.faults(); !faults.empty()) co_return response_of(bad_request(std::move(faults)));

    auto added = co_await call.api.store.add_number(number);
    if (!added) co_return response_of(problem_of(added.error()));
    std::string body;
    append_number(body, *call.settings, number);
    co_return json_response(201, std::move(body));
}

awaitable<http::Response> delete_number(const Call& call)
{
    auto owner = owner_in(call.request.query);
    if (!owner) co_return response_of(owner.error());
    const store::Account* account = *owner ? find_account(*call.settings, **owner) : nullptr;
    std::string number = canonical_source_in(call.request.parameters[0], account ? account->country : "");
    std::vector<store::Number> found = meant(*call.settings, number, *owner);
    if (found.empty()) co_return response_of(not_found());
    if (found.size() > 1)
        co_return response_of(bad_request({"Several accounts have this name: say which by ?account=ID."}));
    auto removed = co_await call.api.store.remove_number(std::move(found.front()));
    if (!removed) co_return response_of(problem_of(removed.error()));
    co_return no_content();
}

awaitable<http::Response> get_unmatched_replies(const Call& call)
{
    auto replies = co_await call.api.store.unmatched_replies(unmatched_replies_max);
    co_return list_response("unmatched_replies", replies,
                            [](std::string& out, const store::UnmatchedReply& reply) {
                                wire::JsonObject object(out);
                                object.text("link", reply.link);
                                object.text("source_number", message::written(reply.source));
                                object.text("destination_number", message::written(reply.destination));
                                object.text("content", reply.content);
                                object.time("date_received", reply.received_at);
                            });
}

}  // namespace tidings::api
