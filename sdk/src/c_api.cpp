// SPDX-License-Identifier: Apache-2.0
// tidings/client.h over the same core. No exception leaves a function of it.
#include "tidings/client.h"

#include "call.hpp"
#include "json.hpp"
#include "tidings/segments.hpp"
#include "tidings/signature.hpp"

#include <boost/json/parse.hpp>

#include <cstring>

struct tidings_client {
    std::shared_ptr<tidings::detail::Core> core;
};

namespace tidings::detail {

namespace {

tidings_code code_of(const Error& error)
{
    if (error.code == errc::refused) return TIDINGS_REFUSED;
    if (error.code == errc::timed_out) return TIDINGS_TIMED_OUT;
    if (error.code == errc::bad_answer) return TIDINGS_BAD_ANSWER;
    if (error.code == errc::bad_argument) return TIDINGS_BAD_ARGUMENT;
    if (error.code == errc::bad_signature) return TIDINGS_BAD_SIGNATURE;
    return TIDINGS_UNREACHABLE;
}

std::string json_of(const Error& error)
{
    json::object object{{"message", error.message}};
    if (!error.details.empty()) object["details"] = written(error.details);
    if (error.status) object["status"] = error.status;
    if (!error.request_id.empty()) object["request_id"] = error.request_id;
    if (error.retry_after) object["retry_after"] = error.retry_after->count();
    return json::serialize(object);
}

void give(const std::string& text, char** answer) noexcept
{
    if (answer) *answer = strdup(text.c_str());
}

// Does `work`, which gives the answer's text or throws an Error.
template <class Work>
tidings_code guarded(char** answer, Work work) noexcept
{
    if (answer) *answer = nullptr;
    try {
        give(work(), answer);
        return TIDINGS_OK;
    } catch (const Error& error) {
        give(json_of(error), answer);
        return code_of(error);
    } catch (const std::exception& error) {
        give(json_of(Error(errc::bad_argument, error.what())), answer);
        return TIDINGS_FAILED;
    }
}

std::string required(const char* text, const char* name)
{
    if (!text || !*text) throw bad_argument(std::string(name) + " is missing");
    return text;
}

json::object parsed(const char* text, const char* name)
{
    boost::system::error_code error;
    json::value value = json::parse(required(text, name), error);
    if (error || !value.is_object()) throw bad_argument(std::string(name) + " is no JSON object");
    return std::move(value.get_object());
}

Credentials credentials_of(Reader& read)
{
    std::string key, secret, scheme = "basic";
    read("key", key);
    read("secret", secret);
    read("scheme", scheme);
    if (scheme == "basic") return Basic{key, secret};
    if (scheme == "hmac-sha256") return Hmac{key, secret};
    if (scheme == "hmac-sha1") return Hmac{key, secret, Digest::sha1};
    throw bad_argument("the scheme is neither basic nor hmac-sha256 nor hmac-sha1");
}

void read_milliseconds(Reader& read, std::string_view name, std::chrono::milliseconds& time)
{
    std::optional<std::int64_t> given;
    read(name, given);
    if (given) time = std::chrono::milliseconds(*given);
}

Options options_of(const char* text)
{
    Reader read(text ? parsed(text, "options") : json::object());
    Options options;
    options.credentials = credentials_of(read);
    read("base_uri", options.base_uri);
    read("account", options.account);
    read("ca_file", options.ca_file);
    read_milliseconds(read, "timeout_ms", options.timeout);
    read_milliseconds(read, "connect_timeout_ms", options.connect_timeout);
    std::optional<std::int64_t> attempts;
    read("attempts_max", attempts);
    if (attempts) options.retries.attempts_max = static_cast<int>(*attempts);
    for (const auto& field : read.rest())
        throw bad_argument("there is no option " + std::string(field.key()));
    return options;
}

Result<std::string> take_body(const Answer& answer) { return answer.body.empty() ? "{}" : answer.body; }

std::string exchange(tidings_client* client, Request request)
{
    if (!client) throw bad_argument("there is no client");
    return wait(operation<std::string>(client->core, std::move(request), &take_body)).value();
}

std::string message_path(const char* message_id)
{
    return "/v1/messages/" + encoded(required(message_id, "the message's id"));
}

}  // namespace

}  // namespace tidings::detail

