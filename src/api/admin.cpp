// SPDX-License-Identifier: Apache-2.0
#include "api/new_key.hpp"
#include "api/operation.hpp"

#include "message/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace tidings::api {

namespace {

namespace json = boost::json;

constexpr std::size_t account_id_max = 64;

// The fields of a request body that is an object of strings. Collects what is wrong, one line for each field.
class Fields {
public:
    explicit Fields(std::string_view body)
    {
        boost::system::error_code error;
        json::value value = json::parse(body, error);
        if (!error && value.is_object())
            object_ = std::move(value.get_object());
        else
            faults_.push_back("The body must be a JSON object.");
    }

    // Empty: absent or null.
    std::string optional_text(std::string_view name)
    {
        const json::value* value = object_.if_contains(name);
        if (!value || value->is_null()) return {};
        if (const json::string* text = value->if_string()) return std::string(*text);
        fault(name, "must be a string");
        return {};
    }

    std::string text(std::string_view name)
    {
        std::string value = optional_text(name);
        if (value.empty()) fault(name, "is required");
        return value;
    }

    // Only the first fault of a field counts, and none of a body that is no object.
    void fault(std::string_view name, std::string_view what)
    {
        std::string pointer = fmt::format("/{}: ", name);
        if (faults_.empty() || (faults_.front().starts_with('/') && !faults_.back().starts_with(pointer)))
            faults_.push_back(fmt::format("{}{}.", pointer, what));
    }

    const std::vector<std::string>& faults() const { return faults_; }

private:
    json::object object_;
    std::vector<std::string> faults_;
};

bool is_account_id(std::string_view id)
{
    auto allowed = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '.'; };
    return !id.empty() && id.size() <= account_id_max && std::ranges::all_of(id, allowed);
}

bool is_number(std::string_view text)
{
    return message::infer_source_type(text) != message::SourceType::alphanumeric;
}

// As the world writes it: E.164 with its +, a short code as it is.
std::string written(const std::string& digits)
{
    return message::infer_source_type(digits) == message::SourceType::international ? "+" + digits : digits;
}

const store::Account* find_account(const store::Settings& settings, const std::string& id)
{
    auto found = settings.account_ids.find(id);
    return found == settings.account_ids.end() ? nullptr : &settings.accounts.at(found->second);
}

void append_account(std::string& out, const store::Settings& settings, const store::Account& account)
{
    message::JsonObject object(out);
    object.text("id", account.id);
    if (account.parent) object.text("parent", settings.accounts.at(*account.parent).id);
    if (!account.default_source.empty()) object.text("default_source", written(account.default_source));
}

void append_number(std::string& out, const std::string& digits, const std::string& account)
{
    message::JsonObject object(out);
    object.text("number", written(digits));
    object.text("account", account);
}

std::string_view name(store::KeyScheme scheme)
{
    return scheme == store::KeyScheme::basic ? "basic" : "hmac";
}

// `secret` is empty where it is not to be shown.
void append_key(std::string& out, const store::ApiKey& key, std::string_view secret, std::string_view account)
{
    message::JsonObject object(out);
    object.text("key", key.name);
    if (!secret.empty()) object.text("secret", secret);
    object.text("scheme", name(key.scheme));
    object.text("account", account);
}

// The values of a map in the order of one of their fields.
template <class Map, class Field>
auto sorted(const Map& map, Field field)
{
    std::vector<const typename Map::mapped_type*> values;
    for (const auto& [_, value] : map) values.push_back(&value);
    std::ranges::sort(values, {}, field);
    return values;
}

}  // namespace

awaitable<http::Response> get_accounts(const Call& call)
{
    auto accounts = sorted(call.settings->accounts, &store::Account::id);
    std::string body = R"({"accounts":)";
    append_list(body, accounts, [&](std::string& out, const store::Account* account) {
        append_account(out, *call.settings, *account);
    });
    body += '}';
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> post_account(const Call& call)
{
    Fields fields(call.request.body);
    store::Account account;
    account.id = fields.text("id");
    if (!is_account_id(account.id))
        fields.fault("id", "must be 1 to 64 letters, digits, hyphens, underscores and dots");
    if (std::string parent_id = fields.optional_text("parent"); !parent_id.empty()) {
        const store::Account* parent = find_account(*call.settings, parent_id);
        if (parent)
            account.parent = parent->key;
        else
            fields.fault("parent", "no such account");
    }
    std::string source = fields.optional_text("default_source");
    if (!source.empty() && !is_number(source))
        fields.fault("default_source", "must be a number of 3 to 15 digits");
    account.default_source = message::digits_of(source);
    if (!fields.faults().empty()) co_return response_of(bad_request(fields.faults()));

    auto added = co_await call.api.store.add_account(std::move(account), store::Credits());
    if (!added) co_return response_of(problem_of(added.error()));
    std::string body;
    append_account(body, *call.settings, *added);
    co_return json_response(201, std::move(body));
}

awaitable<http::Response> get_keys(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    auto keys = sorted(call.settings->keys, &store::ApiKey::name);
    std::erase_if(keys, [&](const store::ApiKey* key) { return key->account != account->key; });
    std::string body = R"({"keys":)";
    append_list(body, keys,
                [&](std::string& out, const store::ApiKey* key) { append_key(out, *key, {}, account->id); });
    body += '}';
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> post_key(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    Fields fields(call.request.body);
    std::string scheme = fields.text("scheme");
    if (scheme != "basic" && scheme != "hmac") fields.fault("scheme", "must be basic or hmac");
    if (!fields.faults().empty()) co_return response_of(bad_request(fields.faults()));

    NewKey made = make_key(account->key, scheme == "hmac" ? store::KeyScheme::hmac : store::KeyScheme::basic);
    std::string body;
    append_key(body, made.key, made.secret, account->id);
    co_await call.api.store.add_key(std::move(made.key));
    co_return json_response(201, std::move(body));
}

awaitable<http::Response> delete_key(const Call& call)
{
    const store::Account* account = find_account(*call.settings, call.request.parameters[0]);
    if (!account) co_return response_of(not_found());
    auto removed = co_await call.api.store.remove_key(account->key, call.request.parameters[1]);
    if (!removed) co_return response_of(problem_of(removed.error()));
    http::Response response;
    response.status = 204;
    co_return response;
}

awaitable<http::Response> get_numbers(const Call& call)
{
    std::string body = R"({"numbers":)";
    append_list(body, call.settings->numbers, [&](std::string& out, const store::Number& number) {
        append_number(out, number.number, call.settings->accounts.at(number.account.value()).id);
    });
    body += '}';
    co_return json_response(200, std::move(body));
}

awaitable<http::Response> post_number(const Call& call)
{
    Fields fields(call.request.body);
    std::string number = fields.text("number");
    if (!is_number(number)) fields.fault("number", "must have 3 to 15 digits");
    const store::Account* account = find_account(*call.settings, fields.text("account"));
    if (!account) fields.fault("account", "no such account");
    if (!fields.faults().empty()) co_return response_of(bad_request(fields.faults()));

    store::Number added{message::digits_of(number), account->key};
    std::string body;
    append_number(body, added.number, account->id);
    auto done = co_await call.api.store.add_number(std::move(added));
    if (!done) co_return response_of(problem_of(done.error()));
    co_return json_response(201, std::move(body));
}

}  // namespace tidings::api
