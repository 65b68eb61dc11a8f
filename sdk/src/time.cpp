// SPDX-License-Identifier: Apache-2.0
#include "time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace tidings {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Takes text from its front.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    // Exactly `count` digits.
    bool number(std::size_t count, int& value)
    {
        if (text_.size() < count) return false;
        const char* end = text_.data() + count;
        auto all_digits = [](char c) { return c >= '0' && c <= '9'; };
        if (!std::all_of(text_.data(), end, all_digits)) return false;
        std::from_chars(text_.data(), end, value);
        text_.remove_prefix(count);
        return true;
    }
    bool one_of(std::string_view characters)
    {
        if (text_.empty() || characters.find(text_[0]) == characters.npos) return false;
        last_ = text_[0];
        text_.remove_prefix(1);
        return true;
    }
    // Any number of digits as thousandths, the rest cut off.
    milliseconds fraction()
    {
        int value = 0, place = 100;
        for (; !text_.empty() && text_[0] >= '0' && text_[0] <= '9'; text_.remove_prefix(1), place /= 10)
            value += (text_[0] - '0') * place;
        return milliseconds(value);
    }
    bool literal(std::string_view word)
    {
        if (!text_.starts_with(word)) return false;
        text_.remove_prefix(word.size());
        return true;
    }
    std::string_view word(std::size_t size)
    {
        std::string_view found = text_.substr(0, size);
        text_.remove_prefix(found.size());
        return found;
    }
    char last() const { return last_; }
    bool at_end() const { return text_.empty(); }

private:
    std::string_view text_;
    char last_ = 0;
};

struct Clock {
    int hour = 0, minute = 0, second = 0;
    bool is_possible() const { return hour < 24 && minute < 60 && second < 61; }
    seconds since_midnight() const { return hours(hour) + minutes(minute) + seconds(std::min(second, 59)); }
};

bool scan_clock(Scanner& scanner, Clock& clock)
{
    return scanner.number(2, clock.hour) && scanner.one_of(":") && scanner.number(2, clock.minute) &&
           scanner.one_of(":") && scanner.number(2, clock.second) && clock.is_possible();
}

// Z, +hh:mm, +hhmm or nothing.
bool scan_offset(Scanner& scanner, minutes& offset)
{
    if (scanner.at_end() || scanner.one_of("Zz")) return scanner.at_end();
    if (!scanner.one_of("+-")) return false;
    bool is_west = scanner.last() == '-';
    int hour = 0, minute = 0;
    if (!scanner.number(2, hour)) return false;
    scanner.one_of(":");
    if (!scanner.number(2, minute) || hour > 23 || minute > 59) return false;
    offset = hours(hour) + minutes(minute);
    if (is_west) offset = -offset;
    return scanner.at_end();
}

Error no_time() { return Error(errc::bad_answer, "a date in no form that is known"); }

}  // namespace

std::string to_iso(Time time)
{
    auto day = floor<std::chrono::days>(time);
    year_month_day date(day);
    hh_mm_ss clock(time - day);
    char text[40];
    int size = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", int(date.year()),
                             unsigned(date.month()), unsigned(date.day()), int(clock.hours().count()),
                             int(clock.minutes().count()), int(clock.seconds().count()),
                             int(clock.subseconds().count()));
    return {text, static_cast<std::size_t>(size)};
}

Result<Time> parse_iso(std::string_view text)
{
    Scanner scanner(text);
    int year = 0, month = 0, day = 0;
    Clock clock;
    bool is_good = scanner.number(4, year) && scanner.one_of("-") && scanner.number(2, month) &&
                   scanner.one_of("-") && scanner.number(2, day) && scanner.one_of("Tt ") &&
                   scan_clock(scanner, clock);
    year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                        std::chrono::day(static_cast<unsigned>(day))};
    if (!is_good || !date.ok()) return no_time();
    milliseconds fraction{0};
    if (scanner.one_of(".,")) fraction = scanner.fraction();
    minutes offset{0};
    if (!scan_offset(scanner, offset)) return no_time();
    return Time(sys_days(date)) + clock.since_midnight() + fraction - offset;
}

namespace detail {

Time now() { return floor<milliseconds>(system_clock::now()); }

std::string to_http_date(Time time)
{
    auto day = floor<std::chrono::days>(time);
    year_month_day date(day);
    hh_mm_ss clock(floor<seconds>(time - day));
    char text[40];
    int size = std::snprintf(
        text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", days[weekday(day).c_encoding()].data(),
        unsigned(date.day()), months[unsigned(date.month()) - 1].data(), int(date.year()),
        int(clock.hours().count()), int(clock.minutes().count()), int(clock.seconds().count()));
    return {text, static_cast<std::size_t>(size)};
}

Result<Time> parse_http_date(std::string_view text)
{
    Scanner scanner(text);
    scanner.word(5);  // the day's name says nothing that the date does not
    int day = 0, year = 0;
    Clock clock;
    if (!scanner.number(2, day) || !scanner.one_of(" ")) return no_time();
    auto month = std::ranges::find(months, scanner.word(3));
    bool is_good = month != months.end() && scanner.one_of(" ") && scanner.number(4, year) &&
                   scanner.one_of(" ") && scan_clock(scanner, clock) && scanner.literal(" GMT") &&
                   scanner.at_end();
    if (!is_good) return no_time();
    year_month_day date{std::chrono::year(year),
                        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return no_time();
    return Time(sys_days(date)) + clock.since_midnight();
}

}  // namespace detail

}  // namespace tidings
