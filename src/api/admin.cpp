// SPDX-License-Identifier: Apache-2.0
#include "api/admin.hpp"

#include "message/national_plan.hpp"
#include "wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace tidings::api {

namespace {

bool is_source(std::string_view text)
{
    if (message::infer_source_type(text) != message::SourceType::alphanumeric) return true;
    if (text.find_first_not_of("0123456789+-(). ") == text.npos) return false;  // a number gone wrong
    return message::is_sender_name(text);
}

constexpr std::chrono::seconds overlap_default = std::chrono::hours(24);
constexpr std::chrono::seconds overlap_max = std::chrono::days(30);

}  // namespace

bool is_path_name(std::string_view name, std::size_t octets_max)
{
    auto is_plain = [](unsigned char c) { return c < 0x80 && std::isalnum(c); };
    auto is_allowed = [&](unsigned char c) { return is_plain(c) || c == '_' || c == '-' || c == '.'; };
    // The first character keeps out "." and "..", which clients and proxies would take for steps.
    return !name.empty() && name.size() <= octets_max && is_plain(static_cast<unsigned char>(name.front())) &&
           std::ranges::all_of(name, is_allowed);
}

std::chrono::seconds overlap_in(BodyFields& fields)
{
    auto seconds = fields.integer("overlap_s", {0, overlap_max.count()});
    return seconds ? std::chrono::seconds(*seconds) : overlap_default;
}

const store::Account* find_account(const store::Settings& settings, const std::string& id)
{
    auto found = settings.account_ids.find(id);
    return found == settings.account_ids.end() ? nullptr : &settings.accounts.at(found->second);
}

const store::Account* read_account(BodyFields& fields, std::string_view name, const store::Settings& settings)
{
    auto id = fields.text(name);
    if (!id) return nullptr;
    const store::Account* account = find_account(settings, *id);
    if (!account) fields.fault(name, "no such account");
    return account;
}

std::string canonical_source_in(std::string_view text, std::string_view country)
{
    bool is_number = message::infer_source_type(text) == message::SourceType::international;
    return is_number ? message::e164_digits(text, country) : message::canonical_source(text);
}

std::optional<std::string> source_in(BodyFields& fields, std::string_view name, std::string_view text,
                                     std::string_view country)
{
    if (is_source(text)) {
        std::string source = canonical_source_in(text, country);
        bool is_number = message::infer_source_type(source) == message::SourceType::international;
        if (!is_number || !message::lacks_country(source)) return source;
        fields.fault(name,
                     "must begin with a country code, as +61491570156, or be of an account with a country");
        return {};
    }
    fields.fault(name, fmt::format("must be a number of 8 to 15 digits, a short code of 3 to 7, or a name of "
                                   "at most {} characters of the GSM alphabet",
                                   message::alphanumeric_septets_max));
    return {};
}

void append_written(std::string& out, const std::string& source)
{
    wire::append_json_string(out, message::written(source));
}

}  // namespace tidings::api
