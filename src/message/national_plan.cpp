// SPDX-License-Identifier: Apache-2.0
// The table is made by tools/number-plan.py. A number is judged by what it begins with and by its length;
// where a trunk prefix could also be the beginning of a country code (8 in Russia, 1 in America), digits that
// begin as an E.164 number does are one, since that is what a gateway is sent nearly always.
#include "message/national_plan.hpp"

#include "message/message.hpp"
#include "message/number_plan.hpp"

#include <algorithm>
#include <optional>

namespace tidings::message {

namespace {

struct NationalPlan {
    std::string_view country;
    std::string_view code;
    std::string_view written_trunk;    // the trunk prefix that people write; empty: none
    std::string_view trunks;           // all that may be dialled, and of what follows, with spaces between
    std::string_view internationals;   // longest first
    std::size_t usual_min, usual_max;  // digits of a fixed or mobile number, without any prefix
    std::size_t digits_max;            // of any number
    bool keeps_zero;                   // a zero before it is a part of it
};

#include "message/national_plan_data.inc"

static_assert(std::ranges::is_sorted(national_plans, {}, &NationalPlan::country));

constexpr std::size_t e164_min = 8;  // digits; as everywhere in the API
constexpr std::size_t e164_max = 15;
constexpr std::size_t shortcode_max = 6;         // digits: what is as short is dialled as it is
constexpr std::string_view usual_prefix = "00";  // that of most countries, and of carriers in all others

const NationalPlan* find_plan(std::string_view country)
{
    auto found = std::ranges::lower_bound(national_plans, country, {}, &NationalPlan::country);
    return found != std::ranges::end(national_plans) && found->country == country ? found : nullptr;
}

// The first of the prefixes with which the digits begin; empty: none.
std::string_view prefix_of(std::string_view digits, std::string_view prefixes)
{
    while (!prefixes.empty()) {
        std::string_view prefix = prefixes.substr(0, prefixes.find(' '));
        if (digits.starts_with(prefix)) return prefix;
        prefixes.remove_prefix(std::min(prefixes.size(), prefix.size() + 1));
    }
    return {};
}

bool is_e164(std::string_view digits)
{
    return digits.size() >= e164_min && digits.size() <= e164_max && find_number_plan(digits).has_value();
}

bool is_usual(const NationalPlan& plan, std::size_t size)
{
    return size >= plan.usual_min && size <= plan.usual_max;
}

std::optional<std::string> with_code(const NationalPlan& plan, std::string_view national)
{
    std::string digits = std::string(plan.code) + std::string(national);
    if (digits.size() < e164_min || digits.size() > e164_max) return {};
    return digits;
}

std::optional<std::string> behind_international(std::string_view digits, std::string_view prefixes)
{
    std::string_view prefix = prefix_of(digits, prefixes);
    if (prefix.empty() || !is_e164(digits.substr(prefix.size()))) return {};
    return std::string(digits.substr(prefix.size()));
}

std::optional<std::string> behind_trunk(const NationalPlan& plan, std::string_view digits, Written written)
{
    std::string_view trunk = prefix_of(digits, plan.trunks);
    std::string_view national = digits.substr(trunk.size());
    if (trunk.empty() || !is_usual(plan, national.size()) || national.starts_with('0')) return {};
    bool may_be_e164 = !digits.starts_with('0') && written == Written::anyhow;
    if (may_be_e164 && is_e164(digits)) return {};
    return with_code(plan, national);
}

// Some who say "national" send E.164 all the same. Its length tells or, where numbers of a country have any
// length, as in Germany, that it would be the number of a handset.
bool is_e164_of(const NationalPlan& plan, std::string_view digits)
{
    if (!digits.starts_with(plan.code) || !is_usual(plan, digits.size() - plan.code.size())) return false;
    if (!is_usual(plan, digits.size())) return true;
    auto found = find_number_plan(digits);
    return found && found->type == NumberType::mobile;
}

std::optional<std::string> without_prefix(const NationalPlan& plan, std::string_view digits, Written written)
{
    bool has_own_zero = plan.keeps_zero && digits.starts_with('0');
    if (written == Written::anyhow && !has_own_zero) return {};
    if (digits.size() <= shortcode_max || is_e164_of(plan, digits)) return {};
    if (digits.starts_with('0') && !plan.keeps_zero) return {};
    bool fits = has_own_zero ? is_usual(plan, digits.size()) : digits.size() <= plan.digits_max;
    return fits ? with_code(plan, digits) : std::nullopt;
}

}  // namespace

bool has_national_plan(std::string_view country) { return find_plan(country) != nullptr; }

std::string e164_digits(std::string_view number, std::string_view country, Written written)
{
    std::string digits = digits_of(number);
    const NationalPlan* plan = find_plan(country);
    bool is_number = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
    // What has its + is E.164, unless it cannot be.
    bool is_said_to_be_e164 = number.starts_with('+') && !lacks_country(digits);
    if (!plan || !is_number || is_said_to_be_e164) return digits;
    if (auto found = behind_international(digits, plan->internationals)) return *found;
    if (auto found = behind_trunk(*plan, digits, written)) return *found;
    if (auto found = behind_international(digits, usual_prefix)) return *found;
    return without_prefix(*plan, digits, written).value_or(digits);
}

bool lacks_country(std::string_view number)
{
    if (number.starts_with('+')) number.remove_prefix(1);
    return number.starts_with('0') && number.find_first_not_of("0123456789") == number.npos;
}

std::string national_digits(std::string_view e164, std::string_view country)
{
    const NationalPlan* plan = find_plan(country);
    if (!plan || !e164.starts_with(plan->code) || e164.size() < e164_min) return std::string(e164);
    return std::string(plan->written_trunk) + std::string(e164.substr(plan->code.size()));
}

}  // namespace tidings::message
