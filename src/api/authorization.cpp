// SPDX-License-Identifier: Apache-2.0
// The header Authorization, taken apart (RFC 9110, 11.4). The parameters of HMAC are read in any order,
// quoted or not; unknown ones are skipped, and without one of the four there are no credentials.
#include "api/authorization.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>

namespace tidings::api {

namespace {

using boost::beast::iequals;

constexpr std::string_view blanks = " \t";

std::string_view trimmed(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    while (!text.empty() && blanks.find(text.back()) != blanks.npos) text.remove_suffix(1);
    return text;
}

struct Parameter {
    std::string_view name;
    std::string value;
};

// Takes `"..."` from the front; in it a backslash makes the next character literal (RFC 7230, 3.2.6).
std::optional<std::string> take_quoted(std::string_view& rest)
{
    std::string value;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return value;
        }
        if (rest[i] == '\\' && ++i == rest.size()) break;
        value += rest[i];
    }
    return {};
}

std::string take_token(std::string_view& rest)
{
    std::size_t size = std::min(rest.find_first_of(", \t"), rest.size());
    std::string value(rest.substr(0, size));
    rest.remove_prefix(size);
    return value;
}

// Takes `name = value` off the front, with the comma behind it. Nothing: that is not what stands there.
std::optional<Parameter> take_parameter(std::string_view& rest)
{
    std::size_t equals = rest.find('=');
    if (equals == rest.npos) return {};
    Parameter parameter{trimmed(rest.substr(0, equals)), {}};
    rest = trimmed(rest.substr(equals + 1));
    if (rest.starts_with('"')) {
        auto value = take_quoted(rest);
        if (!value) return {};
        parameter.value = std::move(*value);
    } else {
        parameter.value = take_token(rest);
    }
    rest = trimmed(rest);
    if (!rest.empty() && rest.front() != ',') return {};
    if (!rest.empty()) rest = trimmed(rest.substr(1));
    return parameter;
}

std::optional<base::HmacDigest> digest_of(std::string_view algorithm)
{
    if (iequals(algorithm, "hmac-sha1")) return base::HmacDigest::sha1;
    if (iequals(algorithm, "hmac-sha256")) return base::HmacDigest::sha256;
    return {};
}

std::vector<std::string> words_of(std::string_view text)
{
    std::vector<std::string> words;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        std::size_t size = std::min(text.find_first_of(blanks), text.size());
        words.emplace_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return words;
}

}  // namespace

Authorization split_authorization(std::string_view header)
{
    header = trimmed(header);
    std::size_t size = std::min(header.find_first_of(blanks), header.size());
    std::string_view scheme = header.substr(0, size);
    Authorization split{Scheme::unknown, trimmed(header.substr(size))};
    if (scheme.empty()) split.scheme = Scheme::none;
    if (iequals(scheme, "basic")) split.scheme = Scheme::basic;
    if (iequals(scheme, "hmac")) split.scheme = Scheme::hmac;
    if (iequals(scheme, "bearer")) split.scheme = Scheme::bearer;
    return split;
}

std::optional<BasicCredentials> parse_basic(std::string_view credentials)
{
    auto text = base::from_base64(credentials);
    if (!text) return {};
    // RFC 7617, 2: a user name has no colon, a password may.
    std::size_t colon = text->find(':');
    if (colon == text->npos) return {};
    return BasicCredentials{text->substr(0, colon), text->substr(colon + 1)};
}

std::optional<HmacCredentials> parse_hmac(std::string_view credentials)
{
    std::optional<std::string> username, algorithm, headers, signature;
    while (!credentials.empty()) {
        auto parameter = take_parameter(credentials);
        if (!parameter) return {};
        std::string_view name = parameter->name;
        if (iequals(name, "username")) username = std::move(parameter->value);
        if (iequals(name, "algorithm")) algorithm = std::move(parameter->value);
        if (iequals(name, "headers")) headers = std::move(parameter->value);
        if (iequals(name, "signature")) signature = std::move(parameter->value);
    }
    if (!username || !algorithm || !headers || !signature) return {};

    auto digest = digest_of(*algorithm);
    auto raw = base::from_base64(*signature);
    std::vector<std::string> names = words_of(*headers);
    // Without a name nothing would be signed.
    if (!digest || !raw || names.empty() || names.size() > signed_names_max) return {};
    return HmacCredentials{std::move(*username), *digest, std::move(names), std::move(*raw)};
}

}  // namespace tidings::api
