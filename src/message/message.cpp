// SPDX-License-Identifier: Apache-2.0
#include "message/message.hpp"

#include "message/limits.hpp"
#include "message/national_plan.hpp"
#include "text/address.hpp"
#include "text/gsm7.hpp"
#include "text/unicode.hpp"

#include <cstdlib>

namespace tidings::message {

namespace {

constexpr std::size_t shortcode_digits_min = 3;
constexpr std::size_t international_digits_min = 8;
constexpr std::size_t international_digits_max = 15;

}  // namespace

std::string_view name(Format format)
{
    switch (format) {
    case Format::sms: return "SMS";
    case Format::mms: return "MMS";
    case Format::tts: return "TTS";
    }
    std::abort();
}

std::string_view name(SourceType type)
{
    switch (type) {
    case SourceType::international: return "INTERNATIONAL";
    case SourceType::alphanumeric: return "ALPHANUMERIC";
    case SourceType::shortcode: return "SHORTCODE";
    }
    std::abort();
}

std::string digits_of(std::string_view number)
{
    if (number.starts_with('+')) number.remove_prefix(1);
    return std::string(number);
}

std::string canonical_source(std::string_view source)
{
    bool is_name = infer_source_type(source) == SourceType::alphanumeric;
    return is_name ? std::string(source) : digits_of(source);
}

bool is_sender_name(std::string_view text)
{
    std::size_t size = text::gsm7_size(text).value_or(text::utf16_size(text));
    return size <= alphanumeric_septets_max && text.find_first_of("\r\n\f") == text.npos &&
           text::can_be_address(text);
}

std::string written(std::string_view canonical)
{
    bool has_plus = canonical.starts_with('+');
    bool needs_plus =
        !has_plus && !lacks_country(canonical) && infer_source_type(canonical) == SourceType::international;
    return (needs_plus ? "+" : "") + std::string(canonical);
}

SourceType infer_source_type(std::string_view source)
{
    bool plus = source.starts_with('+');
    if (plus) source.remove_prefix(1);
    if (source.find_first_not_of("0123456789") != source.npos) return SourceType::alphanumeric;
    if (source.size() >= international_digits_min && source.size() <= international_digits_max)
        return SourceType::international;
    if (!plus && source.size() >= shortcode_digits_min && source.size() < international_digits_min)
        return SourceType::shortcode;
    return SourceType::alphanumeric;
}

}  // namespace tidings::message
