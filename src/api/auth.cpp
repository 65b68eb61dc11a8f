// SPDX-License-Identifier: Apache-2.0
// Who asks, and for whom. Basic compares a digest of the secret; HMAC compares a signature over the headers
// that the caller lists, the request line and a date among them (an expired Internet-Draft,
// draft-cavage-http-signatures, as the service of MessageMedia has it). In three places that service
// forgives what its own SDKs do, and so do we, each by a switch: PUT signed as POST, a digest of question
// marks for characters, and SHA-1.
//
// Nothing tells a stranger whether a key exists. Its name is looked up, but as much is computed for one that
// does not exist, all comparisons take the same time whatever they compare, and the answer is the same.
//
// Headers are judged before there is a body, so that a stranger's body is never read; whether a signature
// covers the body is seen when it is here (refuse_body).
#include "api/auth.hpp"

#include "api/authorization.hpp"
#include "base/utf8.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cstdlib>

namespace tidings::api {

namespace {

using boost::beast::iequals;

constexpr std::string_view challenge = R"(Basic realm="tidings")";
constexpr std::string_view admin_challenge = R"(Bearer realm="tidings")";
constexpr std::string_view request_line = "request-line";
constexpr std::string_view wrong_signature = "HMAC signature does not match";

// What stands in for the secret of a key that does not exist, so that as much is computed.
constexpr std::string_view nobodys_secret = "...............................";
constexpr base::Sha256 nobodys_digest{};

using Authenticated = base::Result<const store::ApiKey*, Problem>;

Problem refused(std::string_view message, const AuthOptions& options)
{
    Problem problem{.status = options.failure_status, .message = std::string(message)};
    if (problem.status == 401) problem.headers.emplace_back("WWW-Authenticate", challenge);
    return problem;
}

std::string_view bytes_of(const base::Sha256& digest)
{
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// The key of this name, if it is for this scheme and has not expired; nullptr otherwise, and no caller learns
// which of the three it was.
const store::ApiKey* find_key(const store::Settings& settings, const std::string& name,
                              store::KeyScheme scheme, base::Time now)
{
    auto found = settings.keys.find(name);
    if (found == settings.keys.end()) return nullptr;
    const store::ApiKey& key = found->second;
    bool expired = key.expires_at && *key.expires_at <= now;
    return key.scheme == scheme && !expired ? &key : nullptr;
}

Authenticated check_basic(std::string_view text, const store::Settings& settings, base::Time now,
                          const AuthOptions& options)
{
    constexpr std::string_view wrong = "Invalid authentication credentials";
    auto credentials = parse_basic(text);
    if (!credentials) return refused(wrong, options);
    const store::ApiKey* key = find_key(settings, credentials->key, store::KeyScheme::basic, now);
    base::Sha256 given = base::sha256(credentials->secret);
    bool equal =
        base::equal_in_constant_time(bytes_of(given), bytes_of(key ? key->basic_secret : nobodys_digest));
    // Only after both were compared: whether the key exists must not show in the time that the answer takes.
    if (!key || !equal) return refused(wrong, options);
    return key;
}

bool is_signed(const HmacCredentials& credentials, std::string_view name)
{
    return std::ranges::any_of(credentials.signed_names,
                               [name](const auto& it) { return iequals(it, name); });
}

// Whether a date near our clock is among what was signed. That bounds for how long somebody who recorded a
// request can send it again.
bool has_fresh_date(const http::Request& request, const HmacCredentials& credentials, base::Time now,
                    std::chrono::seconds skew)
{
    // Browsers do not let an application set Date. Where there is an x-date that one counts, and it has to be
    // among what was signed: else a captured request could be given a new date.
    std::string_view name = request.headers.count("x-date") ? "x-date" : "date";
    if (!is_signed(credentials, name)) return false;
    auto date = base::parse_http_date(request.header(name));
    return date && std::chrono::abs(now - *date) <= skew;
}

// What the client has signed, put together from the request as it arrived. Nothing: a header that the client
// lists is not there.
std::optional<std::string> signing_string(const http::Request& request, const HmacCredentials& credentials,
                                          std::string_view method)
{
    std::string text;
    for (const std::string& name : credentials.signed_names) {
        if (!text.empty()) text += '\n';
        if (iequals(name, request_line)) {
            text.append(method).append(" ").append(request.target).append(" HTTP/1.1");
        } else {
            if (!request.headers.count(name)) return {};
            // The name as the client spelt it in its list, and the value as it came: both sides must arrive
            // at the same octets.
            text.append(name).append(": ").append(request.header(name));
        }
    }
    return text;
}

std::string with_question_marks(std::string_view utf8)
{
    std::string out;
    out.reserve(utf8.size());
    while (!utf8.empty()) {
        char32_t c = base::take_code_point(utf8);
        if (c < 0x80)
            out += static_cast<char>(c);
        else
            out.append(c > 0xFFFF ? 2 : 1, '?');  // one for each UTF-16 unit
    }
    return out;
}

// The C# SDK hashes the ASCII encoding of what it sends, in which every other UTF-16 unit is a question mark,
// and writes the digest in capitals, as nobody else does. Of a body in ASCII there is no such digest: it has
// its own. So whoever signed question marks by an exact digest in small letters cannot be given other
// characters for them.
bool is_lossy_md5_of(std::string_view header, std::string_view body)
{
    auto is_capital = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
    auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
    if (!std::ranges::all_of(header, is_capital)) return false;
    if (std::ranges::all_of(body, is_ascii) || !base::is_utf8(body)) return false;
    return iequals(header, base::to_hex(base::md5(with_question_marks(body))));
}

bool is_md5_of(std::string_view header, std::string_view body)
{
    std::string digest = base::md5(body);
    return iequals(header, base::to_hex(digest)) || header == base::to_base64(digest);
}

bool covers_body(const http::Request& request, const HmacCredentials& credentials, const store::ApiKey& key,
                 const AuthOptions& options)
{
    bool covered = false;
    for (std::string_view name : {"content-md5", "x-content-md5"}) {
        if (!is_signed(credentials, name)) continue;
        covered = true;
        std::string_view digest = request.header(name);
        if (is_md5_of(digest, request.body)) continue;
        if (!options.lossy_md5 || !is_lossy_md5_of(digest, request.body)) return false;
    }
    return covered || request.body.empty() || !key.body_digest_required;
}

bool signature_fits(const std::string& text, const HmacCredentials& credentials, std::string_view secret)
{
    return base::equal_in_constant_time(base::hmac(credentials.digest, secret, text), credentials.signature);
}

Authenticated check_hmac(const http::Request& request, const store::Settings& settings, base::Time now,
                         const AuthOptions& options)
{
    constexpr std::string_view unverifiable = "HMAC signature cannot be verified";
    constexpr std::string_view no_date =
        "HMAC signature cannot be verified, a valid date or x-date header is "
        "required for HMAC Authentication";

    auto credentials = parse_hmac(split_authorization(request.header("Authorization")).credentials);
    if (!credentials) return refused(unverifiable, options);
    if (!has_fresh_date(request, *credentials, now, options.skew)) return refused(no_date, options);
    // Without it the signature of one request would be good for every path.
    if (!is_signed(*credentials, request_line)) return refused(unverifiable, options);
    auto text = signing_string(request, *credentials, request.method_text);
    if (!text) return refused(unverifiable, options);

    const store::ApiKey* key = find_key(settings, credentials->key, store::KeyScheme::hmac, now);
    std::string_view secret = key ? std::string_view(key->hmac_secret) : nobodys_secret;
    bool fits = signature_fits(*text, *credentials, secret);
    // The SDKs sign so; see auth.hpp for why that is harmless.
    if (!fits && options.put_as_post && request.method_text == "PUT" && request.has_body()) {
        fits = signature_fits(*signing_string(request, *credentials, "POST"), *credentials, secret);
    }
    if (!key || !fits) return refused(wrong_signature, options);
    // Last, so that only who knows the secret learns that this key does not take SHA-1.
    if (credentials->digest == base::HmacDigest::sha1 && !key->sha1_allowed)
        return refused(unverifiable, options);
    return key;
}

}  // namespace

Authenticated authenticate(const http::Request& head, const store::Settings& settings, base::Time now,
                           const AuthOptions& options)
{
    Authorization split = split_authorization(head.header("Authorization"));
    switch (split.scheme) {
    case Scheme::basic: return check_basic(split.credentials, settings, now, options);
    case Scheme::hmac: return check_hmac(head, settings, now, options);
    case Scheme::none:
    case Scheme::bearer:
    case Scheme::unknown: return unauthorized(challenge);
    }
    std::abort();
}

// The signature was checked with the headers; what is left to see is that the digest among them is that of
// the body. A body whose digest was not signed passes only if the key does not ask for one.
std::optional<Problem> refuse_body(const http::Request& request, const store::ApiKey& key,
                                   const AuthOptions& options)
{
    // Basic says nothing about a body.
    if (key.scheme != store::KeyScheme::hmac) return {};
    auto credentials = parse_hmac(split_authorization(request.header("Authorization")).credentials);
    if (credentials && covers_body(request, *credentials, key, options)) return {};
    return refused(wrong_signature, options);
}

base::Result<const store::Account*, Problem> effective_account(const store::Settings& settings,
                                                               const store::ApiKey& key,
                                                               std::string_view named)
{
    const store::Account& own = settings.accounts.at(key.account);
    if (named.empty() || named == own.id) return &own;
    auto found = settings.account_ids.find(std::string(named));
    if (found == settings.account_ids.end()) return invalid_account(named);
    const store::Account& other = settings.accounts.at(found->second);
    // The same answer as for an account that does not exist: nobody can find out by this which accounts there
    // are.
    if (other.parent != own.key) return invalid_account(named);
    return &other;
}

// A proxy on this machine connects from loopback for the whole world, and says so in a header.
bool is_local(const http::Request& request)
{
    constexpr std::string_view of_proxies[] = {
        "Forwarded",        "X-Forwarded-For",    "X-Forwarded-Host", "X-Forwarded-Proto",
        "X-Forwarded-Port", "X-Forwarded-Server", "X-Real-IP",        "Via"};
    bool is_forwarded = std::ranges::any_of(
        of_proxies, [&](std::string_view name) { return request.headers.count(name) > 0; });
    boost::system::error_code error;
    auto address = boost::asio::ip::make_address(request.peer, error);
    return !error && address.is_loopback() && !is_forwarded;
}

std::optional<Problem> refuse_admin(const http::Request& request, const base::Sha256& token)
{
    Authorization split = split_authorization(request.header("Authorization"));
    // Digests are compared, which have one length, so that the time tells nothing about the token's either.
    base::Sha256 given = base::sha256(split.credentials);
    bool equal = base::equal_in_constant_time(bytes_of(given), bytes_of(token));
    if (split.scheme == Scheme::bearer && equal) return {};
    return unauthorized(admin_challenge);
}

}  // namespace tidings::api
