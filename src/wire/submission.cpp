// SPDX-License-Identifier: Apache-2.0
// The body of POST /v1/messages, field by field. The table below has one row for each field, in the order in
// which faults are told; a reader takes the value over or says what is wrong with it. The sentences are
// those of the service, since people have built on them: which fault has which words, whether a full stop
// follows, and that the callback URL is called callbackUrl in its own.
//
// All faults of all messages are told at once. What depends on another field (media on the format, the
// source on its type) is judged only where the other one is known to be good, so that one mistake is one
// line.
//
// Some clients send what the reference does not have. Such leniencies are named and can be switched off
// (Leniency).
#include "wire/submission.hpp"

#include "message/national_plan.hpp"
#include "text/unicode.hpp"
#include "wire/body.hpp"
#include "wire/http_url.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace tidings::wire {

namespace {

namespace json = boost::json;
using message::Format;
using message::SourceType;
using message::Submission;
using namespace std::chrono_literals;

constexpr std::size_t number_digits_min = 8;
constexpr std::size_t shortcode_digits_min = 3;
constexpr std::size_t shortcode_digits_max = 8;
// Times are written back with four digits of the year.
constexpr base::Time first_time = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr base::Time end_of_time = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);
constexpr double exact_max = 9007199254740992.0;  // 2^53: beyond it a number of JSON has lost digits

// A parsed body in one piece of memory, most of it on the stack.
class Document {
public:
    explicit Document(std::string_view body)
        : memory_(first_block_, sizeof first_block_), object_(parse_object(body, &memory_))
    {
    }

    const json::object* object() const { return object_ ? &*object_ : nullptr; }
    Faults faults() const { return faults_of(object_.error()); }  // without an object

private:
    unsigned char first_block_[16384];
    json::monotonic_resource memory_;
    base::Result<json::object, BadBody> object_;
};

