// SPDX-License-Identifier: Apache-2.0
// The columns of each type of settings. What is read from a column and what is written to it stand side by
// side, in one line where the member's type says it all.
//
// Lists are texts with line ends between their items: neither sources, patterns nor headers hold any. Secrets
// that must be read back are sealed for their row, so that sealed bytes are worth nothing in another one; the
// names of those rows are on disk, too, and stay as they are.
#include "store/sqlite/settings_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace tidings::store::sqlite {

namespace {

// Takes the line end along; the last line may have none.
std::string take_line(std::string_view& text)
{
    std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    return line;
}

std::string sealed_row(const ApiKey& key) { return "keys/" + key.name; }

std::string sealed_row(const SignatureKey& key) { return "signature_keys/" + key.id.text(); }

// The creation time and not the age, which changes when the next one comes.
std::string sealed_row(const SecretRow& row)
{
    return fmt::format("webhook_secrets/{}/{}", static_cast<std::uint32_t>(row.account),
                       row.secret.created_at.time_since_epoch().count());
}

}  // namespace

// Sets of features and of events, by their bits.
template <class Value>
requires requires(const Value& value) { Value(value.bits()); }
struct Stored<Value> {
    using Column = std::int64_t;
    static Column to(const Value& value) { return static_cast<Column>(value.bits()); }
    static Value from(Column bits) { return Value(static_cast<unsigned long>(bits)); }
};

template <>
struct Stored<std::vector<std::string>> {
    using Column = std::string;
    static Column to(const std::vector<std::string>& lines)
    {
        return fmt::format("{}", fmt::join(lines, "\n"));
    }
    static std::vector<std::string> from(std::string_view text)
    {
        std::vector<std::string> lines;
        while (!text.empty()) lines.push_back(take_line(text));
        return lines;
    }
};

template <>
struct Stored<std::vector<message::Pattern>> {
    using Column = std::string;
    static Column to(const std::vector<message::Pattern>& patterns)
    {
        std::vector<std::string> lines;
        for (const message::Pattern& pattern : patterns) lines.push_back(pattern.text());
        return Stored<std::vector<std::string>>::to(lines);
    }
    static std::vector<message::Pattern> from(std::string_view text)
    {
        std::vector<message::Pattern> patterns;
        while (!text.empty()) patterns.emplace_back(take_line(text));
        return patterns;
    }
};

// Names and values in turn, each with its line end.
template <>
struct Stored<message::HeaderList> {
    using Column = std::string;
    static Column to(const message::HeaderList& headers)
    {
        std::string lines;
        for (const auto& [name, value] : headers) lines += name + '\n' + value + '\n';
        return lines;
    }
    static message::HeaderList from(std::string_view text)
    {
        message::HeaderList headers;
        while (!text.empty()) {
            std::string name = take_line(text);
            headers.emplace_back(std::move(name), take_line(text));
        }
        return headers;
    }
};

