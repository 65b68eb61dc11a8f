// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/persistent_map.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"
#include "message/cap.hpp"
#include "message/event.hpp"
#include "message/hours.hpp"
#include "message/priority.hpp"
#include "message/route.hpp"
#include "message/screening.hpp"
#include "message/sender.hpp"
#include "message/webhook.hpp"
#include "text/converter.hpp"

#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tidings::store {

// An account's row number: never reused, never shown. Applications know the account by its id.
enum class AccountKey : std::uint32_t {};

// A link's row number, kept for its name for ever: carrier ids and what was learnt of a link belong to it.
enum class LinkKey : std::uint32_t {};

// What an account may be without. The values are stored: append only.
enum class Feature : std::uint8_t {
    mms = 0,
    tts = 1,
    inbound_mms = 2,
    signature_keys = 3,
    opt_out = 4,
    familiar_sender = 5,
    familiar_source = 6,  // a number that a message names becomes its handset's familiar sender
    billing_units = 7     // its reports tell what the message costs
};
constexpr std::size_t feature_count = 8;

class Features {
public:
    Features() { set(Feature::mms).set(Feature::tts).set(Feature::opt_out); }  // what a new account has
    explicit Features(unsigned long bits) : bits_(bits) {}

    bool has(Feature feature) const { return bits_.test(static_cast<std::size_t>(feature)); }
    Features& set(Feature feature, bool on = true)
    {
        bits_.set(static_cast<std::size_t>(feature), on);
        return *this;
    }
    unsigned long bits() const { return bits_.to_ulong(); }
    bool operator==(const Features&) const = default;

private:
    std::bitset<feature_count> bits_;
};

struct Account {
    AccountKey key{};
    std::string id;                    // "MyAccount"; what vendor_account_id tells
    std::optional<AccountKey> parent;  // whose keys may act for this account
    std::string default_source;        // used when a message names no source; canonical, empty: none
    message::UnregisteredSource unregistered_source = message::UnregisteredSource::reject;
    Features features{};
    std::uint32_t requests_per_second = 0;  // 0: no limit
    std::uint32_t messages_per_second = 0;
    message::Priority priority = message::Priority::normal;  // of its messages, unless the key says otherwise
    bool send_both = false;                    // its webhooks hear of messages with a callback_url, too
    std::chrono::seconds duplicate_window{0};  // see message/duplicate.hpp; 0: off
    std::string opt_out_confirmation;          // sent to who opts out; empty: nothing
    message::Caps caps{};
    std::vector<std::string> blocked_sources{};  // canonical; it may not send from them
    std::vector<message::Pattern> drop_patterns{}, hold_patterns{};
    text::Converter converter = text::Converter::off;
    message::Hours hours = message::Hours::off;
    std::string zone = "UTC";  // its IANA time zone
    std::string country{};     // of numbers that it writes without a country code, "AU"; empty: it may not
    bool prepaid = false;      // its balance is asked of the store: it changes with each message
    bool removed = false;      // its id and keys are gone; what it had accepted still goes its way

    bool looks_for_duplicates() const { return duplicate_window.count() > 0; }
    bool screens_texts() const { return !drop_patterns.empty() || !hold_patterns.empty(); }
};

enum class KeyScheme : std::uint8_t { basic = 0, hmac = 1 };

// Basic keys keep only the SHA-256 of their secret: 30 random characters need no slow hash. An HMAC secret
// has to be read back: sealed on disk, open in memory.
struct ApiKey {
    std::string name;  // 20 characters
    AccountKey account{};
    KeyScheme scheme = KeyScheme::basic;
    base::Sha256 basic_secret{};
    std::string hmac_secret;
    std::optional<base::Time> expires_at{};       // not good from then on; nothing: never
    bool body_digest_required = false;            // HMAC only: bodies must be signed, too
    bool sha1_allowed = true;                     // HMAC only
    std::optional<message::Priority> priority{};  // of what it sends; nothing: that of the account
};

// A source address of ours: a number, which one account has for itself or all share, or an alphanumeric
// name, which several accounts may have and nobody can reply to.
struct Number {
    std::string number;                 // canonical
    std::optional<AccountKey> account;  // nothing: of the pool that all accounts share
};

constexpr std::size_t webhooks_max = 100;  // of one account: each event asks all of them
constexpr auto webhook_read_timeout_default = std::chrono::seconds(20);

struct Webhook {
    base::Uuid id;
    AccountKey account{};
    message::WebhookCall call;  // no two of an account have the same URL and method
    message::Events events;
    std::optional<std::chrono::milliseconds> read_timeout{};  // nothing: webhook_read_timeout_default
    int retries = 0;
    std::optional<std::chrono::seconds> retry_delay{};  // between them
    bool disabled = false;  // its receiver said that it is gone: nothing is sent until it is changed

