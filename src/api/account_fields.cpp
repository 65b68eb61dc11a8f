// SPDX-License-Identifier: Apache-2.0
#include "api/account_fields.hpp"

#include "base/zone.hpp"
#include "message/duplicate.hpp"
#include "message/limits.hpp"

#include <fmt/format.h>

namespace tidings::api {

namespace {

using message::UnregisteredSource;

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

struct FeatureName {
    std::string_view name;
    store::Feature feature;
};
constexpr FeatureName feature_names[] = {
    {"mms", store::Feature::mms},
    {"tts", store::Feature::tts},
    {"inbound_mms", store::Feature::inbound_mms},
    {"signature_keys", store::Feature::signature_keys},
    {"opt_out", store::Feature::opt_out},
    {"familiar_sender", store::Feature::familiar_sender},
    {"familiar_source", store::Feature::familiar_source},
    {"billing_units", store::Feature::billing_units},
};

void append_patterns(std::string& out, const std::vector<message::Pattern>& patterns)
{
    wire::append_list(out, patterns, [](std::string& list, const message::Pattern& pattern) {
        wire::append_json_string(list, pattern.text());
    });
}

bool is_too_long(std::string_view name, std::size_t size, BodyFields& fields)
{
    if (size <= list_max) return false;
    fields.fault(name, fmt::format("must have at most {} entries", list_max));
    return true;
}

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
        bool is_line = text.find_first_of("\r\n") == text.npos && text.size() <= message::pattern_max;
        const message::Pattern& pattern = patterns.emplace_back(std::move(text));
        if (!is_line || pattern.is_empty())
            fields.fault(name, fmt::format("must each be one line of at most {} bytes with a word in it",
                                           message::pattern_max));
    }
    return patterns;
}

// A name, since an offset would not follow the clocks.
std::optional<std::string> zone_in(BodyFields& fields)
{
    auto zone = fields.text("zone");
    if (zone && (zone->starts_with('+') || zone->starts_with('-') || !base::Zone::parse(*zone)))
        fields.fault("zone", "must be a time zone of the IANA database, as Australia/Sydney");
    return zone;
}

}  // namespace

void append_credits(wire::JsonObject& object, store::Credits credits)
{
    if (credits)
        object.number("credits", *credits);
    else
        object.null("credits");
}

void append_account(std::string& out, const store::Settings& settings, const store::Account& account,
                    store::Credits credits)
{
    wire::JsonObject object(out);
    object.text("id", account.id);
    if (account.parent)
        object.text("parent", settings.accounts.at(*account.parent).id);
    else
        object.null("parent");
    if (account.default_source.empty())
        object.null("default_source");
    else
        object.text("default_source", message::written(account.default_source));
    object.text("unregistered_source", message::name(account.unregistered_source));
    {
        wire::JsonObject features(object.value("features"));
        for (const FeatureName& it : feature_names)
            features.boolean(it.name, account.features.has(it.feature));
    }
    object.number("requests_per_second", account.requests_per_second);
    object.number("messages_per_second", account.messages_per_second);
    object.text("priority", message::name(account.priority));
    object.number("duplicate_window_s", account.duplicate_window.count());
    if (account.opt_out_confirmation.empty())
        object.null("opt_out_confirmation");
    else
        object.text("opt_out_confirmation", account.opt_out_confirmation);
    object.number("daily_cap", account.caps.daily);
    object.number("monthly_cap", account.caps.monthly);
    wire::append_list(object.value("blocked_sources"), account.blocked_sources,
                [](std::string& list, const std::string& source) {
                    wire::append_json_string(list, message::written(source));
                });
    append_patterns(object.value("drop_patterns"), account.drop_patterns);
    append_patterns(object.value("hold_patterns"), account.hold_patterns);
    object.text("converter", text::name(account.converter));
    object.text("hours", message::name(account.hours));
    object.text("zone", account.zone);
    object.boolean("send_both", account.send_both);
    append_credits(object, credits);
}

AccountChange::AccountChange(BodyFields& fields)
{
    if (fields.take_null("default_source"))
        default_source.emplace();
    else
        default_source = fields.text("default_source");
    if (default_source && !default_source->empty())
        default_source = source_in(fields, "default_source", *default_source);
    unregistered_source = fields.choice<UnregisteredSource>("unregistered_source", policies);
    for (const FeatureName& it : feature_names)
        if (auto on = fields.boolean("features/" + std::string(it.name)))
            features.emplace_back(it.feature, *on);
    requests_per_second = fields.integer("requests_per_second", per_second);
    messages_per_second = fields.integer("messages_per_second", per_second);
    priority = fields.choice<message::Priority>("priority", priorities);
    duplicate_window_s = fields.integer("duplicate_window_s", duplicate_window);
    if (fields.take_null("opt_out_confirmation"))
        opt_out_confirmation.emplace();
    else
        opt_out_confirmation = fields.text("opt_out_confirmation", message::opt_out_confirmation_max);
    daily_cap = fields.integer("daily_cap", cap);
    monthly_cap = fields.integer("monthly_cap", cap);
    blocked_sources = sources_in(fields, "blocked_sources");
    drop_patterns = patterns_in(fields, "drop_patterns");
    hold_patterns = patterns_in(fields, "hold_patterns");
    converter = fields.choice<text::Converter>("converter", converters);
    hours = fields.choice<message::Hours>("hours", whose_hours);
    zone = zone_in(fields);
    send_both = fields.boolean("send_both");
}

void AccountChange::apply(store::Account& account) const
{
    if (default_source) account.default_source = *default_source;
    if (unregistered_source) account.unregistered_source = *unregistered_source;
    for (auto [feature, on] : features) account.features.set(feature, on);
    if (requests_per_second) account.requests_per_second = static_cast<std::uint32_t>(*requests_per_second);
    if (messages_per_second) account.messages_per_second = static_cast<std::uint32_t>(*messages_per_second);
    if (priority) account.priority = *priority;
    if (daily_cap) account.caps.daily = static_cast<std::uint32_t>(*daily_cap);
    if (monthly_cap) account.caps.monthly = static_cast<std::uint32_t>(*monthly_cap);
    if (blocked_sources) account.blocked_sources = *blocked_sources;
    if (drop_patterns) account.drop_patterns = *drop_patterns;
    if (hold_patterns) account.hold_patterns = *hold_patterns;
    if (opt_out_confirmation) account.opt_out_confirmation = *opt_out_confirmation;
    if (duplicate_window_s) account.duplicate_window = std::chrono::seconds(*duplicate_window_s);
    if (converter) account.converter = *converter;
    if (hours) account.hours = *hours;
    if (zone) account.zone = *zone;
    if (send_both) account.send_both = *send_both;
}

}  // namespace tidings::api
