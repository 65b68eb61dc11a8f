// SPDX-License-Identifier: Apache-2.0
// Fields are read by their paths, "features/mms", and remembered: what is in the body and was not asked for
// is found at the end, by comparing. The first fault of a field is told and its others are not, since they
// mostly follow from it; and there is a limit to the lines, since each is compared with those before it.
#include "api/body_fields.hpp"

#include "base/utf8.hpp"
#include "text/unicode.hpp"
#include "wire/body.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace tidings::api {

namespace json = boost::json;

namespace {

// Years that are written with four digits; an offset can lead a time out of them.
constexpr base::Time first_time = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
constexpr base::Time end_of_time = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

bool has_null(std::string_view text) { return text.find('\0') != text.npos; }

// The name of a field that nobody knows, as faults show it: cut to what people read, and with harmless
// characters only.
std::string shown_name(std::string_view name)
{
    std::string_view begin = base::utf8_prefix(name, message::field_name_shown_max);
    return base::escaped(begin) + (begin == name ? "" : "…");
}

constexpr std::size_t faults_max = 100;  // are told; each is compared with those before

// For lenient reading: null stands for a field that is absent, as clients of /v1 send it.
json::object without_nulls(const json::object& object)
{
    json::object kept;
    for (const auto& [name, value] : object)
        if (!value.is_null()) kept.emplace(name, value);
    return kept;
}

}  // namespace

BodyFields::BodyFields(std::string_view body, Reading reading) : reading_(reading)
{
    auto object = wire::parse_object(body);
    if (object) {
        body_ = reading_ == Reading::lenient ? without_nulls(*object) : std::move(*object);
        return;
    }
    is_object_ = false;
    switch (object.error()) {
    case wire::BadBody::no_object: faults_.emplace_back("The body must be a JSON object."); break;
    case wire::BadBody::too_many_values: faults_ = wire::faults_of(object.error()).details; break;
    }
}

// Follows a path like "features/mms" down through objects. Where something on the way is no object the field
// counts as absent; find_unknown() tells that fault.
const json::value* BodyFields::find(std::string_view name) const
{
    const json::object* object = &body_;
    for (std::size_t slash; (slash = name.find('/')) != name.npos; name.remove_prefix(slash + 1)) {
        const json::value* inner = object->if_contains(name.substr(0, slash));
        if (!inner || !inner->is_object()) return nullptr;
        object = &inner->get_object();
    }
    return object->if_contains(name);
}

const json::value* BodyFields::read(std::string_view name)
{
    // Also of a field that is absent: what was asked for is what the body may have.
    names_.emplace_back(name);
    // A null that take_null() took has been dealt with, and would be a fault to whoever reads the field as a
    // text.
    if (std::ranges::find(nulls_, name) != nulls_.end()) return nullptr;
    const json::value* value = find(name);
    if (value) found_any_ = true;
    return value;
}

std::optional<std::string> BodyFields::text(std::string_view name, std::size_t characters_max)
{
    const json::value* value = read(name);
    if (!value) return {};
    const json::string* text = value->if_string();
    if (!text)
        fault(name, "must be a string");
    else if (text::code_points(*text) > characters_max)
        fault(name, fmt::format("must have at most {} characters", characters_max));
    else if (has_null(*text))
        fault(name, "must not contain null characters");
    else
        return std::string(*text);
    return {};
}

std::optional<std::vector<std::string>> BodyFields::texts(std::string_view name, std::size_t characters_max)
{
    const json::value* value = read(name);
    if (!value) return {};
    const json::array* list = value->if_array();
    if (!list || !std::ranges::all_of(*list, [](const json::value& it) { return it.is_string(); })) {
        fault(name, "must be a list of strings");
        return {};
    }
    std::vector<std::string> texts;
    for (const json::value& text : *list) {
        if (text::code_points(text.get_string()) > characters_max)
            fault(name, fmt::format("must each have at most {} characters", characters_max));
        else if (has_null(text.get_string()))
            fault(name, "must not contain null characters");
        texts.emplace_back(text.get_string());
    }
    return texts;
}

