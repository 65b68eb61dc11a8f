// SPDX-License-Identifier: Apache-2.0
// Two forms of time are read and written: ISO 8601 as the API has it, and the date of HTTP (RFC 9110,
// 5.6.7). Reading is lenient where clients are known to differ: a blank for the T, offsets with and without
// a colon, none at all for UTC, a day of one digit in HTTP dates. Everything else is refused; nothing is
// guessed. Times are in milliseconds, so that digits beyond are cut off.
#include "base/time.hpp"

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

}  // namespace

std::string to_iso(Time time)
{
    auto day = floor<days>(time);
    year_month_day ymd(day);
    hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(ymd.year()),
                       static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
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
    Scanner in(text);
    if (!in.one_of(weekdays) || !in.skip(", ")) return errc::bad_time;
    auto d = in.number(2);
    if (!d) d = in.number(1);  // some clients drop the leading zero
    if (!d || !in.skip(" ")) return errc::bad_time;
    auto m = in.one_of(months);
    if (!m || !in.skip(" ")) return errc::bad_time;
    auto y = in.number(4);
    if (!y || !in.skip(" ")) return errc::bad_time;
    auto day = date(*y, static_cast<int>(*m) + 1, *d);
    auto clock = time_of_day(in);
    if (!day || !clock || !in.skip(" GMT") || !in.done()) return errc::bad_time;
    return Time(*day + *clock);
}

}  // namespace tidings::base
