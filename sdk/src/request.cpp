// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include "time.hpp"

#include <boost/beast/http/status.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>

namespace tidings::detail {

namespace json = boost::json;

namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";  // RFC 3986, 2.3

// A sentence for answers that do not say what is wrong: those of a proxy, for instance.
std::string usual_message(int status)
{
    auto reason = http::obsolete_reason(static_cast<http::status>(status));
    return "HTTP " + std::to_string(status) + (reason.empty() ? "" : " " + std::string(reason));
}

}  // namespace

std::string encoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        if (unreserved.find(c) != unreserved.npos) {
            out += c;
        } else {
            auto octet = static_cast<unsigned char>(c);
            out.append({'%', digits[octet >> 4], digits[octet & 15]});
        }
    }
    return out;
}

std::optional<std::chrono::seconds> wait_asked_by(const Answer& answer)
{
    const std::string& text = answer.retry_after;
    if (text.empty()) return {};
    unsigned seconds = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc() && end == text.data() + text.size()) return std::chrono::seconds(seconds);
    auto time = parse_http_date(text);
    if (!time) return {};
    return std::max(std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(*time - now()));
}

Error refusal(const Answer& answer)
{
    Error error(errc::refused, usual_message(answer.status));
    error.status = answer.status;
    error.request_id = answer.request_id;
    error.retry_after = wait_asked_by(answer);
    boost::system::error_code not_json;
    json::value body = json::parse(answer.body, not_json);
    if (const json::object* fields = not_json ? nullptr : body.if_object()) {
        if (const json::value* message = fields->if_contains("message"); message && message->is_string())
            error.message = json::value_to<std::string>(*message);
        if (const json::value* details = fields->if_contains("details"); details && details->is_array())
            for (const json::value& line : details->get_array())
                if (line.is_string()) error.details.push_back(json::value_to<std::string>(line));
    }
    error.describe();
    return error;
}

}  // namespace tidings::detail
