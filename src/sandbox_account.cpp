// SPDX-License-Identifier: Apache-2.0
// The account that --sandbox makes, so that somebody can send a message a minute after installing.
// Everything is on, nothing is limited, and its keys stand in sandbox.json, which only the owner of the data
// folder can read. It is made once; a later start finds it.
#include "sandbox_account.hpp"

#include "api/new_key.hpp"
#include "base/file.hpp"
#include "base/log.hpp"

#include <boost/json.hpp>

namespace tidings {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::string_view account_id = "sandbox";
constexpr std::string_view default_source = "61491570150";  // one of the numbers set aside for fiction

}  // namespace

SandboxAccount::SandboxAccount(store::Store& store, std::filesystem::path folder, api::AuthOptions auth,
                               base::Clock& clock)
    : store_(store), folder_(std::move(folder)), auth_(auth), clock_(clock)
{
}

asio::awaitable<void> SandboxAccount::open(const std::string& base_url, std::uint16_t smpp_port)
{
    co_await find_account();
    std::optional<Keys> keys = read_keys();
    if (!keys) keys = co_await make_keys();

    json::object file;
    file["base_url"] = base_url;
    file["account"] = id_;
    file["key"] = keys->key;
    file["secret"] = keys->secret;
    file["hmac_key"] = keys->hmac_key;
    file["hmac_secret"] = keys->hmac_secret;
    auto token = folder_ / "admin.token";
    if (std::filesystem::exists(token)) {
        std::string text = base::read_file(token);
        while (text.ends_with('\n')) text.pop_back();
        file["admin_token"] = text;
    }
    file["smpp_port"] = smpp_port;
    if (!notes_.empty()) file["notes"] = json::array(notes_.begin(), notes_.end());
    auto fresh = folder_ / "sandbox.json.new";
    std::filesystem::remove(fresh);
    base::write_private_file(fresh, json::serialize(file) + "\n");
    std::filesystem::rename(fresh, folder_ / "sandbox.json");
}

// An id is never given twice: for an account that was removed there is one with the next number.
asio::awaitable<void> SandboxAccount::find_account()
{
    for (int number = 1; account_ == store::AccountKey{}; ++number) {
        std::string id(account_id);
        if (number > 1) id += fmt::format("-{}", number);
        const auto settings = store_.settings();
        auto known = settings->account_ids.find(id);
        bool is_there = known != settings->account_ids.end();
        if (is_there) account_ = known->second;
        if (!is_there) is_there = co_await make_account(id);
        if (is_there) id_ = id;
    }
    if (id_ != account_id) note(fmt::format("the account {} was removed; this is {}", account_id, id_));
}

// False: there was one with that id.
asio::awaitable<bool> SandboxAccount::make_account(const std::string& id)
{
    store::Account wanted;
    wanted.id = id;
    wanted.default_source = default_source;
    wanted.unregistered_source = message::UnregisteredSource::allow;
    for (auto feature : {store::Feature::inbound_mms, store::Feature::signature_keys})
        wanted.features.set(feature);
    base::Result<store::Account> made = co_await store_.add_account(std::move(wanted), store::Credits());
    if (!made && made.error() == base::errc::exists) co_return false;
    account_ = made.value().key;
    co_await give_number();
    co_return true;
}

// Somebody else may have it by now.
asio::awaitable<void> SandboxAccount::give_number()
{
    store::Number number{std::string(default_source), account_};
    base::Result<void> added = co_await store_.add_number(std::move(number));
    if (added) co_return;
    auto leave_out = [](store::Account& account) { account.default_source.clear(); };
    base::Result<store::Account> changed = co_await store_.change_account(account_, leave_out);
    changed.value();
    note(fmt::format("the number +{} is not its own: {}; name a source_number", default_source,
                     added.error().message()));
}

void SandboxAccount::note(std::string what)
{
    base::log_warning("sandbox: {}", what);
    notes_.push_back(std::move(what));
}

// Nothing unless the file names keys of this account that the store still has.
std::optional<SandboxAccount::Keys> SandboxAccount::read_keys() const
{
    auto path = folder_ / "sandbox.json";
    if (!std::filesystem::exists(path)) return {};
    boost::system::error_code error;
    json::value file = json::parse(base::read_file(path), error);
    if (error || !file.is_object()) return {};
    auto text = [&](std::string_view name) {
        const json::value* value = file.get_object().if_contains(name);
        return value && value->is_string() ? std::string(value->get_string()) : std::string();
    };
    Keys keys{text("key"), text("secret"), text("hmac_key"), text("hmac_secret")};
    const auto& known = store_.settings()->keys;
    for (const std::string& name : {keys.key, keys.hmac_key}) {
        auto key = known.find(name);
        if (key == known.end() || key->second.account != account_) return {};
    }
    return keys;
}

asio::awaitable<SandboxAccount::Keys> SandboxAccount::make_keys()
{
    api::NewKey basic = api::make_key(account_, store::KeyScheme::basic);
    api::NewKey hmac = api::make_key(account_, store::KeyScheme::hmac);
    Keys keys{basic.key.name, basic.secret, hmac.key.name, hmac.secret};
    co_await store_.add_key(std::move(basic.key));
    co_await store_.add_key(std::move(hmac.key));
    co_return keys;
}

std::optional<http::Response> SandboxAccount::refuse(const http::Request& head) const
{
    auto settings = store_.settings();
    auto key = api::authenticate(head, *settings, clock_.now(), auth_);
    if (!key) return api::response_of(key.error());
    // The signature of an HMAC key would have to be compared with the body, too.
    bool is_ours = (*key)->account == account_;
    if (!is_ours || (*key)->scheme != store::KeyScheme::basic)
        return http::error_response(403, "Not a Basic key of the sandbox");
    return {};
}

}  // namespace tidings