using namespace tidings;
using namespace tidings::detail;

tidings_code tidings_client_new(const char* options, tidings_client** client, char** answer)
{
    return guarded(answer, [options, client] {
        if (!client) throw bad_argument("there is no place for the client");
        *client = nullptr;
        *client = new tidings_client{std::make_shared<Core>(options_of(options))};
        return std::string("{}");
    });
}

void tidings_client_free(tidings_client* client) { delete client; }

tidings_code tidings_send(tidings_client* client, const char* messages, const char* idempotency_key,
                          char** answer)
{
    return guarded(answer, [=] {
        Request request;
        request.method = http::verb::post;
        request.target = "/v1/messages";
        request.body = json::serialize(parsed(messages, "messages"));
        request.idempotency_key = idempotency_key ? idempotency_key : "";
        request.is_repeatable = !request.idempotency_key.empty();
        if (request.is_repeatable && !is_header_value(request.idempotency_key))
            throw bad_argument("the idempotency key has characters that cannot be sent");
        return exchange(client, std::move(request));
    });
}

tidings_code tidings_get_message(tidings_client* client, const char* message_id, char** answer)
{
    return guarded(answer, [=] { return exchange(client, reading(message_path(message_id))); });
}

tidings_code tidings_cancel_message(tidings_client* client, const char* message_id, char** answer)
{
    return guarded(answer, [=] {
        Request request{.method = http::verb::put, .target = message_path(message_id)};
        request.body = R"({"status":"cancelled"})";
        return exchange(client, std::move(request));
    });
}

tidings_code tidings_list_replies(tidings_client* client, char** answer)
{
    return guarded(answer, [=] { return exchange(client, reading("/v1/replies")); });
}

tidings_code tidings_list_delivery_reports(tidings_client* client, char** answer)
{
    return guarded(answer, [=] { return exchange(client, reading("/v1/delivery_reports")); });
}

namespace {

tidings_code confirm(tidings_client* client, const char* target, const char* ids, char** answer)
{
    return guarded(answer, [=] {
        Request request{.method = http::verb::post, .target = target};
        request.body = json::serialize(parsed(ids, "ids"));
        request.is_repeatable = true;
        return exchange(client, std::move(request));
    });
}

}  // namespace

tidings_code tidings_confirm_replies(tidings_client* client, const char* ids, char** answer)
{
    return confirm(client, "/v1/replies/confirmed", ids, answer);
}

tidings_code tidings_confirm_delivery_reports(tidings_client* client, const char* ids, char** answer)
{
    return confirm(client, "/v1/delivery_reports/confirmed", ids, answer);
}

tidings_code tidings_credits(tidings_client* client, char** answer)
{
    return guarded(answer, [=] { return exchange(client, reading("/v1/messaging/credits")); });
}

tidings_code tidings_call(tidings_client* client, const char* method, const char* target, const char* body,
                          char** answer)
{
    return guarded(answer, [=] {
        Request request;
        request.method = http::string_to_verb(required(method, "the method"));
        request.target = required(target, "the target");
        bool is_target = is_header_value(request.target) && request.target.starts_with('/') &&
                         request.target.find(' ') == std::string::npos;
        if (request.method == http::verb::unknown) throw bad_argument("the method is none of HTTP");
        if (!is_target) throw bad_argument("the target is no path");
        if (body) request.body = json::serialize(parsed(body, "the body"));
        request.is_repeatable = request.method == http::verb::get;
        return exchange(client, std::move(request));
    });
}

size_t tidings_count_segments(const char* text) { return count_segments(text ? text : "").count; }

tidings_code tidings_verify_webhook(const char* id, const char* timestamp, const char* signature,
                                    const char* body, const char* secret)
{
    return guarded(nullptr, [=] {
        auto view = [](const char* text) { return std::string_view(text ? text : ""); };
        StandardWebhook webhook{
            .id = view(id), .timestamp = view(timestamp), .signature = view(signature), .body = view(body)};
        verify(webhook, view(secret)).value();
        return std::string();
    });
}

void tidings_free(char* answer) { free(answer); }
