// SPDX-License-Identifier: Apache-2.0
// What an account sets up for itself: webhooks, the keys that sign them, and the numbers that are not to be
// written to.
#pragma once

#include "tidings/detail/operation.hpp"
#include "tidings/message.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tidings {

enum class HttpMethod { unknown, get, post, put, patch, del };
enum class Encoding { unknown, json, form_encoded, xml };
enum class Event {
    unknown,
    received_sms,
    received_mms,
    opt_out_sms,
    enroute_dr,
    submitted_dr,
    delivered_dr,
    expired_dr,
    rejected_dr,
    failed_dr
};

struct Webhook {
    std::string url{};
    Open<HttpMethod> method = HttpMethod::post;
    Open<Encoding> encoding = Encoding::json;
    std::vector<Open<Event>> events{};
    std::map<std::string, std::string> headers{};
    std::string template_text{};                 // `template` of the API; empty: the usual body
    std::optional<std::int64_t> read_timeout{};  // milliseconds; these three cannot be changed later
    std::optional<std::int64_t> retries{};
    std::optional<std::int64_t> retry_delay{};  // seconds

    // The gateway's answer; never sent.
    std::string id{};
    boost::json::object other{};
};

// What is to be changed of a webhook; the rest stays.
struct WebhookChange {
    std::optional<std::string> url{};
    std::optional<Open<HttpMethod>> method{};
    std::optional<Open<Encoding>> encoding{};
    std::optional<std::vector<Open<Event>>> events{};
    std::optional<std::map<std::string, std::string>> headers{};
    std::optional<std::string> template_text{};
};

struct SignatureKey {
    std::string key_id{};
    std::string public_key{};  // only when it was just made: for verify()
    std::string cipher{};
    std::string digest{};
    std::optional<Time> created{};
    bool enabled = false;
    boost::json::object other{};
};

struct Authorisation {
    std::string number{};
    bool authorised = false;
    boost::json::object other{};
};

struct OptedOut {
    std::vector<std::string> numbers{};
    std::string next{};  // token of the next page; empty: there is none
};

// client.webhooks()
class Webhooks {
public:
    explicit Webhooks(std::shared_ptr<detail::Core> core) : core_(std::move(core)) {}

    Result<Webhook> create(Webhook webhook) const { return detail::wait(creating(std::move(webhook))); }
    Result<std::vector<Webhook>> list(std::size_t page = 0, std::size_t page_size = 10) const
    {
        return detail::wait(listing(page, page_size));
    }
    Result<Webhook> get(std::string id) const { return detail::wait(getting(std::move(id))); }
    Result<Webhook> update(std::string id, WebhookChange change) const
    {
        return detail::wait(updating(std::move(id), std::move(change)));
    }
    Result<void> remove(std::string id) const { return detail::wait(removing(std::move(id))); }

