// SPDX-License-Identifier: Apache-2.0
// Delivery receipts arrive as text inside deliver_sm, and no two carriers agree on the text. SMPP 3.4,
// appendix B gives one as an example, not as a rule:
//
//     id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:...
//
// Therefore fields are read by name, in any order and letter case; what is between them is skipped; a
// missing one stays empty, and of two with a name the first one counts. Only `text` goes on to the end, and
// since it repeats what the message said, nothing in it may be taken for a field: it is read last. Receipts
// seen in the field stand in test/vectors/receipts.csv.
#include "message/receipt.hpp"

#include <algorithm>

namespace tidings::message {

namespace {

constexpr std::string_view blanks = " \t\r\n";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool starts_with_word(std::string_view text, std::string_view lower_case_word)
{
    return text.size() >= lower_case_word.size() &&
           std::equal(lower_case_word.begin(), lower_case_word.end(), text.begin(),
                      [](char word, char c) { return word == lower(c); });
}

std::string_view without_blanks_before(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

struct Key {
    std::string_view name;
    std::string ReceiptText::*field;
};

constexpr Key keys[] = {
    {"id", &ReceiptText::id},
    {"sub", &ReceiptText::sub},
    {"dlvrd", &ReceiptText::dlvrd},
    {"submit date", &ReceiptText::submit_date},
    {"submitdate", &ReceiptText::submit_date},
    {"submit_date", &ReceiptText::submit_date},
    {"done date", &ReceiptText::done_date},
    {"donedate", &ReceiptText::done_date},
    {"done_date", &ReceiptText::done_date},
    {"stat", &ReceiptText::stat},
    {"err", &ReceiptText::err},
    {"text", &ReceiptText::text},
};

struct Found {
    const Key* key = nullptr;
    std::string_view rest;  // behind the colon
};

// The key that `text` begins with, if any. Some carriers put a blank before the colon.
Found key_at(std::string_view text)
{
    for (const Key& key : keys) {
        if (!starts_with_word(text, key.name)) continue;
        std::string_view rest = without_blanks_before(text.substr(key.name.size()));
        if (rest.starts_with(':')) return {&key, rest.substr(1)};
    }
    return {};
}

// A value ends at a blank. If the next key follows at once, it is empty: "err: text:..." has no error. Some
// carriers put commas between fields.
std::string_view take_value(std::string_view& text)
{
    constexpr std::string_view ends = " \t\r\n,;";
    text = without_blanks_before(text);
    if (key_at(text).key) return {};
    std::string_view value = text.substr(0, std::min(text.find_first_of(ends), text.size()));
    text.remove_prefix(value.size());
    return value;
}

void skip_word(std::string_view& text)
{
    constexpr std::string_view ends = " \t\r\n,;:";
    std::size_t end = std::min(text.find_first_of(ends), text.size());
    text.remove_prefix(std::min(std::max<std::size_t>(end, 1), text.size()));
}

}  // namespace

ReceiptText parse_receipt(std::string_view text)
{
    ReceiptText receipt;
    while (!text.empty()) {
        Found found = key_at(text);
        if (!found.key) {
            skip_word(text);
            continue;
        }
        text = found.rest;
        std::string& field = receipt.*found.key->field;
        if (found.key->field == &ReceiptText::text) {
            field = without_blanks_before(text);
            field.erase(field.find_last_not_of(blanks) + 1);
            break;
        }
        std::string_view value = take_value(text);
        if (field.empty()) field = value;
    }
    return receipt;
}

// A handset may write "id: 5" too. Only what begins with an id and has a status is a receipt.
bool looks_like_receipt(std::string_view text)
{
    Found first = key_at(without_blanks_before(text));
    if (!first.key || first.key->field != &ReceiptText::id) return false;
    ReceiptText receipt = parse_receipt(text);
    return !receipt.id.empty() && !receipt.stat.empty();
}

std::optional<base::Time> receipt_time(std::string_view digits, const base::Zone& zone)
{
    using namespace std::chrono;
    // YYMMDDhhmm as in the example, with seconds, or with the century before it.
    constexpr int century = 2000;
    constexpr std::size_t to_minutes = 10, to_seconds = 12, with_century = 14;

    if (digits.size() != to_minutes && digits.size() != to_seconds && digits.size() != with_century)
        return {};
    if (digits.find_first_not_of("0123456789") != digits.npos) return {};
    auto take_two = [&digits] {
        int value = (digits[0] - '0') * 10 + (digits[1] - '0');
        digits.remove_prefix(2);
        return value;
    };
    int y = digits.size() == with_century ? take_two() * 100 : century;
    y += take_two();
    auto m = static_cast<unsigned>(take_two());
    auto d = static_cast<unsigned>(take_two());
    int hour = take_two();
    int minute = take_two();
    int second = digits.empty() ? 0 : take_two();
    year_month_day date{year(y), month(m), day(d)};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return {};
    return zone.instant_of(sys_days(date) + hours(hour) + minutes(minute) + seconds(second));
}

}  // namespace tidings::message