// The value of a field; nullptr when it is absent or null, which are the same here.
const json::value* find(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    return value && !value->is_null() ? value : nullptr;
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

bool equal_in_any_case(std::string_view one, std::string_view other)
{
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(one, other, {}, lower, lower);
}

// Where the faults of one message go, and what is forgiven in it.
class Check {
public:
    struct Basis {
        const Leniency& leniency;
        std::string_view country;  // as parse_submissions() has it
    };
    Check(std::size_t index, const Basis& basis, Faults& faults)
        : leniency(basis.leniency),
          country(basis.country),
          index_(index),
          faults_(faults),
          begin_(faults.details.size())
    {
    }

    void say(std::string_view field, std::string_view sentence)
    {
        // Two faults of one field are one line, with a comma between, as the service writes them.
        std::string pointer = fmt::format("/messages/{}/{}: ", index_, field);
        auto said =
            std::find_if(faults_.details.begin() + static_cast<std::ptrdiff_t>(begin_), faults_.details.end(),
                         [&pointer](const std::string& line) { return line.starts_with(pointer); });
        if (said == faults_.details.end()) {
            faults_.details.push_back(fmt::format("{}{}.", pointer, sentence));
        } else {
            said->pop_back();
            said->append(", ").append(sentence).append(".");
        }
    }
    // The service's own line about a callback URL: another name of the field, and no full stop.
    void say_bad_callback_url()
    {
        faults_.details.push_back(fmt::format("/messages/{}/callbackUrl: Invalid callback url", index_));
    }

    const Leniency& leniency;
    const std::string_view country;
    bool format_known = true;  // false: what depends on the format is not judged

private:
    std::size_t index_;
    Faults& faults_;
    std::size_t begin_;  // of this message's lines
};

std::optional<std::string_view> read_text(const json::value& value, std::string_view field,
                                          std::string_view label, Check& check)
{
    if (const json::string* text = value.if_string()) return view(*text);
    check.say(field, fmt::format("{} must be a string", label));
    return {};
}

// Text that goes to a handset as it is, where nothing can show a null character.
std::optional<std::string_view> read_shown_text(const json::value& value, std::string_view field,
                                                std::string_view label, Check& check)
{
    auto text = read_text(value, field, label, check);
    if (text && text->find('\0') != text->npos)
        check.say(field, fmt::format("{} must not contain null characters", label));
    return text;
}

void read_content(const json::value& value, Submission& out, Check& check)
{
    auto text = read_shown_text(value, "content", "Content", check);
    if (!text) return;
    if (text->empty() || text::code_points(*text) > message::content_max)
        return check.say("content",
                         fmt::format("Content must be between 1 and {} characters", message::content_max));
    out.content = *text;
}

// What is wrong with an international number, in the words of the service; empty when nothing is.
std::string number_faults(std::string_view number)
{
    if (number.starts_with('+')) number.remove_prefix(1);
    std::string sentences;
    if (number.size() < number_digits_min || number.size() > message::number_digits_max)
        sentences = "International address must be between 8 and 15 characters excluding the first '+'";
    if (number.find_first_not_of("0123456789") != number.npos) {
        if (!sentences.empty()) sentences += ", ";
        sentences += "International address contains invalid characters";
    }
    if (sentences.empty() && message::lacks_country(number))
        return "International address must begin with a country code, as +61491570156; a number without one "
               "needs an account with a country";
    return sentences;
}

// Gives `number` the form that all behind works with, and keeps what stood there if that was a national one.
void make_international(std::string& number, std::string& as_written, std::string_view country)
{
    if (country.empty()) return;
    std::string digits = message::e164_digits(number, country);
    if (digits == message::digits_of(number)) return;
    as_written = std::exchange(number, "+" + digits);
}

void read_destination(const json::value& value, Submission& out, Check& check)
{
    auto number = read_text(value, "destination_number", "Destination number", check);
    if (!number) return;
    out.destination = *number;
    make_international(out.destination, out.written_destination, check.country);
    std::string sentences = number_faults(out.destination);
    if (!sentences.empty()) check.say("destination_number", sentences);
}

void read_callback_url(const json::value& value, Submission& out, Check& check)
{
    const json::string* url = value.if_string();
    if (!url) return check.say_bad_callback_url();
    if (text::code_points(view(*url)) > message::callback_url_max)
        return check.say("callback_url", fmt::format("Callback url must be at most {} characters",
                                                     message::callback_url_max));
    if (!is_http_url(view(*url))) return check.say_bad_callback_url();
    out.callback_url = view(*url);
}

void read_delivery_report(const json::value& value, Submission& out, Check& check)
{
    const json::string* word = check.leniency.boolean_text ? value.if_string() : nullptr;
    bool yes = word && equal_in_any_case(view(*word), "true");
    bool no = word && equal_in_any_case(view(*word), "false");
    if (!value.is_bool() && !yes && !no)
        return check.say("delivery_report", "Delivery report must be true or false");
    out.delivery_report = value.is_bool() ? value.get_bool() : yes;
}

void read_format(const json::value& value, Submission& out, Check& check)
{
    const json::value* word = &value;
    const json::array* list = check.leniency.format_list ? value.if_array() : nullptr;
    if (list && list->size() == 1) word = &list->front();
    if (const json::string* text = word->if_string())
        for (Format format : {Format::sms, Format::mms, Format::tts})
            if (check.leniency.format_case ? equal_in_any_case(view(*text), name(format))
                                           : view(*text) == name(format)) {
                out.format = format;
                return;
            }
    check.format_known = false;
    check.say("format", "Format must be one of SMS, MMS or TTS");
}

// Media are links. Each is judged by itself, so that a client learns which of them is bad.
void read_media(const json::value& value, Submission& out, Check& check)
{
    const json::array* list = value.if_array();
    if (!list) return check.say("media", "Media must be a list of urls");
    if (list->empty()) return check.say("media", "Media must not be empty");
    if (check.format_known && out.format != Format::mms)
        check.say("media", "Media is only valid when format is MMS");
    // And no further: each of too many URLs could be wrong, too, and would be a line of its own.
    if (list->size() > message::media_max)
        return check.say("media", fmt::format("Media must be at most {} urls", message::media_max));
    for (std::size_t i = 0; i < list->size(); ++i) {
        const json::string* url = (*list)[i].if_string();
        if (url && text::code_points(view(*url)) > message::media_url_max)
            check.say(fmt::format("media/{}", i),
                      fmt::format("Media url must be at most {} characters", message::media_url_max));
        else if (url && is_http_url(view(*url)))
            out.media.emplace_back(view(*url));
        else
            check.say(fmt::format("media/{}", i), "Invalid media url");
    }
}

void read_subject(const json::value& value, Submission& out, Check& check)
{
    auto text = read_shown_text(value, "subject", "Subject", check);
    if (!text) return;
    if (text->empty()) return check.say("subject", "Subject must not be empty");
    if (text::code_points(*text) > message::subject_max)
        return check.say("subject",
                         fmt::format("Subject must be at most {} characters", message::subject_max));
    out.subject = *text;
}

// What programs write without quotes becomes the text that they would show for it. Nothing: it is neither, or
// a number of which the parser has lost digits, such as an id of 20 of them.
std::optional<std::string> metadata_text(const json::value& value, const Leniency& leniency)
{
    if (const json::string* text = value.if_string()) return std::string(view(*text));
    if (!leniency.metadata_values) return {};
    if (const bool* yes = value.if_bool()) return *yes ? "true" : "false";
    if (const auto* number = value.if_int64()) return std::to_string(*number);
    if (const auto* number = value.if_uint64()) return std::to_string(*number);
    if (const double* number = value.if_double(); number && std::abs(*number) < exact_max)
        return fmt::format("{}", *number);
    return {};
}

// Each kind of fault is told once.
void say_metadata_faults(const json::object& pairs, Check& check)
{
    bool long_key = false, no_string = false, long_value = false, null_character = false;
    for (const auto& [key, value] : pairs) {
        std::string_view name(key.data(), key.size());
        long_key |= text::code_points(name) > message::metadata_key_max;
        null_character |= name.find('\0') != name.npos;
        auto text = metadata_text(value, check.leniency);
        no_string |= !text;
        long_value |= text && text::code_points(*text) > message::metadata_value_max;
        null_character |= text && text->find('\0') != text->npos;
    }
    auto say = [&check](bool fault, std::string_view sentence) {
        if (fault) check.say("metadata", sentence);
    };
    say(pairs.size() > message::metadata_pairs_max,
        fmt::format("Metadata must be at most {} pairs", message::metadata_pairs_max));
    say(long_key, fmt::format("Metadata key must be at most {} characters", message::metadata_key_max));
    say(long_value, fmt::format("Metadata value must be at most {} characters", message::metadata_value_max));
    say(no_string, "Metadata value must be a string");
    say(null_character, "Metadata must not contain null characters");
}

void read_metadata(const json::value& value, Submission& out, Check& check)
{
    // PHP writes an empty map as [].
    if (const json::array* list = value.if_array(); list && list->empty()) return;
    const json::object* pairs = value.if_object();
    if (!pairs) return check.say("metadata", "Metadata must be an object of strings");
    say_metadata_faults(*pairs, check);
    out.metadata.reserve(pairs->size());
    for (const auto& [key, value] : *pairs)
        if (auto text = metadata_text(value, check.leniency))
            out.metadata.emplace_back(std::string(key.data(), key.size()), std::move(*text));
}

// Nothing: it is no time.
std::optional<base::Time> time_of(const json::value& value, const Leniency& leniency)
{
    if (const json::string* text = value.if_string()) {
        auto time = base::parse_iso(view(*text));
        return time ? std::optional(*time) : std::nullopt;
    }
    const std::int64_t* seconds = leniency.unix_times ? value.if_int64() : nullptr;
    // Milliseconds, which some languages count in, are of no year that there is, and are refused.
    bool is_in_range = seconds && *seconds >= 0 && *seconds < end_of_time.time_since_epoch() / 1s;
    return is_in_range ? std::optional(base::Time(*seconds * 1s)) : std::nullopt;
}

std::optional<base::Time> read_time(const json::value& value, std::string_view field, std::string_view label,
                                    Check& check)
{
    if (auto time = time_of(value, check.leniency); time && *time >= first_time && *time < end_of_time)
        return time;
    check.say(field, fmt::format("{} must be an ISO 8601 date and time", label));
    return {};
}

void read_scheduled(const json::value& value, Submission& out, Check& check)
{
    out.scheduled = read_time(value, "scheduled", "Scheduled", check);
}

void read_expiry(const json::value& value, Submission& out, Check& check)
{
    out.expiry = read_time(value, "message_expiry_timestamp", "Message expiry timestamp", check);
}

void read_source(const json::value& value, Submission& out, Check& check)
{
    auto text = read_text(value, "source_number", "Source number", check);
    if (!text) return;
    if (text->empty()) return check.say("source_number", "Source number must not be empty");
    out.source = *text;
}

void read_source_type(const json::value& value, Submission& out, Check& check)
{
    if (const json::string* text = value.if_string())
        for (SourceType type : {SourceType::international, SourceType::alphanumeric, SourceType::shortcode})
            if (view(*text) == name(type)) {
                out.source_type = type;
                return;
            }
    check.say("source_number_type",
              "Source number type must be one of INTERNATIONAL, ALPHANUMERIC or SHORTCODE");
}

// What is asked of a source depends on its type, which is said or can be seen.
std::string source_faults(std::string_view source, SourceType type)
{
    switch (type) {
    case SourceType::international: return number_faults(source);
    case SourceType::shortcode:
        if (source.size() >= shortcode_digits_min && source.size() <= shortcode_digits_max &&
            source.find_first_not_of("0123456789") == source.npos)
            return {};
        return fmt::format("Shortcode must be between {} and {} digits", shortcode_digits_min,
                           shortcode_digits_max);
    case SourceType::alphanumeric: {
        if (message::is_sender_name(source)) return {};
        return fmt::format("Alphanumeric source number must be at most {} characters of the GSM alphabet",
                           message::alphanumeric_septets_max);
    }
    }
    std::abort();
}

// What an empty text or list in the place of a value stands for. Where it stands for nothing at all, a client
// that fills in a form has left it empty. An empty time does not: to send at once what may be meant for later
// is worse than to refuse it.
enum class Empty { is_a_value, is_absent };

struct Field {
    std::string_view name;
    void (*read)(const json::value& value, Submission& out, Check& check);
    std::string_view missing = {};  // what to say when it is absent; nothing: it may be
    Empty empty = Empty::is_a_value;
};

constexpr Field source_number_type{"source_number_type", read_source_type, {}, Empty::is_absent};

// In the order in which faults are told.
constexpr Field fields[] = {
    {"content", read_content, "Content cannot be null"},
    {"destination_number", read_destination, "Destination number cannot be null"},
    {"callback_url", read_callback_url, {}, Empty::is_absent},
    {"delivery_report", read_delivery_report},
    {"format", read_format},
    {"media", read_media, {}, Empty::is_absent},
    {"subject", read_subject, {}, Empty::is_absent},
    {"message_expiry_timestamp", read_expiry},
    {"metadata", read_metadata},
    {"scheduled", read_scheduled},
    {"source_number", read_source, {}, Empty::is_absent},
    source_number_type,
};

bool is_empty(const json::value& value)
{
    const json::string* text = value.if_string();
    const json::array* list = value.if_array();
    return (text && text->empty()) || (list && list->empty());
}

// nullptr: it is absent, or what stands there means that it is. A required field may not be null, with or
// without leniency.
const json::value* find_given(const json::object& object, const Field& field, const Leniency& leniency)
{
    const json::value* value = object.if_contains(field.name);
    if (!value) return nullptr;
    bool is_absent = value->is_null() && (!field.missing.empty() || leniency.null_fields);
    is_absent |= field.empty == Empty::is_absent && leniency.empty_fields && is_empty(*value);
    return is_absent ? nullptr : value;
}

Submission read_message(const json::object& object, base::Time now, Check& check)
{
    Submission out;
    for (const Field& field : fields) {
        if (const json::value* value = find_given(object, field, check.leniency))
            field.read(*value, out, check);
        else if (!field.missing.empty())
            check.say(field.name, field.missing);
    }
    // A time in the past is no fault: the message leaves at once.
    if (out.scheduled && *out.scheduled > now + schedule_ahead_max)
        check.say("scheduled", "Scheduled must be within one year");
    // After the loop, as it takes two fields: the type comes behind the number in the table.
    if (!out.source.empty()) {
        SourceType type = out.source_type.value_or(message::infer_source_type(out.source));
        if (type == SourceType::international)
            make_international(out.source, out.written_source, check.country);
        std::string sentences = source_faults(out.source, type);
        if (!sentences.empty()) check.say("source_number", sentences);
    } else if (find(object, "source_number_type") && !find(object, "source_number") &&
               find_given(object, source_number_type, check.leniency)) {
        check.say("source_number_type", "Source number type is only valid when source number is specified");
    }
    return out;
}

// The oldest SDK says beside the messages how they are meant: {"sending_mode":"functional_test_failed"} asks
// for a test that ends so. A word that we do not know means delivered.
std::optional<message::TestOutcome> test_outcome_in(const json::object& body)
{
    constexpr std::string_view test_mode = "functional_test";
    constexpr std::pair<std::string_view, message::TestOutcome> outcomes[] = {
        {"_failed", message::TestOutcome::failed},
        {"_rejected", message::TestOutcome::rejected},
        {"_expired", message::TestOutcome::expired},
    };
    const json::value* properties = find(body, "properties");
    const json::object* object = properties ? properties->if_object() : nullptr;
    const json::value* value = object ? find(*object, "sending_mode") : nullptr;
    const json::string* mode = value ? value->if_string() : nullptr;
    if (!mode || !equal_in_any_case(view(*mode).substr(0, test_mode.size()), test_mode)) return {};
    for (const auto& [ending, outcome] : outcomes)
        if (equal_in_any_case(view(*mode).substr(test_mode.size()), ending)) return outcome;
    return message::TestOutcome::delivered;
}

Faults fault(std::string line) { return Faults{{std::move(line)}}; }

}  // namespace