    template <class Token>
    auto async_create(Webhook webhook, Token&& token) const
    {
        return detail::async(creating(std::move(webhook)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_list(std::size_t page, std::size_t page_size, Token&& token) const
    {
        return detail::async(listing(page, page_size), std::forward<Token>(token));
    }
    template <class Token>
    auto async_get(std::string id, Token&& token) const
    {
        return detail::async(getting(std::move(id)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_update(std::string id, WebhookChange change, Token&& token) const
    {
        return detail::async(updating(std::move(id), std::move(change)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_remove(std::string id, Token&& token) const
    {
        return detail::async(removing(std::move(id)), std::forward<Token>(token));
    }

private:
    detail::Operation<Webhook> creating(Webhook webhook) const;
    detail::Operation<std::vector<Webhook>> listing(std::size_t page, std::size_t page_size) const;
    detail::Operation<Webhook> getting(std::string id) const;
    detail::Operation<Webhook> updating(std::string id, WebhookChange change) const;
    detail::Operation<void> removing(std::string id) const;

    std::shared_ptr<detail::Core> core_;
};

// client.signature_keys(). A gateway signs with the one that is enabled.
class SignatureKeys {
public:
    explicit SignatureKeys(std::shared_ptr<detail::Core> core) : core_(std::move(core)) {}

    // `digest` is SHA224, SHA256 or SHA512.
    Result<SignatureKey> create(std::string digest = "SHA256") const
    {
        return detail::wait(creating(std::move(digest)));
    }
    Result<std::vector<SignatureKey>> list(std::size_t page = 1, std::size_t page_size = 20) const
    {
        return detail::wait(listing(page, page_size));
    }
    Result<SignatureKey> get(std::string key_id) const { return detail::wait(getting(std::move(key_id))); }
    Result<void> remove(std::string key_id) const { return detail::wait(removing(std::move(key_id))); }
    Result<SignatureKey> enabled() const { return detail::wait(getting("enabled")); }
    Result<SignatureKey> enable(std::string key_id) const
    {
        return detail::wait(enabling(std::move(key_id)));
    }
    Result<void> disable() const { return detail::wait(removing("enabled")); }

    template <class Token>
    auto async_create(std::string digest, Token&& token) const
    {
        return detail::async(creating(std::move(digest)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_list(std::size_t page, std::size_t page_size, Token&& token) const
    {
        return detail::async(listing(page, page_size), std::forward<Token>(token));
    }
    template <class Token>
    auto async_get(std::string key_id, Token&& token) const
    {
        return detail::async(getting(std::move(key_id)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_remove(std::string key_id, Token&& token) const
    {
        return detail::async(removing(std::move(key_id)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_enabled(Token&& token) const
    {
        return detail::async(getting("enabled"), std::forward<Token>(token));
    }
    template <class Token>
    auto async_enable(std::string key_id, Token&& token) const
    {
        return detail::async(enabling(std::move(key_id)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_disable(Token&& token) const
    {
        return detail::async(removing("enabled"), std::forward<Token>(token));
    }

private:
    detail::Operation<SignatureKey> creating(std::string digest) const;
    detail::Operation<std::vector<SignatureKey>> listing(std::size_t page, std::size_t page_size) const;
    detail::Operation<SignatureKey> getting(std::string key_id) const;
    detail::Operation<void> removing(std::string key_id) const;
    detail::Operation<SignatureKey> enabling(std::string key_id) const;

    std::shared_ptr<detail::Core> core_;
};

// client.number_authorisation(): numbers that opted out, to which the account's messages do not go.
class NumberAuthorisation {
public:
    explicit NumberAuthorisation(std::shared_ptr<detail::Core> core) : core_(std::move(core)) {}

    // A hundred at a time; `token` is OptedOut::next of the page before.
    Result<OptedOut> list(std::string token = {}) const { return detail::wait(listing(std::move(token))); }
    Result<void> block(std::vector<std::string> numbers) const  // at most 10
    {
        return detail::wait(blocking(std::move(numbers)));
    }
    Result<void> unblock(std::string number) const { return detail::wait(unblocking(std::move(number))); }
    Result<std::vector<Authorisation>> check(std::vector<std::string> numbers) const
    {
        return detail::wait(checking(std::move(numbers)));
    }

    template <class Token>
    auto async_list(std::string page, Token&& token) const
    {
        return detail::async(listing(std::move(page)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_block(std::vector<std::string> numbers, Token&& token) const
    {
        return detail::async(blocking(std::move(numbers)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_unblock(std::string number, Token&& token) const
    {
        return detail::async(unblocking(std::move(number)), std::forward<Token>(token));
    }
    template <class Token>
    auto async_check(std::vector<std::string> numbers, Token&& token) const
    {
        return detail::async(checking(std::move(numbers)), std::forward<Token>(token));
    }

private:
    detail::Operation<OptedOut> listing(std::string token) const;
    detail::Operation<void> blocking(std::vector<std::string> numbers) const;
    detail::Operation<void> unblocking(std::string number) const;
    detail::Operation<std::vector<Authorisation>> checking(std::vector<std::string> numbers) const;

    std::shared_ptr<detail::Core> core_;
};

}  // namespace tidings
