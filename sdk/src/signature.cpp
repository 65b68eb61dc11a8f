// SPDX-License-Identifier: Apache-2.0
#include "tidings/signature.hpp"

#include "digest.hpp"
#include "time.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tidings {

using namespace detail;

namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version = "v1,";

Error bad(const char* sentence) { return Error(errc::bad_signature, sentence); }

bool is_fresh(Time time, const Freshness& freshness)
{
    auto age = std::chrono::abs(freshness.now - time);
    return age <= freshness.tolerance;
}

std::optional<Hash> hash_named(std::string_view name)
{
    if (name == "SHA224" || name == "SHA-224") return Hash::sha224;
    if (name == "SHA256" || name == "SHA-256") return Hash::sha256;
    if (name == "SHA512" || name == "SHA-512") return Hash::sha512;
    return {};
}

}  // namespace

// Signed are request line, date and body, one after the other without anything between them.
Result<void> verify(const SignedCallback& callback, std::string_view public_key, const Freshness& freshness)
{
    auto date = parse_http_date(callback.date);
    if (!date || !is_fresh(*date, freshness)) return bad("the callback's date is none, or too far from now");
    auto hash = hash_named(callback.digest);
    if (!hash) return bad("the callback is signed with a digest that is not known");
    auto key = from_base64(public_key);
    auto signature = from_base64(callback.signature);
    if (!key || !signature) return bad("the key or the signature is no base64");
    std::string text(callback.method);
    text.append(" ").append(callback.target).append(" HTTP/1.1").append(callback.date).append(callback.body);
    if (!rsa_verifies(*hash, *key, *signature, text)) return bad("the callback was not signed with this key");
    return {};
}

// https://www.standardwebhooks.com: HMAC-SHA256 over id, time and body, with points between them.
Result<void> verify(const StandardWebhook& webhook, std::string_view secret, const Freshness& freshness)
{
    std::int64_t seconds = 0;
    const char* end = webhook.timestamp.data() + webhook.timestamp.size();
    auto [rest, error] = std::from_chars(webhook.timestamp.data(), end, seconds);
    bool is_number =
        error == std::errc() && rest == end && seconds >= 0 && seconds < 253'402'300'800;  // year 9999
    if (!is_number || !is_fresh(Time(std::chrono::seconds(seconds)), freshness))
        return bad("the webhook's timestamp is none, or too far from now");
    if (secret.starts_with(secret_prefix)) secret.remove_prefix(secret_prefix.size());
    auto key = from_base64(secret);
    if (!key || key->empty()) return bad("the secret is no base64");
    std::string text(webhook.id);
    text.append(".").append(webhook.timestamp).append(".").append(webhook.body);
    std::string expected = to_base64(hmac(Hash::sha256, *key, text));
    bool is_good = false;
    for (std::string_view all = webhook.signature; !all.empty();) {
        std::string_view one = all.substr(0, all.find(' '));
        all.remove_prefix(std::min(all.size(), one.size() + 1));
        if (one.starts_with(version) && equal_in_constant_time(one.substr(version.size()), expected))
            is_good = true;
    }
    if (!is_good) return bad("the webhook was not signed with this secret");
    return {};
}

}  // namespace tidings
