// SPDX-License-Identifier: Apache-2.0
// One table says what may stand in the file: where, what for, within which range. Reading it, refusing what
// it does not know and describing it (`tidings config`) all follow the table, so that a new key is one row
// and one member. Links have a table of their own, whose rows stand in each [[link]].
//
// A fault names file and line, and ends the start, or leaves a SIGHUP without effect: half of a configuration
// is never used.
#include "config.hpp"

#include "config_field.hpp"

#include "base/file.hpp"
#include "base/utf8.hpp"
#include "listen_address.hpp"
#include "message/limits.hpp"
#include "message/national_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <set>
#include <stdexcept>

namespace tidings {

namespace {

const Field<Config> fields[] = {
    {"", "data", "The data folder. Also --data.", &Config::data},
    {"", "log_level", "debug, info, warning or error.", &Config::log_level},
    {"", "io_threads", "Threads for connections and links; 0: one for each core.", &Config::io_threads, 0,
     256},
    {"", "stop_wait_s", "After SIGTERM: seconds for answers of carriers and callbacks in flight.",
     &Config::stop_wait_s, 0, 3600},
    {"", "clock_jump_confirm_s",
     "A jump of the wall clock by more than a day is believed when it has lasted so long; 0: at once. Until "
     "then time goes on as if it had not jumped. `tidings clock confirm` believes it, too.",
     &Config::clock_jump_confirm_s, 0, 604'800},
    {"listen", "address", "HOST:PORT of the API; port 0: any free one. Also --listen.", &Config::listen},
    {"listen", "certificate", "PEM file with the certificate chain; with it the listener speaks TLS only.",
     &Config::certificate},
    {"listen", "key", "PEM file with the certificate's private key.", &Config::certificate_key},
    {"listen", "header_max_kib", "Request line and headers.", &Config::header_max_kib, 1, 1024},
    {"listen", "body_max_kib", "Request body; 100 messages with all fields full need 10.2 MiB.",
     &Config::body_max_kib, 1, 65'536},
    {"listen", "bodies_max_mib",
     "All request bodies together, until they are answered; beyond it 503. One account gets half at most.",
     &Config::bodies_max_mib, 1, 65'536},
    {"listen", "connections_max",
     "Fewer where file descriptors are few. A new one takes the place of one that showed no key; else 503.",
     &Config::connections_max, 1, 1'000'000},
    {"listen", "header_timeout_ms", "From a request's first byte to the end of its headers.",
     &Config::header_timeout_ms, 1, any},
    {"listen", "body_timeout_ms", "From there to the end of its body.", &Config::body_timeout_ms, 1, any},
    {"listen", "idle_timeout_ms", "Between two requests of a connection.", &Config::idle_timeout_ms, 1, any},
    {"limits", "attachments_max_kib", "Files of one MMS of a handset; carriers take a third of that.",
     &Config::attachments_max_kib, 1, 65'536},
    {"admin", "listen",
     "HOST:PORT for /admin/v1 and /metrics when [listen] is not bound to loopback; empty: none.",
     &Config::admin_listen},
    {"admin", "open_metrics",
     "/metrics without the admin token, not only to this machine but to whoever reaches the listener.",
     &Config::open_metrics},
    {"secrets", "key_file", "The key that seals secrets in the store; empty: secret.key in the data folder.",
     &Config::key_file},
    {"api", "vendor_id", "What vendor_account_id of reports and replies says.", &Config::vendor_id},
    {"api", "auth_failure_status", "For wrong credentials: 401, or 403 as the older reference has it.",
     &Config::auth_failure_status, 401, 403},
    {"api", "accept_put_signed_as_post", "All SDKs sign the cancel call that way.",
     &Config::accept_put_signed_as_post},
    {"api", "accept_lossy_md5", "The C# SDK hashes non-ASCII characters as question marks.",
     &Config::accept_lossy_md5},
    {"api", "accept_format_list", "The Node SDK's example sends \"format\":[\"SMS\"].",
     &Config::accept_format_list},
    {"api", "accept_format_in_any_case", "\"format\":\"sms\".", &Config::accept_format_in_any_case},
    {"api", "accept_null", "The PHP SDK sends null for fields that are not set.", &Config::accept_null},
    {"api", "accept_empty",
     "callback_url, subject, source_number or source_number_type \"\", and media [], as not given.",
     &Config::accept_empty},
    {"api", "accept_cancel_in_any_case", "The Java client of 2016 cancels with CANCELLED.",
     &Config::accept_cancel_in_any_case},
    {"api", "accept_boolean_text", "\"delivery_report\":\"true\", as programs send that read a form.",
     &Config::accept_boolean_text},
    {"api", "accept_metadata_values", "Numbers and booleans as values of metadata; they become text.",
     &Config::accept_metadata_values},
    {"api", "accept_unix_times", "scheduled and message_expiry_timestamp as whole seconds since 1970.",
     &Config::accept_unix_times},
    {"api", "spare_python", "No dates in the 202 answer to the Python SDK, which fails on them.",
     &Config::spare_python},
    {"callbacks", "allowed_networks",
     "Networks beyond the public internet that callbacks may reach, as \"10.1.0.0/16\".",
     &Config::callback_networks},
    {"callbacks", "allow_loopback", "Whether callbacks may reach this machine. --sandbox allows it.",
     &Config::callback_loopback},
    {"webhook", "default_body",
     "What webhooks without a template get: reference, as callback URLs, or vendor2026, as newer "
     "documentation "
     "has it.",
     &Config::default_body},
};

// A link as it stands in the file; relay::LinkSettings is made from it.
struct LinkTable {
    std::string name;
    std::string host = "127.0.0.1";
    std::int64_t port = 2775;
    bool tls = false;
    std::string ca_file;
    std::string outbind_listen;
    std::string outbind_system_id;
    std::string outbind_password;
    std::string system_id;
    std::string password;
    std::string system_type;
    std::string bind = "transceiver";
    std::int64_t binds = 1;
    std::int64_t window = 10;
    std::int64_t rate = 0;
    std::int64_t enquire_link_ms = 30'000;
    std::int64_t response_timeout_ms = 30'000;
    std::int64_t reconnect_min_ms = 1'000;
    std::int64_t reconnect_max_ms = 60'000;
    std::int64_t refusals_max = 10;
    std::string trace = "steps";
    std::string in_doubt = "resend";
    std::int64_t in_doubt_wait_s = 60;
    std::int64_t retry_min_ms = 2'000;
    std::int64_t retry_max_ms = 600'000;
    std::int64_t retry_attempts = 14;

    std::string charset = "gsm7";
    std::int64_t data_coding = 0;
    std::string long_messages = "udh8";
    std::string country;
    std::string number_form = "digits";
    std::string international = "1/1";
    std::string national = "2/1";
    std::string alphanumeric = "5/0";
    std::string shortcode = "3/0";
    std::int64_t validity_min_s = 60;
    std::int64_t validity_max_s = 259'200;
    bool validity_absolute = false;
    std::string receipt_id = "auto";
    bool receipt_unmarked = false;
    Numbers receipt_errors;
    std::string receipt_zone;
};

const Field<LinkTable> link_fields[] = {
    {"link", "name", "Permanent: receipts find their messages by it.", &LinkTable::name},
    {"link", "host", "", &LinkTable::host},
    {"link", "port", "", &LinkTable::port, 1, 65'535},
    {"link", "tls", "TLS from the first byte, with the carrier's certificate verified.", &LinkTable::tls},
    {"link", "ca_file", "PEM file to verify it with; empty: the system's.", &LinkTable::ca_file},
    {"link", "outbind_listen",
     "HOST:PORT where the carrier connects and asks for our bind by outbind; empty: we connect to it.",
     &LinkTable::outbind_listen},
    {"link", "outbind_system_id", "What its outbind says; another one is not answered.",
     &LinkTable::outbind_system_id},
    {"link", "outbind_password", "", &LinkTable::outbind_password},
    {"link", "system_id", "At most 15 characters.", &LinkTable::system_id},
    {"link", "password", "At most 8 characters.", &LinkTable::password},
    {"link", "system_type", "", &LinkTable::system_type},
    {"link", "bind", "transceiver, or pair for a transmitter and a receiver.", &LinkTable::bind},
    {"link", "binds", "How many of these at a time; they share the link's queue.", &LinkTable::binds, 1, 32},
    {"link", "window", "Submits without an answer at a time, on each bind.", &LinkTable::window, 1, 10'000},
    {"link", "rate",
     "Submits a second, evenly spread, over all binds; 0: no limit. Slower whenever the carrier asks for it.",
     &LinkTable::rate, 0, 10'000},
    {"link", "enquire_link_ms", "Silence after which the line is tested.", &LinkTable::enquire_link_ms, 100,
     any},
    {"link", "response_timeout_ms", "", &LinkTable::response_timeout_ms, 100, any},
    {"link", "reconnect_min_ms", "Pause before the first reconnect; doubles.", &LinkTable::reconnect_min_ms,
     1, any},
    {"link", "reconnect_max_ms", "", &LinkTable::reconnect_max_ms, 1, any},
    {"link", "refusals_max", "Refused binds in a row before the link gives up.", &LinkTable::refusals_max, 1,
     any},
    {"link", "trace",
     "What `tidings message trace` shows: steps, or full, which keeps all PDUs, texts included, in "
     "DATA/pdus.",
     &LinkTable::trace},
    {"link", "in_doubt",
     "What a lost connection or a crash left without an answer: resend, or hold for `tidings message "
     "release`.",
     &LinkTable::in_doubt},
    {"link", "in_doubt_wait_s", "After a lost connection: how long a receipt may show that a submit arrived.",
     &LinkTable::in_doubt_wait_s, 0, 3600},
    {"link", "retry_min_ms", "Pause of a message that the carrier refuses for now; doubles.",
     &LinkTable::retry_min_ms, 1, any},
    {"link", "retry_max_ms", "", &LinkTable::retry_max_ms, 1, any},
    {"link", "retry_attempts",
     "Such refusals of one message, after which it goes another way or ends with code 400.",
     &LinkTable::retry_attempts, 1, 1000},
    {"link", "charset",
     "What data_coding 0 means: gsm7, gsm7-packed, latin1 or ascii. Text beyond it goes as UCS-2.",
     &LinkTable::charset},
    {"link", "data_coding", "Under which text in that charset is sent.", &LinkTable::data_coding, 0, 255},
    {"link", "long_messages",
     "udh8 or udh16 (parts with headers), sar (parts with SAR parameters), payload (message_payload).",
     &LinkTable::long_messages},
    {"link", "country",
     "Of numbers that the carrier writes without a country code, \"AU\"; empty: they stay as they are.",
     &LinkTable::country},
    {"link", "number_form", "How they leave: digits, plus (+61491570156) or national (0491570156).",
     &LinkTable::number_form},
    {"link", "international", "TON/NPI of numbers.", &LinkTable::international},
    {"link", "national", "TON/NPI of those that are sent in national form.", &LinkTable::national},
    {"link", "alphanumeric", "TON/NPI of senders with letters.", &LinkTable::alphanumeric},
    {"link", "shortcode", "TON/NPI of short senders.", &LinkTable::shortcode},
    {"link", "validity_min_s", "validity_period, sent when a message has an expiry: at least this.",
     &LinkTable::validity_min_s, 1, 2'592'000},
    {"link", "validity_max_s", "And at most this.", &LinkTable::validity_max_s, 1, 2'592'000},
    {"link", "validity_absolute", "For carriers that do not understand relative times.",
     &LinkTable::validity_absolute},
    {"link", "receipt_id",
     "Ids in receipts: same as responses, hex of their decimal, decimal of their hex; auto learns it.",
     &LinkTable::receipt_id},
    {"link", "receipt_unmarked",
     "Whether text in the form of a receipt is one without its mark; handsets can forge those.",
     &LinkTable::receipt_unmarked},
    {"link", "receipt_errors",
     "Codes from 411 to 414 for the err of undelivered messages, as {\"001\" = 411, \"01B\" = 414}.",
     &LinkTable::receipt_errors, 411, 414},
    {"link", "receipt_zone",
     "Of the dates in receipts: \"UTC\", \"+10:00\" or \"Australia/Sydney\"; empty: our clock instead.",
     &LinkTable::receipt_zone},
};

[[noreturn]] void refuse(std::string_view name, const toml::node& node, std::string_view what)
{
    throw std::runtime_error(fmt::format("{}:{}: {}", name, node.source().begin.line, what));
}

bool fits(std::string_view text)
{
    return text.size() <= message::config_text_max && base::escaped(text) == text;
}

template <class T>
void set(T& target, const Field<T>& field, const toml::node& node, std::string_view name)
{
    auto wrong = [&](std::string_view type) {
        refuse(name, node, fmt::format("{} must be {}", field.key, type));
    };
    const std::string short_text =
        fmt::format("of at most {} bytes without control characters", message::config_text_max);
    if (auto* text = std::get_if<std::string T::*>(&field.member)) {
        if (!node.is_string()) wrong("a string");
        if (!fits(node.as_string()->get())) wrong("a string " + short_text);
        target.*(*text) = node.as_string()->get();
    } else if (auto* flag = std::get_if<bool T::*>(&field.member)) {
        if (!node.is_boolean()) wrong("true or false");
        target.*(*flag) = node.as_boolean()->get();
    } else if (auto* number = std::get_if<std::int64_t T::*>(&field.member)) {
        if (!node.is_integer()) wrong("a whole number");
        target.*(*number) = node.as_integer()->get();
        if (target.*(*number) < field.min || target.*(*number) > field.max)
            wrong(field.max == any ? fmt::format("at least {}", field.min)
                                   : fmt::format("from {} to {}", field.min, field.max));
    } else if (std::holds_alternative<Numbers T::*>(field.member)) {
        Numbers& numbers = target.*std::get<Numbers T::*>(field.member);
        auto type = fmt::format("a table of numbers from {} to {}", field.min, field.max);
        const toml::table* table = node.as_table();
        if (!table) wrong(type);
        for (const auto& [key, item] : *table) {
            std::int64_t value = item.template value_exact<std::int64_t>().value_or(field.min - 1);
            if (value < field.min || value > field.max) wrong(type);
            numbers[std::string(key.str())] = value;
        }
    } else {
        const toml::array* array = node.as_array();
        if (!array) wrong("a list of strings");
        Strings& strings = target.*std::get<Strings T::*>(field.member);
        for (const toml::node& item : *array) {
            if (!item.is_string()) wrong("a list of strings");
            if (!fits(item.as_string()->get())) wrong("a list of strings " + short_text);
            strings.push_back(item.as_string()->get());
        }
    }
}

// Sets what stands in `table`, which is that section of the file, and refuses keys that no field knows.
template <class T, std::size_t size>
void read_section(T& target, const Field<T> (&known)[size], std::string_view section,
                  const toml::table& table, std::string_view name,
                  const std::function<bool(std::string_view)>& is_section)
{
    for (const auto& [key, node] : table) {
        auto field =
            std::find_if(std::begin(known), std::end(known), [&, key = key.str()](const Field<T>& candidate) {
                return candidate.section == section && candidate.key == key;
            });
        if (field != std::end(known)) {
            set(target, *field, node, name);
        } else if (!is_section(key.str())) {
            refuse(name, node,
                   fmt::format("unknown key {}{}{}; `tidings config` lists the known ones", section,
                               section.empty() ? "" : ".", key.str()));
        }
    }
}

template <class T>
struct Choice {
    std::string_view name;
    T value;
};

constexpr Choice<text::Charset> charsets[] = {{"gsm7", text::Charset::gsm7},
                                              {"gsm7-packed", text::Charset::gsm7_packed},
                                              {"latin1", text::Charset::latin1},
                                              {"ascii", text::Charset::ascii}};
constexpr Choice<text::LongForm> long_forms[] = {{"udh8", text::LongForm::udh8},
                                                 {"udh16", text::LongForm::udh16},
                                                 {"sar", text::LongForm::sar},
                                                 {"payload", text::LongForm::payload}};
constexpr Choice<relay::NumberForm> number_forms[] = {{"digits", relay::NumberForm::digits},
                                                      {"plus", relay::NumberForm::plus},
                                                      {"national", relay::NumberForm::national}};
constexpr Choice<bool> traces[] = {{"steps", false}, {"full", true}};
constexpr Choice<relay::InDoubt> doubt_policies[] = {{"resend", relay::InDoubt::resend},
                                                     {"hold", relay::InDoubt::hold}};
constexpr Choice<std::optional<message::IdForm>> id_forms[] = {{"auto", {}},
                                                               {"same", message::IdForm::same},
                                                               {"hex", message::IdForm::hex},
                                                               {"decimal", message::IdForm::decimal}};
constexpr Choice<smpp::BindMode> bind_modes[] = {{"transceiver", smpp::BindMode::transceiver},
                                                 {"pair", smpp::BindMode::pair}};

// Reads the texts of one link that stand for something else; a fault names the link's table.
class LinkTexts {
public:
    LinkTexts(const toml::table& table, std::string_view name) : table_(table), name_(name) {}

    void require(bool good, std::string_view what) const
    {
        if (!good) refuse(name_, table_, what);
    }

    template <class T, std::size_t size>
    T choice(std::string_view key, const std::string& text, const Choice<T> (&choices)[size]) const
    {
        Strings names;
        for (const auto& choice : choices) {
            if (choice.name == text) return choice.value;
            names.emplace_back(choice.name);
        }
        refuse(name_, table_, fmt::format("{} must be one of {}", key, fmt::join(names, ", ")));
    }

    relay::NumberType number_type(std::string_view key, const std::string& text) const
    {
        unsigned ton = 0, npi = 0;
        auto slash = text.find('/');
        auto read = [](std::string_view digits, unsigned& value) {
            auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
            return error == std::errc{} && end == digits.data() + digits.size() && value <= 0xFF;
        };
        require(slash != text.npos && read(std::string_view(text).substr(0, slash), ton) &&
                    read(std::string_view(text).substr(slash + 1), npi),
                fmt::format("{} must be TON/NPI, as \"1/1\"", key));
        return {static_cast<std::uint8_t>(ton), static_cast<std::uint8_t>(npi)};
    }

private:
    const toml::table& table_;
    std::string_view name_;
};

// Texts become values, and what does not fit together is refused, with the line of the link.
relay::Dialect dialect_from(const LinkTable& link, const LinkTexts& texts)
{
    relay::Dialect dialect;
    dialect.charset = texts.choice("charset", link.charset, charsets);
    dialect.data_coding = static_cast<std::uint8_t>(link.data_coding);
    texts.require(text::charset_of(dialect.data_coding) != text::Charset::ucs2,
                  "data_coding must not be one of UCS-2");
    dialect.long_form = texts.choice("long_messages", link.long_messages, long_forms);
    dialect.country = link.country;
    texts.require(link.country.empty() || message::has_national_plan(link.country),
                  "country must be the two capital letters of a country, as \"AU\"");
    dialect.number_form = texts.choice("number_form", link.number_form, number_forms);
    texts.require(dialect.number_form != relay::NumberForm::national || !link.country.empty(),
                  "number_form = \"national\" needs a country");
    dialect.international = texts.number_type("international", link.international);
    dialect.national = texts.number_type("national", link.national);
    dialect.alphanumeric = texts.number_type("alphanumeric", link.alphanumeric);
    dialect.shortcode = texts.number_type("shortcode", link.shortcode);
    dialect.validity_min = std::chrono::seconds(link.validity_min_s);
    dialect.validity_max = std::chrono::seconds(link.validity_max_s);
    texts.require(dialect.validity_min <= dialect.validity_max, "validity_min_s is above validity_max_s");
    dialect.absolute_validity = link.validity_absolute;
    dialect.receipt_id = texts.choice("receipt_id", link.receipt_id, id_forms);
    dialect.unmarked_receipts = link.receipt_unmarked;
    for (const auto& [error, code] : link.receipt_errors)
        dialect.errors[message::canonical_id(error)] = static_cast<message::Code>(code);
    if (link.receipt_zone.empty()) return dialect;
    dialect.zone = base::Zone::parse(link.receipt_zone);
    texts.require(dialect.zone.has_value(), "receipt_zone must be an offset, or a zone this machine knows");
    return dialect;
}

// Without its password whoever connects would be told ours.
void set_outbind(smpp::ClientOptions& options, const LinkTable& link, const LinkTexts& texts)
{
    if (link.outbind_listen.empty()) return;
    texts.require(!link.outbind_password.empty(), "outbind_listen needs an outbind_password");
    texts.require(!link.tls, "outbind_listen does not speak TLS");
    ListenAddress address = ListenAddress::parse(link.outbind_listen);
    options.outbind_host = address.host;
    options.outbind_port = address.port;
    options.outbind_system_id = link.outbind_system_id;
    options.outbind_password = link.outbind_password;
}

relay::LinkSettings link_from(const toml::table& table, std::string_view name)
{
    LinkTable link;
    read_section(link, link_fields, "link", table, name, [](std::string_view) { return false; });
    LinkTexts texts(table, name);
    texts.require(!link.name.empty(), "a link needs a name");
    texts.require(link.name.size() <= message::route_name_max,
                  fmt::format("the name of a link must have at most {} bytes", message::route_name_max));
    texts.require(link.name != "sandbox", "the name sandbox belongs to the carrier of --sandbox");
    texts.require(!link.system_id.empty(), "a link needs a system_id");

    using std::chrono::milliseconds;
    relay::LinkSettings settings;
    settings.loop.name = link.name;
    relay::SendPolicy& sending = settings.loop.sending;
    smpp::ClientOptions& smpp = settings.smpp.client;
    smpp.name = link.name;
    smpp.host = link.host;
    smpp.port = static_cast<std::uint16_t>(link.port);
    smpp.tls = link.tls;
    smpp.ca_file = link.ca_file;
    set_outbind(smpp, link, texts);
    smpp.system_id = link.system_id;
    smpp.password = link.password;
    smpp.system_type = link.system_type;
    smpp.mode = texts.choice("bind", link.bind, bind_modes);
    smpp.binds = static_cast<std::size_t>(link.binds);
    smpp.window = static_cast<std::size_t>(link.window);
    smpp.enquire_link = milliseconds(link.enquire_link_ms);
    smpp.response_timeout = milliseconds(link.response_timeout_ms);
    smpp.reconnect_min = milliseconds(link.reconnect_min_ms);
    smpp.reconnect_max = milliseconds(link.reconnect_max_ms);
    smpp.refusals_max = static_cast<int>(link.refusals_max);
    sending.rate = static_cast<std::uint32_t>(link.rate);
    sending.others_between = smpp.window;
    settings.smpp.full_trace = texts.choice("trace", link.trace, traces);
    sending.in_doubt.what = texts.choice("in_doubt", link.in_doubt, doubt_policies);
    sending.in_doubt.wait = std::chrono::seconds(link.in_doubt_wait_s);
    sending.retry.pause_min = milliseconds(link.retry_min_ms);
    sending.retry.pause_max = milliseconds(link.retry_max_ms);
    sending.retry.attempts_max = static_cast<int>(link.retry_attempts);
    settings.smpp.dialect = dialect_from(link, texts);
    return settings;
}

// Links are told apart by their names, which receipts find their messages by.
void read_links(Config& config, const toml::table& root, std::string_view name)
{
    const toml::node* node = root.get("link");
    if (!node) return;
    const toml::array* links = node->as_array();
    if (!links || !links->is_array_of_tables()) refuse(name, *node, "links are written as [[link]]");
    std::set<std::string> names;
    for (const toml::node& link : *links) {
        config.links.push_back(link_from(*link.as_table(), name));
        if (!names.insert(config.links.back().loop.name).second)
            refuse(name, link, "two links have the same name");
    }
}

}  // namespace

Config parse_config(std::string_view text, std::string_view name)
{
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        throw std::runtime_error(
            fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
    }
    Config config;
    std::set<std::string_view> sections = {"link"};
    for (const auto& field : fields) sections.insert(field.section);
    read_section(config, fields, "", root, name,
                 [&](std::string_view key) { return sections.contains(key); });
    for (std::string_view section : sections) {
        if (section.empty() || section == "link" || !root.contains(section)) continue;
        const toml::table* table = root[section].as_table();
        if (!table) refuse(name, *root.get(section), fmt::format("{} is a section: [{}]", section, section));
        read_section(config, fields, section, *table, name, [](std::string_view) { return false; });
    }
    read_links(config, root, name);
    if (config.certificate.empty() != config.certificate_key.empty())
        throw std::runtime_error(fmt::format("{}: listen.certificate and listen.key go together", name));
    // One account gets half of it, and a body takes up to twice its size while it grows.
    if (config.bodies_max_mib << 10 < 4 * config.body_max_kib)
        throw std::runtime_error(
            fmt::format("{}: listen.bodies_max_mib must have room for four times body_max_kib", name));
    if (config.auth_failure_status == 402)
        throw std::runtime_error(fmt::format("{}: api.auth_failure_status must be 401 or 403", name));
    if (config.default_body != "reference" && config.default_body != "vendor2026")
        throw std::runtime_error(
            fmt::format("{}: webhook.default_body must be reference or vendor2026", name));
    return config;
}

Config read_config(const std::filesystem::path& file)
{
    return parse_config(base::read_file(file), file.string());
}

base::LogLevel log_level_of(const Config& config)
{
    const std::string& name = config.log_level;
    if (name == "debug") return base::LogLevel::debug;
    if (name == "info") return base::LogLevel::info;
    if (name == "warning") return base::LogLevel::warning;
    if (name == "error") return base::LogLevel::error;
    throw std::runtime_error(fmt::format("log_level must be debug, info, warning or error, not {}", name));
}

std::vector<std::string> differing_keys(const Config& one, const Config& other)
{
    std::vector<std::string> keys;
    for (const auto& field : fields) {
        if (field.key == "log_level" || value_of(one, field) == value_of(other, field)) continue;
        keys.push_back(fmt::format("{}{}{}", field.section, field.section.empty() ? "" : ".", field.key));
    }
    return keys;
}

std::string describe(const Config& config)
{
    std::string out = "# Configuration of Tidings. Every key is optional; the values are those in force.\n\n";
    std::string_view section;
    for (const auto& field : fields) {
        if (field.section != section) out += fmt::format("\n[{}]\n", field.section);
        section = field.section;
        describe_field(out, config, field, "");
    }
    out +=
        "\n# A connection to a carrier over SMPP 3.4; there may be several. Without routes, messages\n"
        "# go to the first that is up.\n";
    for (const auto& link : config.links) {  // the rest of it holds a password
        const smpp::ClientOptions& smpp = link.smpp.client;
        if (smpp.outbind_host.empty())
            out += fmt::format("# In force: {}, {}:{}.\n", smpp.name, smpp.host, smpp.port);
        else
            out +=
                fmt::format("# In force: {}, at {}:{}.\n", smpp.name, smpp.outbind_host, smpp.outbind_port);
    }
    out += "# [[link]]\n";
    for (const auto& field : link_fields) describe_field(out, LinkTable{}, field, "# ");
    return out;
}

}  // namespace tidings
