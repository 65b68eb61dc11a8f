// SPDX-License-Identifier: Apache-2.0
// A text of known length is written where it will stand on the stack, and appended in one piece.
#include "base/append.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <string_view>

namespace tidings::base {

namespace {

using namespace std::chrono;

constexpr int year_max = 9999;               // with four digits; clocks that went mad have others
constexpr std::size_t number_size_max = 20;  // of 64 bits, with its sign

// From the last digit to the first, with zeros before it.
void write_digits(char* begin, int digits, unsigned value)
{
    for (char* place = begin + digits; place != begin; value /= 10)
        *--place = static_cast<char>('0' + value % 10);
}

// ISO 8601 has a sign and more digits for years that do not fit.
void append_far_iso(std::string& out, int year, std::string_view behind_year)
{
    fmt::format_to(std::back_inserter(out), "{:04}{}", year, behind_year);
}

}  // namespace

void append_iso(std::string& out, Time time)
{
    auto day = floor<days>(time);
    year_month_day date(day);
    auto clock = static_cast<unsigned>((time - day).count());  // milliseconds of the day
    char text[] = "0000-00-00T00:00:00.000Z";
    write_digits(text + 5, 2, static_cast<unsigned>(date.month()));
    write_digits(text + 8, 2, static_cast<unsigned>(date.day()));
    write_digits(text + 11, 2, clock / 3'600'000);
    write_digits(text + 14, 2, clock / 60'000 % 60);
    write_digits(text + 17, 2, clock / 1'000 % 60);
    write_digits(text + 20, 3, clock % 1'000);
    auto year = static_cast<int>(date.year());
    std::string_view whole(text, std::size(text) - 1);
    if (year < 0 || year > year_max) return append_far_iso(out, year, whole.substr(4));
    write_digits(text, 4, static_cast<unsigned>(year));
    out += whole;
}

void append_uuid(std::string& out, const Uuid& id)
{
    constexpr std::string_view digits = "0123456789abcdef";
    char text[] = "00000000-0000-0000-0000-000000000000";
    char* place = text;
    for (std::uint8_t byte : id.bytes) {
        if (*place == '-') ++place;
        *place++ = digits[byte >> 4];
        *place++ = digits[byte & 15];
    }
    out.append(text, std::size(text) - 1);
}

void append_number(std::string& out, std::int64_t number)
{
    char digits[number_size_max];
    out.append(digits, std::to_chars(std::begin(digits), std::end(digits), number).ptr);
}

}  // namespace tidings::base
