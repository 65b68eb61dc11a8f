// SPDX-License-Identifier: Apache-2.0
// The fields of an account that an operator may change stand in one table: how each is shown, and what a body
// that names it changes. Adding an account, changing one and showing one all go by it, so that a new field is
// one row here (and a column of the store).
#include "api/account_fields.hpp"

#include "base/zone.hpp"
#include "message/duplicate.hpp"
#include "message/limits.hpp"
#include "message/national_plan.hpp"

#include <fmt/format.h>

#include <functional>
#include <type_traits>

namespace tidings::api {

namespace {

using message::UnregisteredSource;
using store::Account;
using wire::JsonObject;
using Edit = AccountChange::Edit;

constexpr Range per_second{0, 1'000'000};  // more than any node does
constexpr Range duplicate_window{0, message::duplicate_window_max.count()};
constexpr Range cap{0, 1'000'000'000};  // more than any node does in a month
constexpr std::size_t list_max = 100;   // every message is compared with all of them

constexpr std::pair<std::string_view, UnregisteredSource> policies[] = {
    {"reject", UnregisteredSource::reject},
    {"substitute", UnregisteredSource::substitute},
    {"allow", UnregisteredSource::allow},
};

constexpr std::pair<std::string_view, text::Converter> converters[] = {
    {"off", text::Converter::off},
    {"strict", text::Converter::strict},
    {"lossless", text::Converter::lossless},
};

constexpr std::pair<std::string_view, message::Hours> whose_hours[] = {
    {"off", message::Hours::off},
    {"account", message::Hours::account},
    {"recipient", message::Hours::recipient},
};

constexpr std::pair<std::string_view, store::Feature> feature_names[] = {
    {"mms", store::Feature::mms},
    {"tts", store::Feature::tts},
    {"inbound_mms", store::Feature::inbound_mms},
    {"signature_keys", store::Feature::signature_keys},
    {"opt_out", store::Feature::opt_out},
    {"familiar_sender", store::Feature::familiar_sender},
    {"familiar_source", store::Feature::familiar_source},
    {"billing_units", store::Feature::billing_units},
};

bool is_too_long(std::string_view name, std::size_t size, BodyFields& fields)
{
    if (size <= list_max) return false;
    fields.fault(name, fmt::format("must have at most {} entries", list_max));
    return true;
}

// In the one form in which addresses are compared, so that a message is not looked at in all the ways to
// write one.
std::optional<std::vector<std::string>> sources_in(BodyFields& fields, std::string_view name)
{
    auto sources = fields.texts(name);
    if (!sources || is_too_long(name, sources->size(), fields)) return sources;
    for (std::string& source : *sources) source = source_in(fields, name, source).value_or("");
    return sources;
}

std::optional<std::vector<message::Pattern>> patterns_in(BodyFields& fields, std::string_view name)
{
    auto texts = fields.texts(name);
    if (!texts || is_too_long(name, texts->size(), fields)) return {};
    std::vector<message::Pattern> patterns;
    for (std::string& text : *texts) {
        // The store keeps such lists as lines (store/sqlite/settings_tables.cpp), and a pattern without a
        // word would match nothing for ever.
        bool is_line = text.find_first_of("\r\n") == text.npos && text.size() <= message::pattern_max;
        const message::Pattern& pattern = patterns.emplace_back(std::move(text));
        if (!is_line || pattern.is_empty())
            fields.fault(name, fmt::format("must each be one line of at most {} bytes with a word in it",
                                           message::pattern_max));
    }
    return patterns;
}

// A name, since an offset would not follow the clocks.
std::optional<std::string> zone_in(BodyFields& fields, std::string_view name)
{
    auto zone = fields.text(name);
    if (zone && (zone->starts_with('+') || zone->starts_with('-') || !base::Zone::parse(*zone)))
        fields.fault(name, "must be a time zone of the IANA database, as Australia/Sydney");
    return zone;
}

// What becomes of an account when a body gives it `value`; `member` is whatever std::invoke takes.
template <auto member, class Value>
Edit edit_of(std::optional<Value> value)
{
    if (!value) return {};
    return [value = *std::move(value)](Account& account) {
        auto& field = std::invoke(member, account);
        field = static_cast<std::remove_cvref_t<decltype(field)>>(value);
    };
}

std::int64_t whole(std::uint32_t number) { return number; }
std::int64_t whole(std::chrono::seconds time) { return time.count(); }

template <auto member>
void show_number(JsonObject& object, std::string_view name, const Account& account)
{
    object.number(name, whole(std::invoke(member, account)));
}
template <auto member, Range range>
Edit read_number(BodyFields& fields, std::string_view name)
{
    return edit_of<member>(fields.integer(name, range));
}

template <auto member>
void show_choice(JsonObject& object, std::string_view field, const Account& account)
{
    object.text(field, name(std::invoke(member, account)));
}
template <auto member, auto& words>
Edit read_choice(BodyFields& fields, std::string_view field)
{
    using Value = std::remove_cvref_t<decltype(words[0].second)>;
    return edit_of<member>(fields.choice<Value>(field, words));
}

template <auto member>
void show_patterns(JsonObject& object, std::string_view name, const Account& account)
{
    object.list(name, std::invoke(member, account), [](std::string& list, const message::Pattern& pattern) {
        wire::append_json_string(list, pattern.text());
    });
}
template <auto member>
Edit read_patterns(BodyFields& fields, std::string_view name)
{
    return edit_of<member>(patterns_in(fields, name));
}

void show_default_source(JsonObject& object, std::string_view name, const Account& account)
{
    object.text_or_null(name, message::written(account.default_source));
}
// Null and an empty text both mean that there is none from now on.
Edit read_default_source(BodyFields& fields, std::string_view name)
{
    std::optional<std::string> source("");
    if (!fields.take_null(name)) source = fields.text(name);
    if (source && !source->empty()) source = source_in(fields, name, *source);
    return edit_of<&Account::default_source>(std::move(source));
}

void show_features(JsonObject& object, std::string_view name, const Account& account)
{
    JsonObject features(object.value(name));
    for (auto [feature_name, feature] : feature_names)
        features.boolean(feature_name, account.features.has(feature));
}
Edit read_features(BodyFields& fields, std::string_view name)
{
    std::vector<std::pair<store::Feature, bool>> features;
    for (auto [feature_name, feature] : feature_names)
        if (auto on = fields.boolean(fmt::format("{}/{}", name, feature_name)))
            features.emplace_back(feature, *on);
    // Features are changed one by one: what the body does not name stays, and what another request changes at
    // the same time is kept.
    return [features = std::move(features)](Account& account) {
        for (auto [feature, on] : features) account.features.set(feature, on);
    };
}

void show_confirmation(JsonObject& object, std::string_view name, const Account& account)
{
    object.text_or_null(name, account.opt_out_confirmation);
}
Edit read_confirmation(BodyFields& fields, std::string_view name)
{
    std::optional<std::string> text("");
    if (!fields.take_null(name)) text = fields.text(name, message::opt_out_confirmation_max);
    return edit_of<&Account::opt_out_confirmation>(std::move(text));
}

void show_blocked_sources(JsonObject& object, std::string_view name, const Account& account)
{
    object.list(name, account.blocked_sources, &append_written);
}
Edit read_blocked_sources(BodyFields& fields, std::string_view name)
{
    return edit_of<&Account::blocked_sources>(sources_in(fields, name));
}

void show_zone(JsonObject& object, std::string_view name, const Account& account)
{
    object.text(name, account.zone);
}
Edit read_zone(BodyFields& fields, std::string_view name)
{
    return edit_of<&Account::zone>(zone_in(fields, name));
}

void show_country(JsonObject& object, std::string_view name, const Account& account)
{
    object.text_or_null(name, account.country);
}
// Null and an empty text both mean that there is none from now on.
Edit read_country(BodyFields& fields, std::string_view name)
{
    std::optional<std::string> country("");
    if (!fields.take_null(name)) country = fields.text(name);
    if (country && !country->empty() && !message::has_national_plan(*country))
        fields.fault(name, "must be the two capital letters of a country, as AU");
    return edit_of<&Account::country>(std::move(country));
}

void show_send_both(JsonObject& object, std::string_view name, const Account& account)
{
    object.boolean(name, account.send_both);
}
Edit read_send_both(BodyFields& fields, std::string_view name)
{
    return edit_of<&Account::send_both>(fields.boolean(name));
}

// Captureless lambdas, because a pointer to member cannot reach into a member.
constexpr auto daily_cap = [](auto& account) -> auto& { return account.caps.daily; };
constexpr auto monthly_cap = [](auto& account) -> auto& { return account.caps.monthly; };

// In the order in which they are shown and their faults are told. What reads a field gives nothing if the
// body does not name it, or names it wrongly, which then is a fault.
struct Row {
    std::string_view name;
    void (*show)(JsonObject& object, std::string_view name, const Account& account);
    Edit (*read)(BodyFields& fields, std::string_view name);
};
constexpr Row rows[] = {
    {"default_source", show_default_source, read_default_source},
    {"unregistered_source", show_choice<&Account::unregistered_source>,
     read_choice<&Account::unregistered_source, policies>},
    {"features", show_features, read_features},
    {"requests_per_second", show_number<&Account::requests_per_second>,
     read_number<&Account::requests_per_second, per_second>},
    {"messages_per_second", show_number<&Account::messages_per_second>,
     read_number<&Account::messages_per_second, per_second>},
    {"priority", show_choice<&Account::priority>, read_choice<&Account::priority, priorities>},
    {"duplicate_window_s", show_number<&Account::duplicate_window>,
     read_number<&Account::duplicate_window, duplicate_window>},
    {"opt_out_confirmation", show_confirmation, read_confirmation},
    {"daily_cap", show_number<daily_cap>, read_number<daily_cap, cap>},
    {"monthly_cap", show_number<monthly_cap>, read_number<monthly_cap, cap>},
    {"blocked_sources", show_blocked_sources, read_blocked_sources},
    {"drop_patterns", show_patterns<&Account::drop_patterns>, read_patterns<&Account::drop_patterns>},
    {"hold_patterns", show_patterns<&Account::hold_patterns>, read_patterns<&Account::hold_patterns>},
    {"converter", show_choice<&Account::converter>, read_choice<&Account::converter, converters>},
    {"hours", show_choice<&Account::hours>, read_choice<&Account::hours, whose_hours>},
    {"zone", show_zone, read_zone},
    {"country", show_country, read_country},
    {"send_both", show_send_both, read_send_both},
};

}  // namespace

void append_credits(wire::JsonObject& object, store::Credits credits)
{
    object.number_or_null("credits", credits);
}

void append_account(std::string& out, const store::Settings& settings, const Account& account,
                    store::Credits credits)
{
    JsonObject object(out);
    object.text("id", account.id);
    object.text_or_null("parent", account.parent ? settings.accounts.at(*account.parent).id : "");
    for (const Row& row : rows) row.show(object, row.name, account);
    append_credits(object, credits);
}

AccountChange::AccountChange(BodyFields& fields)
{
    for (const Row& row : rows)
        if (Edit edit = row.read(fields, row.name)) edits_.push_back(std::move(edit));
}

void AccountChange::apply(Account& account) const
{
    for (const Edit& edit : edits_) edit(account);
}

}  // namespace tidings::api
