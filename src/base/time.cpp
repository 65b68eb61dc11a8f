// SPDX-License-Identifier: Apache-2.0
// Two forms of time are read and written: ISO 8601 as the API has it, and the date of HTTP (RFC 9110,
// 5.6.7), which a recipient has to take in three forms:
//
//     Sat, 30 Jul 2016 05:18:52 GMT       IMF-fixdate, the only one to be written
//     Saturday, 30-Jul-16 05:18:52 GMT    RFC 850
//     Sat Jul 30 05:18:52 2016            asctime() of C
//
// Reading is lenient where clients are known to differ: a blank for the T, offsets with and without a colon,
// none at all for UTC; in HTTP dates a day of one digit, and for GMT the other names that libraries give it.
// Everything else is refused; nothing is guessed. Times are in milliseconds, so that digits beyond are cut
// off.
#include "base/time.hpp"

#include "base/append.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <span>

namespace tidings::base {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> long_weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                           "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 4> names_of_gmt = {"GMT", "UTC", "+0000", "-0000"};
constexpr int fraction_digits_max = 9;

// Consumes text from the front; each step says whether the text was as expected.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool done() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    bool skip(std::string_view word)
    {
        if (!rest_.starts_with(word)) return false;
        rest_.remove_prefix(word.size());
        return true;
    }

    std::optional<int> number(std::size_t digits)
    {
        if (rest_.size() < digits) return {};
        int value = 0;
        for (char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return {};
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value;
    }

    std::optional<unsigned> one_of(std::span<const std::string_view> words)
    {
        for (unsigned i = 0; i < words.size(); ++i)
            if (skip(words[i])) return i;
        return {};
    }

private:
    std::string_view rest_;
};

std::optional<sys_days> date(int y, int m, int d)
{
    year_month_day day{year(y), month(static_cast<unsigned>(m)), std::chrono::day(static_cast<unsigned>(d))};
    if (!day.ok()) return {};
    return sys_days(day);
}

// hh:mm:ss; a leap second counts as the second before it.
std::optional<seconds> time_of_day(Scanner& in)
{
    auto h = in.number(2);
    if (!h || *h > 23 || !in.skip(":")) return {};
    auto m = in.number(2);
    if (!m || *m > 59 || !in.skip(":")) return {};
    auto s = in.number(2);
    if (!s || *s > 60) return {};
    return hours(*h) + minutes(*m) + seconds(std::min(*s, 59));
}

std::optional<milliseconds> fraction(Scanner& in)
{
    if (!in.skip(".")) return milliseconds(0);
    int value = 0;
    int digits = 0;
    while (auto digit = in.number(1)) {
        if (++digits > fraction_digits_max) return {};
        if (digits <= 3) value = value * 10 + *digit;
    }
    if (digits == 0) return {};
    for (int i = digits; i < 3; ++i) value *= 10;
    return milliseconds(value);
}

// Nothing at all stands for UTC, as clients without time zones write it.
std::optional<minutes> offset(Scanner& in)
{
    if (in.done() || in.skip("Z") || in.skip("z")) return minutes(0);
    int sign = in.peek() == '-' ? -1 : 1;
    if (!in.skip("+") && !in.skip("-")) return {};
    auto h = in.number(2);
    in.skip(":");
    auto m = in.number(2);
    if (!h || !m || *h > 23 || *m > 59) return {};
    return sign * (hours(*h) + minutes(*m));
}

std::optional<int> month_number(Scanner& in)
{
    auto index = in.one_of(months);
    if (!index) return {};
    return static_cast<int>(*index) + 1;
}

// A blank or no zero before a day of one digit.
std::optional<int> day_of_month(Scanner& in)
{
    if (auto day = in.number(2)) return day;
    in.skip(" ");
    return in.number(1);
}

// Of two digits. RFC 9110 wants the one that is at most 50 years ahead; for dates near ours this is the same
// and needs no clock.
std::optional<int> short_year(Scanner& in)
{
    auto year = in.number(2);
    if (!year) return {};
    return *year < 70 ? 2000 + *year : 1900 + *year;
}

// The rest of a date of HTTP behind its day: the time, and the name of its zone.
std::optional<seconds> time_in_gmt(Scanner& in)
{
    if (!in.skip(" ")) return {};
    auto clock = time_of_day(in);
    if (!clock || !in.skip(" ") || !in.one_of(names_of_gmt) || !in.done()) return {};
    return clock;
}

std::optional<Time> time_of(std::optional<sys_days> day, std::optional<seconds> clock)
{
    if (!day || !clock) return {};
    return Time(*day + *clock);
}

std::optional<Time> imf_fixdate(Scanner in)
{
    if (!in.one_of(weekdays) || !in.skip(", ")) return {};
    auto d = day_of_month(in);
    if (!d || !in.skip(" ")) return {};
    auto m = month_number(in);
    if (!m || !in.skip(" ")) return {};
    auto y = in.number(4);
    if (!y) return {};
    return time_of(date(*y, *m, *d), time_in_gmt(in));
}

std::optional<Time> rfc850_date(Scanner in)
{
    if (!in.one_of(long_weekdays) || !in.skip(", ")) return {};
    auto d = day_of_month(in);
    if (!d || !in.skip("-")) return {};
    auto m = month_number(in);
    if (!m || !in.skip("-")) return {};
    auto y = short_year(in);
    if (!y) return {};
    return time_of(date(*y, *m, *d), time_in_gmt(in));
}

std::optional<Time> asctime_date(Scanner in)
{
    if (!in.one_of(weekdays) || !in.skip(" ")) return {};
    auto m = month_number(in);
    if (!m || !in.skip(" ")) return {};
    auto d = day_of_month(in);
    if (!d || !in.skip(" ")) return {};
    auto clock = time_of_day(in);
    if (!clock || !in.skip(" ")) return {};
    auto y = in.number(4);
    if (!y || !in.done()) return {};
    return time_of(date(*y, *m, *d), clock);
}

}  // namespace

std::string to_iso(Time time)
{
    std::string out;
    append_iso(out, time);
    return out;
}

Result<Time> parse_iso(std::string_view text)
{
    Scanner in(text);
    auto y = in.number(4);
    if (!y || !in.skip("-")) return errc::bad_time;
    auto m = in.number(2);
    if (!m || !in.skip("-")) return errc::bad_time;
    auto d = in.number(2);
    if (!d || !(in.skip("T") || in.skip("t") || in.skip(" "))) return errc::bad_time;
    auto day = date(*y, *m, *d);
    auto clock = time_of_day(in);
    if (!day || !clock) return errc::bad_time;
    auto part = fraction(in);
    if (!part) return errc::bad_time;
    auto zone = offset(in);
    if (!zone || !in.done()) return errc::bad_time;
    return Time(*day + *clock + *part - *zone);
}

std::string to_http_date(Time time)
{
    auto day = floor<days>(time);
    year_month_day ymd(day);
    hh_mm_ss clock(floor<seconds>(time - day));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", weekdays[weekday(day).c_encoding()],
                       static_cast<unsigned>(ymd.day()), months[static_cast<unsigned>(ymd.month()) - 1],
                       static_cast<int>(ymd.year()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

Result<Time> parse_http_date(std::string_view text)
{
    for (auto form : {imf_fixdate, rfc850_date, asctime_date})
        if (auto time = form(Scanner(text))) return *time;
    return errc::bad_time;
}

}  // namespace tidings::base