namespace {

// Which column of an account is not its member's plain value.

constexpr Column<Account> key_of_account = {
    "key", Use::key,
    [](const Rows& rows, int place, const base::Sealer&, Account& into) {
        into.key = rows.as<AccountKey>(place);
    },
    // Null: SQLite gives a new one.
    [](Parameters& parameters, int place, const base::Sealer&, const Account& from) {
        parameters.set(place,
                       from.key == AccountKey{} ? std::optional<AccountKey>() : std::optional(from.key));
    }};

// The balance changes with every message, and is no setting: they know whether there is one.
constexpr Column<Account> credits_of_account = {"credits", Use::shown,
                                                [](const Rows& rows, int place, const base::Sealer&,
                                                   Account& into) { into.prepaid = !rows.is_null(place); },
                                                nullptr};

constexpr Column<Account> account_columns[] = {
    key_of_account,
    column<&Account::id>("id", Use::made),
    column<&Account::parent>("parent", Use::made),
    column<&Account::default_source>("default_source", Use::changed),
    credits_of_account,
    column<&Account::unregistered_source>("unregistered_source", Use::changed),
    column<&Account::features>("features", Use::changed),
    column<&Account::requests_per_second>("requests_per_second", Use::changed),
    column<&Account::messages_per_second>("messages_per_second", Use::changed),
    column<&Account::removed>("removed", Use::changed),
    column<&Account::priority>("priority", Use::changed),
    column<&Account::send_both>("send_both", Use::changed),
    column<&Account::duplicate_window>("duplicate_window", Use::changed),
    column<&Account::converter>("converter", Use::changed),
    column<&Account::hours>("hours", Use::changed),
    column<&Account::zone>("zone", Use::changed),
    column<&Account::country>("country", Use::changed),
    column<&Account::opt_out_confirmation>("opt_out_confirmation", Use::changed),
    column<&Account::caps, &message::Caps::daily>("daily_cap", Use::changed),
    column<&Account::caps, &message::Caps::monthly>("monthly_cap", Use::changed),
    column<&Account::blocked_sources>("blocked_sources", Use::changed),
    column<&Account::drop_patterns>("drop_patterns", Use::changed),
    column<&Account::hold_patterns>("hold_patterns", Use::changed),
};

// SHA-256 of a Basic secret; the HMAC secret, sealed. Which of them, the scheme says, which is read before.
constexpr Column<ApiKey> secret_of_key = {
    "secret", Use::made,
    [](const Rows& rows, int place, const base::Sealer& sealer, ApiKey& into) {
        std::string_view secret = rows.text(place);
        switch (into.scheme) {
        case KeyScheme::basic:
            std::memcpy(into.basic_secret.data(), secret.data(),
                        std::min(secret.size(), into.basic_secret.size()));
            return;
        case KeyScheme::hmac: into.hmac_secret = sealer.open(secret, sealed_row(into)).value(); return;
        }
        std::abort();
    },
    [](Parameters& parameters, int place, const base::Sealer& sealer, const ApiKey& from) {
        switch (from.scheme) {
        case KeyScheme::basic: return parameters.set(place, blob_of(from.basic_secret));
        case KeyScheme::hmac:
            return parameters.set(place, Blob{sealer.seal(from.hmac_secret, sealed_row(from))});
        }
        std::abort();
    }};

constexpr Column<ApiKey> key_columns[] = {
    column<&ApiKey::name>("name", Use::key),
    column<&ApiKey::account>("account", Use::made),
    column<&ApiKey::scheme>("scheme", Use::made),
    secret_of_key,
    column<&ApiKey::expires_at>("expires_at", Use::changed),
    column<&ApiKey::body_digest_required>("body_digest_required", Use::changed),
    column<&ApiKey::sha1_allowed>("sha1_allowed", Use::changed),
    column<&ApiKey::priority>("priority", Use::changed),
};

// In the table the pool is an owner, so that it is part of the key.
constexpr Column<Number> owner_of_number = {
    "account", Use::key,
    [](const Rows& rows, int place, const base::Sealer&, Number& into) {
        auto owner = rows.as<AccountKey>(place);
        if (owner != pool_key) into.account = owner;
    },
    [](Parameters& parameters, int place, const base::Sealer&, const Number& from) {
        parameters.set(place, key_of(from).owner);
    }};

constexpr Column<Number> number_columns[] = {
    column<&Number::number>("number", Use::key),
    owner_of_number,
};

constexpr Column<message::Route> route_columns[] = {
    column<&message::Route::name>("name", Use::key),
    column<&message::Route::link>("link", Use::changed),
    column<&message::Route::destination_prefix>("destination_prefix", Use::changed),
    column<&message::Route::sources>("sources", Use::changed),
    column<&message::Route::account>("account", Use::changed),
    column<&message::Route::format>("format", Use::changed),
    column<&message::Route::priority>("priority", Use::changed),
    column<&message::Route::weight>("weight", Use::changed),
};

using message::WebhookCall;
constexpr Column<Webhook> webhook_columns[] = {
    column<&Webhook::account>("account", Use::key),
    column<&Webhook::id>("id", Use::key),
    column<&Webhook::call, &WebhookCall::url>("url", Use::changed),
    column<&Webhook::call, &WebhookCall::method>("method", Use::changed),
    column<&Webhook::call, &WebhookCall::encoding>("encoding", Use::changed),
    column<&Webhook::events>("events", Use::changed),
    column<&Webhook::call, &WebhookCall::headers>("headers", Use::changed),
    column<&Webhook::call, &WebhookCall::template_text>("template", Use::changed),
    column<&Webhook::read_timeout>("read_timeout", Use::changed),
    column<&Webhook::retries>("retries", Use::changed),
    column<&Webhook::retry_delay>("retry_delay", Use::changed),
    column<&Webhook::disabled>("disabled", Use::changed),
};

constexpr Column<SignatureKey> sealed_private_key = {
    "private_key", Use::made,
    [](const Rows& rows, int place, const base::Sealer& sealer, SignatureKey& into) {
        into.private_key = sealer.open(rows.text(place), sealed_row(into)).value();
    },
    [](Parameters& parameters, int place, const base::Sealer& sealer, const SignatureKey& from) {
        parameters.set(place, Blob{sealer.seal(from.private_key, sealed_row(from))});
    }};

constexpr Column<SignatureKey> public_key = {
    "public_key", Use::made,
    [](const Rows& rows, int place, const base::Sealer&, SignatureKey& into) {
        into.public_key = rows.text(place);
    },
    [](Parameters& parameters, int place, const base::Sealer&, const SignatureKey& from) {
        parameters.set(place, Blob{from.public_key});
    }};

constexpr Column<SignatureKey> signature_key_columns[] = {
    column<&SignatureKey::account>("account", Use::key),
    column<&SignatureKey::id>("id", Use::key),
    column<&SignatureKey::digest>("digest", Use::made),
    sealed_private_key,
    public_key,
    column<&SignatureKey::created_at>("created_at", Use::made),
    column<&SignatureKey::enabled>("enabled", Use::changed),
};

constexpr Column<SecretRow> sealed_secret = {
    "secret", Use::changed,
    [](const Rows& rows, int place, const base::Sealer& sealer, SecretRow& into) {
        into.secret.secret = sealer.open(rows.text(place), sealed_row(into)).value();
    },
    [](Parameters& parameters, int place, const base::Sealer& sealer, const SecretRow& from) {
        parameters.set(place, Blob{sealer.seal(from.secret.secret, sealed_row(from))});
    }};

constexpr Column<SecretRow> webhook_secret_columns[] = {
    column<&SecretRow::account>("account", Use::key),
    column<&SecretRow::age>("age", Use::key),
    column<&SecretRow::secret, &WebhookSecret::created_at>("created_at", Use::changed),
    sealed_secret,
    column<&SecretRow::secret, &WebhookSecret::expires_at>("expires_at", Use::changed),
};

}  // namespace

const Table<Account>& accounts_table()
{
    static const Table<Account> table("accounts", account_columns);
    return table;
}

const Table<ApiKey>& keys_table()
{
    static const Table<ApiKey> table("keys", key_columns);
    return table;
}

const Table<Number>& numbers_table()
{
    static const Table<Number> table("numbers", number_columns);
    return table;
}

const Table<message::Route>& routes_table()
{
    static const Table<message::Route> table("routes", route_columns);
    return table;
}

const Table<Webhook>& webhooks_table()
{
    static const Table<Webhook> table("webhooks", webhook_columns);
    return table;
}

const Table<SignatureKey>& signature_keys_table()
{
    static const Table<SignatureKey> table("signature_keys", signature_key_columns);
    return table;
}

const Table<SecretRow>& webhook_secrets_table()
{
    static const Table<SecretRow> table("webhook_secrets", webhook_secret_columns);
    return table;
}

}  // namespace tidings::store::sqlite