base::Result<std::vector<Submission>, Faults> parse_submissions(std::string_view body, base::Time now,
                                                                const Leniency& leniency,
                                                                std::string_view country)
{
    Document document(body);
    if (!document.object()) return document.faults();
    const json::value* messages = find(*document.object(), "messages");
    if (!messages) return fault("/messages: Messages cannot be null.");
    const json::array* list = messages->if_array();
    if (!list) return fault("/messages: Messages must be a list.");
    if (list->empty() || list->size() > message::messages_max)
        return fault(
            fmt::format("/messages: Messages must be between 1 and {} messages.", message::messages_max));

    Faults faults;
    std::vector<Submission> submissions;
    submissions.reserve(list->size());
    auto test_outcome = test_outcome_in(*document.object());
    for (std::size_t i = 0; i < list->size(); ++i) {
        Check check(i, {leniency, country}, faults);
        if (const json::object* object = (*list)[i].if_object())
            submissions.push_back(read_message(*object, now, check));
        else
            faults.details.push_back(fmt::format("/messages/{}: Message must be an object.", i));
    }
    if (!faults.details.empty()) return faults;
    for (Submission& submission : submissions) submission.test_outcome = test_outcome;
    return submissions;
}

bool parse_cancel(std::string_view body, const Leniency& leniency)
{
    constexpr std::string_view cancelled = "cancelled";
    Document document(body);
    if (!document.object()) return false;
    const json::value* status = find(*document.object(), "status");
    if (!status || !status->is_string()) return false;
    std::string_view word = view(status->get_string());
    return leniency.cancel_case ? equal_in_any_case(word, cancelled) : word == cancelled;
}

// What is confirmed twice, or was never there, is no fault; but what is no id is.
base::Result<std::vector<base::Uuid>, Faults> parse_confirmation(std::string_view body, std::string_view list)
{
    Document document(body);
    if (!document.object()) return document.faults();
    const json::value* value = find(*document.object(), list);
    if (!value) return fault(fmt::format("/{}: Ids cannot be null.", list));
    const json::array* texts = value->if_array();
    if (!texts) return fault(fmt::format("/{}: Ids must be a list.", list));
    if (texts->size() > message::confirmations_max)
        return fault(fmt::format("/{}: Ids must be at most {}.", list, message::confirmations_max));

    Faults faults;
    std::vector<base::Uuid> ids;
    ids.reserve(texts->size());
    for (std::size_t i = 0; i < texts->size(); ++i) {
        const json::string* text = (*texts)[i].if_string();
        auto id = text ? base::Uuid::parse(view(*text)) : base::Result<base::Uuid>(base::errc::bad_uuid);
        if (id)
            ids.push_back(*id);
        else
            faults.details.push_back(fmt::format("/{}/{}: Id must be a UUID.", list, i));
    }
    if (!faults.details.empty()) return faults;
    return ids;
}

}  // namespace tidings::wire
