// SPDX-License-Identifier: Apache-2.0
#include "link_table.hpp"

#include "config_fields.hpp"
#include "listen_address.hpp"
#include "message/limits.hpp"
#include "message/national_plan.hpp"
#include "text/charset.hpp"

#include <charconv>
#include <set>

namespace tidings {

namespace {

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
    Strings refusals_that_stop{"0E", "0F"};
    std::string trace = "steps";
    std::string in_doubt = "resend";
    std::int64_t in_doubt_wait_s = 60;
    std::int64_t retry_min_ms = 2'000;
    std::int64_t retry_max_ms = 600'000;
    std::int64_t retry_attempts = 14;
    std::int64_t overflow_after_s = 10;

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
    Numbers receipt_states;
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
    {"link", "refusals_max",
     "Binds refused in a row, in a way that counts, before the link gives up, until `tidings link restart`.",
     &LinkTable::refusals_max, 1, any},
    {"link", "refusals_that_stop",
     "Which count, in hexadecimal: 0E is the password, 0F the system_id. 0D counts until the first bind; all "
     "others "
     "are tried for ever.",
     &LinkTable::refusals_that_stop},
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
    {"link", "overflow_after_s",
     "A carrier that throttles, or refuses everything for now, for longer: its link shares with the next "
     "route.",
     &LinkTable::overflow_after_s, 0, 86'400},
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
    {"link", "receipt_states",
     "Codes from 210 to 414 for words of the carrier in stat, as {\"NOCRED\" = 402, \"PARKED\" = 212}; they "
     "come "
     "before those that are known.",
     &LinkTable::receipt_states, 210, 414},
    {"link", "receipt_zone",
     "Of the dates in receipts: \"UTC\", \"+10:00\" or \"Australia/Sydney\"; empty: our clock instead.",
     &LinkTable::receipt_zone},
};

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
    for (const auto& [word, number] : link.receipt_states) {
        auto code = static_cast<message::Code>(number);
        texts.require(message::is_code_of_receipt(code),
                      fmt::format("receipt_states: {} is no code that a receipt can have", number));
        dialect.receipt_states[message::folded_word(word)] = code;
    }
    if (link.receipt_zone.empty()) return dialect;
    dialect.zone = base::Zone::parse(link.receipt_zone);
    texts.require(dialect.zone.has_value(), "receipt_zone must be an offset, or a zone this machine knows");
    return dialect;
}

std::vector<std::uint32_t> statuses_of(const Strings& texts_of_file, const LinkTexts& texts)
{
    constexpr int hexadecimal = 16;
    std::vector<std::uint32_t> statuses;
    for (const std::string& text : texts_of_file) {
        std::uint32_t status = 0;
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status, hexadecimal);
        texts.require(error == std::errc{} && end == text.data() + text.size() && status != 0,
                      "refusals_that_stop must be statuses in hexadecimal, as \"0E\"");
        statuses.push_back(status);
    }
    return statuses;
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
    smpp.refusals_that_stop = statuses_of(link.refusals_that_stop, texts);
    sending.rate = static_cast<std::uint32_t>(link.rate);
    sending.others_between = smpp.window;
    settings.smpp.full_trace = texts.choice("trace", link.trace, traces);
    sending.in_doubt.what = texts.choice("in_doubt", link.in_doubt, doubt_policies);
    sending.in_doubt.wait = std::chrono::seconds(link.in_doubt_wait_s);
    sending.retry.pause_min = milliseconds(link.retry_min_ms);
    sending.retry.pause_max = milliseconds(link.retry_max_ms);
    sending.retry.attempts_max = static_cast<int>(link.retry_attempts);
    sending.overflow_after = std::chrono::seconds(link.overflow_after_s);
    settings.smpp.dialect = dialect_from(link, texts);
    return settings;
}

}  // namespace

std::vector<relay::LinkSettings> read_links(const toml::table& root, std::string_view name)
{
    std::vector<relay::LinkSettings> read;
    const toml::node* node = root.get("link");
    if (!node) return read;
    const toml::array* links = node->as_array();
    if (!links || !links->is_array_of_tables()) refuse(name, *node, "links are written as [[link]]");
    std::set<std::string> names;
    for (const toml::node& link : *links) {
        read.push_back(link_from(*link.as_table(), name));
        if (!names.insert(read.back().loop.name).second) refuse(name, link, "two links have the same name");
    }
    return read;
}

std::string describe_link_table()
{
    std::string out;
    for (const auto& field : link_fields) describe_field(out, LinkTable{}, field, "# ");
    return out;
}

}  // namespace tidings