    bool operator==(const Webhook&) const = default;
};

constexpr std::size_t signature_keys_max = 20;  // of one account: enough to change them at leisure

// An RSA key with which callbacks of the account are signed. At most one of an account is enabled.
struct SignatureKey {
    base::Uuid id;
    AccountKey account{};
    message::SignatureDigest digest{};
    std::string private_key;  // PKCS #8, DER; sealed on disk
    std::string public_key;   // SubjectPublicKeyInfo, DER
    base::Time created_at{};
    bool enabled = false;

    bool operator==(const SignatureKey&) const = default;
};

// What the account's webhooks are signed with as Standard Webhooks say. While a rotation is under way there
// are two, and receivers may know either.
struct WebhookSecret {
    std::string secret;  // raw bytes; sealed on disk
    base::Time created_at{};
    std::optional<base::Time> expires_at{};  // the older one's; not used from then on

    bool operator==(const WebhookSecret&) const = default;
};

constexpr AccountKey pool_key{};  // in the place of an owner: accounts are numbered from 1

// How a number stands in the table of them: names have several owners.
struct NumberKey {
    std::string number;
    AccountKey owner{};  // pool_key: all
    auto operator<=>(const NumberKey&) const = default;
};
struct NumberKeyHash {
    std::size_t operator()(const NumberKey& key) const
    {
        return std::hash<std::string>{}(key.number) ^ static_cast<std::size_t>(key.owner);
    }
};
inline NumberKey key_of(const Number& number) { return {number.number, number.account.value_or(pool_key)}; }

// The numbers that all accounts share, sorted. Kept apart, since each message may choose among them.
struct Pool {
    std::vector<std::string> numbers;
    std::map<std::string_view, std::vector<std::string>> by_country;  // the same; "": of no country

    void add(const std::string& number);
    void remove(const std::string& number);
};

// What changes rarely and as a whole: shared by all snapshots of the settings in which it is the same.
template <class T>
class Shared {
public:
    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }
    bool operator==(const Shared& other) const { return value_ == other.value_ || *value_ == *other.value_; }

    template <class Edit>
    void change(Edit edit)
    {
        auto changed = std::make_shared<T>(*value_);
        edit(*changed);
        value_ = std::move(changed);
    }

private:
    std::shared_ptr<const T> value_ = std::make_shared<const T>();
};

// Everything of the business that is read far more often than changed. Immutable once it is shown: a change
// makes a new snapshot, whose version the changing commit bumped. Snapshots share what is the same in them,
// so that a change costs what it changes, however many accounts and numbers there are.
struct Settings {
    template <class Item>
    using OfAccounts = base::PersistentMap<AccountKey, std::vector<Item>>;  // no empty lists

    std::uint64_t version = 0;
    std::optional<base::Sha256> admin_token;  // of the token for /admin/v1; nothing before the first start
    base::PersistentMap<AccountKey, Account> accounts;  // removed ones, too
    base::PersistentMap<std::string, AccountKey> account_ids;
    base::PersistentMap<std::string, ApiKey> keys;  // by name
    base::PersistentMap<NumberKey, Number, NumberKeyHash> numbers;
    Shared<Pool> pool;                           // of these numbers
    Shared<std::vector<message::Route>> routes;  // by name; none: every configured link, in the order of the
                                                 // configuration

    OfAccounts<Webhook> webhooks;               // oldest first
    OfAccounts<SignatureKey> signature_keys;    // oldest first
    OfAccounts<WebhookSecret> webhook_secrets;  // newest first, two at most

    // Whose number it is; nothing: nobody's alone. `number` is canonical.
    std::optional<AccountKey> owner_of(const std::string& number) const;
    // Whether it is the account's own or of the pool.
    bool may_send_from(const Account& account, const std::string& number) const;
    bool is_shared(const std::string& number) const;
    // Those of the pool that a handset is written to from, in digits: of its country or, without any, all.
    std::span<const std::string> pool_for(std::string_view handset) const;

    std::span<const Webhook> webhooks_of(AccountKey account) const;
    std::span<const SignatureKey> signature_keys_of(AccountKey account) const;
    std::span<const WebhookSecret> webhook_secrets_of(AccountKey account) const;
    const Webhook* find_webhook(AccountKey account, const base::Uuid& id) const;             // nullptr: none
    const SignatureKey* find_signature_key(AccountKey account, const base::Uuid& id) const;  // nullptr: none
    const SignatureKey* enabled_signature_key(AccountKey account) const;                     // nullptr: none

    // ---- while a snapshot is being made
    void put(Account account);
    void put(Number number);
    void remove(const Number& number);
    void put(message::Route route);
    void remove_account(AccountKey account);  // the account's id, and what webhooks it has
};

}  // namespace tidings::store