std::optional<std::vector<std::pair<std::string, std::string>>> BodyFields::pairs(std::string_view name)
{
    const json::value* value = read(name);
    if (!value) return {};
    const json::array* list = reading_ == Reading::lenient ? value->if_array() : nullptr;
    if (list && list->empty()) return std::vector<std::pair<std::string, std::string>>();
    const json::object* object = value->if_object();
    if (!object || !std::ranges::all_of(*object, [](const auto& it) { return it.value().is_string(); })) {
        fault(name, "must be an object of strings");
        return {};
    }
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [key, text] : *object) pairs.emplace_back(key, text.get_string());
    return pairs;
}

std::string BodyFields::required_text(std::string_view name, std::size_t characters_max)
{
    auto found = text(name, characters_max);
    if (!found || found->empty()) fault(name, "is required");
    return found.value_or("");
}

std::optional<bool> BodyFields::boolean(std::string_view name)
{
    const json::value* value = read(name);
    if (!value) return {};
    if (const bool* yes = value->if_bool()) return *yes;
    fault(name, "must be true or false");
    return {};
}

std::optional<std::int64_t> BodyFields::integer(std::string_view name, Range range)
{
    const json::value* value = read(name);
    if (!value) return {};
    // A number with a fraction or an exponent is none of these, even where its value is whole.
    const std::int64_t* number = value->if_int64();
    if (number && *number >= range.min && *number <= range.max) return *number;
    fault(name, fmt::format("must be a whole number from {} to {}", range.min, range.max));
    return {};
}

std::optional<base::Time> BodyFields::time(std::string_view name)
{
    const json::value* value = read(name);
    if (!value) return {};
    if (const json::string* text = value->if_string())
        if (auto time = base::parse_iso(std::string_view(text->data(), text->size()));
            time && *time >= first_time && *time < end_of_time)
            return *time;
    fault(name, "must be an ISO 8601 date and time");
    return {};
}

bool BodyFields::take_null(std::string_view name)
{
    const json::value* value = read(name);
    if (!value || !value->is_null()) return false;
    nulls_.emplace_back(name);
    return true;
}

bool BodyFields::has(std::string_view name) const { return find(name) != nullptr; }

void BodyFields::fault(std::string_view name, std::string_view what)
{
    // As a JSON pointer (RFC 6901), by which the service writes its faults, too.
    std::string pointer = fmt::format("/{}: ", name);
    auto is_of_field = [&](const std::string& line) { return line.starts_with(pointer); };
    if (faults_.size() < faults_max && is_object_ && std::ranges::none_of(faults_, is_of_field))
        faults_.push_back(fmt::format("{}{}.", pointer, what));
}

void BodyFields::require_any() { requires_any_ = true; }

void BodyFields::require_one_of(std::initializer_list<std::string_view> names)
{
    if (!is_object_ || std::ranges::count_if(names, [this](auto name) { return has(name); }) == 1) return;
    faults_.push_back(fmt::format("The body must have exactly one of {}.", fmt::join(names, ", ")));
}

void BodyFields::find_unknown(const json::object& object, const std::string& prefix)
{
    for (const auto& [key, value] : object) {
        std::string name = prefix + std::string(key);
        if (std::ranges::find(names_, name) != names_.end()) continue;
        std::string inner = name + '/';
        // The name of an object is no field by itself: what is asked for are the names within it.
        bool holds_fields =
            std::ranges::any_of(names_, [&](const std::string& asked) { return asked.starts_with(inner); });
        if (!holds_fields)
            fault(shown_name(name), "unknown field");
        else if (value.is_object())
            find_unknown(value.get_object(), inner);
        else
            fault(name, "must be an object");
    }
}

std::vector<std::string> BodyFields::faults()
{
    if (reading_ == Reading::strict) find_unknown(body_, {});
    if (requires_any_ && !found_any_ && faults_.empty())
        faults_.push_back("The body must have at least one field.");
    return faults_;
}

}  // namespace tidings::api
