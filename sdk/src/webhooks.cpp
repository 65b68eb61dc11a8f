// SPDX-License-Identifier: Apache-2.0
#include "tidings/webhooks.hpp"

#include "answers.hpp"
#include "call.hpp"
#include "fields.hpp"
#include "reading.hpp"

namespace tidings {

template <>
std::span<const std::string_view> texts_of<HttpMethod>() noexcept
{
    static constexpr std::string_view texts[] = {"", "GET", "POST", "PUT", "PATCH", "DELETE"};
    return texts;
}

template <>
std::span<const std::string_view> texts_of<Encoding>() noexcept
{
    static constexpr std::string_view texts[] = {"", "JSON", "FORM_ENCODED", "XML"};
    return texts;
}

template <>
std::span<const std::string_view> texts_of<Event>() noexcept
{
    static constexpr std::string_view texts[] = {"",
                                                 "RECEIVED_SMS",
                                                 "RECEIVED_MMS",
                                                 "OPT_OUT_SMS",
                                                 "ENROUTE_DR",
                                                 "SUBMITTED_DR",
                                                 "DELIVERED_DR",
                                                 "EXPIRED_DR",
                                                 "REJECTED_DR",
                                                 "FAILED_DR"};
    return texts;
}

namespace detail {

template <class Visitor, class W>
void changeable_fields(Visitor& visit, W& webhook)
{
    visit("url", webhook.url);
    visit("method", webhook.method);
    visit("encoding", webhook.encoding);
    visit("events", webhook.events);
    visit("headers", webhook.headers);
    visit("template", webhook.template_text);
}

template <class Visitor, class W>
void webhook_fields(Visitor& visit, W& webhook)
{
    changeable_fields(visit, webhook);
    visit("read_timeout", webhook.read_timeout);
    visit("retries", webhook.retries);
    visit("retry_delay", webhook.retry_delay);
}

template <class Visitor>
void all_fields(Visitor& visit, Webhook& webhook)
{
    webhook_fields(visit, webhook);
    visit("id", webhook.id);
}

template <class Visitor>
void all_fields(Visitor& visit, SignatureKey& key)
{
    visit("key_id", key.key_id);
    visit("public_key", key.public_key);
    visit("cipher", key.cipher);
    visit("digest", key.digest);
    visit("created", key.created);
    visit("enabled", key.enabled);
}

template <class Visitor>
void all_fields(Visitor& visit, Authorisation& authorisation)
{
    visit("number", authorisation.number);
    visit("authorised", authorisation.authorised);
}

namespace {

constexpr const char* webhooks_path = "/v1/webhooks/messages";
constexpr const char* keys_path = "/v1/iam/signature_keys";
constexpr const char* numbers_path = "/v1/number_authorisation";
constexpr std::size_t blocked_max = 10;  // numbers of one request

Request writing(http::verb method, std::string target, const json::object& body)
{
    Request request{.method = method, .target = std::move(target)};
    if (!body.empty()) request.body = json::serialize(body);
    return request;
}

// Below a path; an empty name would mean another resource.
Result<std::string> below(const char* path, const std::string& name)
{
    if (name.empty()) return bad_argument("what is meant has no name");
    return std::string(path) + "/" + encoded(name);
}

template <class T>
Operation<T> reading_below(std::shared_ptr<Core> core, const Result<std::string>& path, Parse<T> parse)
{
    if (!path) return operation<T>(std::move(core), path.error(), parse);
    return operation<T>(std::move(core), reading(*path), parse);
}

Operation<void> removing_below(std::shared_ptr<Core> core, const Result<std::string>& path)
{
    if (!path) return operation<void>(std::move(core), path.error(), &parse_nothing);
    return operation<void>(std::move(core), writing(http::verb::delete_, *path, {}), &parse_nothing);
}

std::string paged(const char* path, std::size_t page, std::size_t page_size)
{
    return std::string(path) + "?page=" + std::to_string(page) + "&page_size=" + std::to_string(page_size);
}

Result<std::vector<Webhook>> parse_webhooks(const Answer& answer)
{
    return parse_list<Webhook>(answer, "pageData");
}

// The one answer of the API that is a bare array.
Result<std::vector<SignatureKey>> parse_keys(const Answer& answer)
{
    Answer wrapped = answer;
    wrapped.body = R"({"keys":)" + answer.body + "}";
    return parse_list<SignatureKey>(wrapped, "keys");
}

Result<std::vector<Authorisation>> parse_authorisations(const Answer& answer)
{
    return parse_list<Authorisation>(answer, "numbers");
}

// The next page is told by a URI, of which the token is wanted.
std::string token_in(std::string_view uri)
{
    constexpr std::string_view parameter = "token=";
    auto at = uri.find(parameter);
    if (at == uri.npos) return {};
    uri.remove_prefix(at + parameter.size());
    return std::string(uri.substr(0, uri.find('&')));
}

Result<OptedOut> parse_opted_out(const Answer& answer)
{
    return with_object(answer, [](const json::object& object) -> Result<OptedOut> {
        OptedOut made;
        Reader reader{json::object(object)};
        json::object pagination;
        std::string next_uri;
        reader("numbers", made.numbers);
        reader("pagination", pagination);
        Reader{pagination}("next_uri", next_uri);
        made.next = token_in(next_uri);
        return made;
    });
}

}  // namespace

}  // namespace detail

using namespace detail;

Operation<Webhook> Webhooks::creating(Webhook webhook) const
{
    Writer writer;
    webhook_fields(writer, webhook);
    return operation<Webhook>(core_, writing(http::verb::post, webhooks_path, writer.take()),
                              &parse_object<Webhook>);
}

Operation<std::vector<Webhook>> Webhooks::listing(std::size_t page, std::size_t page_size) const
{
    return operation<std::vector<Webhook>>(core_, reading(paged(webhooks_path, page, page_size)),
                                           &parse_webhooks);
}

Operation<Webhook> Webhooks::getting(std::string id) const
{
    return reading_below<Webhook>(core_, below(webhooks_path, id), &parse_object<Webhook>);
}

Operation<Webhook> Webhooks::updating(std::string id, WebhookChange change) const
{
    auto path = below(webhooks_path, id);
    if (!path) return operation<Webhook>(core_, path.error(), &parse_object<Webhook>);
    Writer writer;
    changeable_fields(writer, change);
    return operation<Webhook>(core_, writing(http::verb::patch, *path, writer.take()),
                              &parse_object<Webhook>);
}

Operation<void> Webhooks::removing(std::string id) const
{
    return removing_below(core_, below(webhooks_path, id));
}

Operation<SignatureKey> SignatureKeys::creating(std::string digest) const
{
    json::object body{{"digest", digest}, {"cipher", "RSA"}};
    return operation<SignatureKey>(core_, writing(http::verb::post, keys_path, body),
                                   &parse_object<SignatureKey>);
}

Operation<std::vector<SignatureKey>> SignatureKeys::listing(std::size_t page, std::size_t page_size) const
{
    return operation<std::vector<SignatureKey>>(core_, reading(paged(keys_path, page, page_size)),
                                                &parse_keys);
}

Operation<SignatureKey> SignatureKeys::getting(std::string key_id) const
{
    return reading_below<SignatureKey>(core_, below(keys_path, key_id), &parse_object<SignatureKey>);
}

Operation<void> SignatureKeys::removing(std::string key_id) const
{
    return removing_below(core_, below(keys_path, key_id));
}

Operation<SignatureKey> SignatureKeys::enabling(std::string key_id) const
{
    std::string path = std::string(keys_path) + "/enabled";
    return operation<SignatureKey>(core_, writing(http::verb::patch, path, {{"key_id", key_id}}),
                                   &parse_object<SignatureKey>);
}

Operation<OptedOut> NumberAuthorisation::listing(std::string token) const
{
    std::string path = std::string(numbers_path) + "/mt/blacklist";
    if (!token.empty()) path += "?token=" + token;
    if (!is_header_value(path) || path.find(' ') != path.npos)
        return operation<OptedOut>(core_, bad_argument("that is no token of a page"), &parse_opted_out);
    return operation<OptedOut>(core_, reading(path), &parse_opted_out);
}

Operation<void> NumberAuthorisation::blocking(std::vector<std::string> numbers) const
{
    if (numbers.empty() || numbers.size() > blocked_max)
        return operation<void>(core_, bad_argument("one request blocks 1 to 10 numbers"), &parse_nothing);
    json::object body{{"numbers", written(numbers)}};
    Request request = writing(http::verb::post, std::string(numbers_path) + "/mt/blacklist", body);
    request.is_repeatable = true;
    return operation<void>(core_, std::move(request), &parse_nothing);
}

Operation<void> NumberAuthorisation::unblocking(std::string number) const
{
    return removing_below(core_, below("/v1/number_authorisation/mt/blacklist", number));
}

Operation<std::vector<Authorisation>> NumberAuthorisation::checking(std::vector<std::string> numbers) const
{
    std::string list;
    for (const std::string& number : numbers) list.append(list.empty() ? "" : ",").append(encoded(number));
    if (list.empty())
        return operation<std::vector<Authorisation>>(core_, bad_argument("there is no number to check"),
                                                     &parse_authorisations);
    std::string path = std::string(numbers_path) + "/is_authorised/" + list;
    return operation<std::vector<Authorisation>>(core_, reading(path), &parse_authorisations);
}

}  // namespace tidings
