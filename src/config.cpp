// SPDX-License-Identifier: Apache-2.0
// One table says what may stand in the file: where, what for, within which range. Reading and describing
// follow it.
#include "config.hpp"

#include "base/file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <functional>
#include <limits>
#include <set>
#include <stdexcept>
#include <variant>

namespace tidings {

namespace {

using Strings = std::vector<std::string>;

constexpr auto any = std::numeric_limits<std::int64_t>::max();

// A key of the file and the member of T that it sets.
template <class T>
struct Field {
    std::string_view section;
    std::string_view key;
    std::string_view comment;
    std::variant<std::string T::*, std::int64_t T::*, bool T::*, Strings T::*> member;
    std::int64_t min = 0;
    std::int64_t max = any;
};

const Field<Config> fields[] = {
    {"", "data", "The data folder. Also --data.", &Config::data},
    {"", "log_level", "debug, info, warning or error.", &Config::log_level},
    {"", "io_threads", "Threads for connections and links; 0: one for each core.", &Config::io_threads, 0,
     256},
    {"", "stop_wait_s", "After SIGTERM: seconds for answers of carriers and callbacks in flight.",
     &Config::stop_wait_s, 0, 3600},
    {"listen", "address", "HOST:PORT of the API; port 0: any free one. Also --listen.", &Config::listen},
    {"listen", "certificate", "PEM file with the certificate chain; with it the listener speaks TLS only.",
     &Config::certificate},
    {"listen", "key", "PEM file with the certificate's private key.", &Config::certificate_key},
    {"listen", "header_max_kib", "Request line and headers.", &Config::header_max_kib, 1, 1024},
    {"listen", "body_max_kib", "Request body; 100 messages with all fields full need 5.1 MiB.",
     &Config::body_max_kib, 1, 65'536},
    {"listen", "connections_max", "More are answered 503.", &Config::connections_max, 1, 1'000'000},
    {"listen", "header_timeout_ms", "From a request's first byte to the end of its headers.",
     &Config::header_timeout_ms, 1, any},
    {"listen", "body_timeout_ms", "From there to the end of its body.", &Config::body_timeout_ms, 1, any},
    {"listen", "idle_timeout_ms", "Between two requests of a connection.", &Config::idle_timeout_ms, 1, any},
    {"admin", "listen",
     "HOST:PORT for /admin/v1 and /metrics when [listen] is not bound to loopback; empty: none.",
     &Config::admin_listen},
    {"secrets", "key_file", "The key that seals secrets in the store; empty: secret.key in the data folder.",
     &Config::key_file},
    {"api", "vendor_id", "What vendor_account_id of reports and replies says.", &Config::vendor_id},
    {"api", "auth_failure_status", "For wrong credentials: 403, or 401 as newer documentation has it.",
     &Config::auth_failure_status, 401, 403},
    {"api", "accept_put_signed_as_post", "All SDKs sign the cancel call that way.",
     &Config::accept_put_signed_as_post},
    {"api", "accept_lossy_md5", "The C# SDK hashes non-ASCII characters as question marks.",
     &Config::accept_lossy_md5},
    {"api", "accept_format_list", "The Node SDK's example sends \"format\":[\"SMS\"].",
     &Config::accept_format_list},
    {"api", "accept_null", "The PHP SDK sends null for fields that are not set.",
     &Config::accept_null},
    {"api", "accept_cancel_in_any_case", "The Java client of 2016 cancels with CANCELLED.",
     &Config::accept_cancel_in_any_case},
    {"api", "spare_python", "No dates in the 202 answer to the Python SDK, which fails on them.",
     &Config::spare_python},
    {"callbacks", "allowed_networks",
     "Networks beyond the public internet that callbacks may reach, as \"10.1.0.0/16\".",
     &Config::callback_networks},
    {"callbacks", "allow_loopback", "Whether callbacks may reach this machine. --sandbox allows it.",
     &Config::callback_loopback},
};

// A link as it stands in the file; relay::LinkSettings is made from it.
struct LinkTable {
    std::string name;
    std::string host = "127.0.0.1";
    std::int64_t port = 2775;
    bool tls = false;
    std::string ca_file;
    std::string system_id;
    std::string password;
    std::string system_type;
    std::string bind = "transceiver";
    std::int64_t window = 10;
    std::int64_t enquire_link_ms = 30'000;
    std::int64_t response_timeout_ms = 30'000;
    std::int64_t reconnect_min_ms = 1'000;
    std::int64_t reconnect_max_ms = 60'000;
    std::int64_t refusals_max = 10;
    std::int64_t in_doubt_wait_s = 60;
};

const Field<LinkTable> link_fields[] = {
    {"link", "name", "Permanent: receipts find their messages by it.", &LinkTable::name},
    {"link", "host", "", &LinkTable::host},
    {"link", "port", "", &LinkTable::port, 1, 65'535},
    {"link", "tls", "TLS from the first byte, with the carrier's certificate verified.", &LinkTable::tls},
    {"link", "ca_file", "PEM file to verify it with; empty: the system's.", &LinkTable::ca_file},
    {"link", "system_id", "At most 15 characters.", &LinkTable::system_id},
    {"link", "password", "At most 8 characters.", &LinkTable::password},
    {"link", "system_type", "", &LinkTable::system_type},
    {"link", "bind", "transceiver, or pair for a transmitter and a receiver.", &LinkTable::bind},
    {"link", "window", "Submits without an answer at a time.", &LinkTable::window, 1, 10'000},
    {"link", "enquire_link_ms", "Silence after which the line is tested.", &LinkTable::enquire_link_ms, 100,
     any},
    {"link", "response_timeout_ms", "", &LinkTable::response_timeout_ms, 100, any},
    {"link", "reconnect_min_ms", "Pause before the first reconnect; doubles.", &LinkTable::reconnect_min_ms,
     1, any},
    {"link", "reconnect_max_ms", "", &LinkTable::reconnect_max_ms, 1, any},
    {"link", "refusals_max", "Refused binds in a row before the link gives up.", &LinkTable::refusals_max, 1,
     any},
    {"link", "in_doubt_wait_s", "After a lost connection: how long a receipt may show that a submit arrived.",
     &LinkTable::in_doubt_wait_s, 0, 3600},
};

[[noreturn]] void refuse(std::string_view name, const toml::node& node, std::string_view what)
{
    throw std::runtime_error(fmt::format("{}:{}: {}", name, node.source().begin.line, what));
}

template <class T>
void set(T& target, const Field<T>& field, const toml::node& node, std::string_view name)
{
    auto wrong = [&](std::string_view type) {
        refuse(name, node, fmt::format("{} must be {}", field.key, type));
    };
    if (auto* text = std::get_if<std::string T::*>(&field.member)) {
        if (!node.is_string()) wrong("a string");
        target.**text = node.as_string()->get();
    } else if (auto* flag = std::get_if<bool T::*>(&field.member)) {
        if (!node.is_boolean()) wrong("true or false");
        target.**flag = node.as_boolean()->get();
    } else if (auto* number = std::get_if<std::int64_t T::*>(&field.member)) {
        if (!node.is_integer()) wrong("a whole number");
        target.**number = node.as_integer()->get();
        if (target.**number < field.min || target.**number > field.max)
            wrong(field.max == any ? fmt::format("at least {}", field.min)
                                   : fmt::format("from {} to {}", field.min, field.max));
    } else {
        const toml::array* array = node.as_array();
        if (!array) wrong("a list of strings");
        Strings& strings = target.*std::get<Strings T::*>(field.member);
        for (const toml::node& item : *array) {
            if (!item.is_string()) wrong("a list of strings");
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

relay::LinkSettings link_from(const toml::table& table, std::string_view name)
{
    LinkTable link;
    read_section(link, link_fields, "link", table, name, [](std::string_view) { return false; });
    auto require = [&](bool good, std::string_view what) {
        if (!good) refuse(name, table, what);
    };
    require(!link.name.empty(), "a link needs a name");
    require(link.name != "sandbox", "the name sandbox belongs to the carrier of --sandbox");
    require(!link.system_id.empty(), "a link needs a system_id");
    require(link.bind == "transceiver" || link.bind == "pair", "bind must be transceiver or pair");

    using std::chrono::milliseconds;
    relay::LinkSettings settings;
    smpp::LinkOptions& smpp = settings.smpp;
    smpp.name = link.name;
    smpp.host = link.host;
    smpp.port = static_cast<std::uint16_t>(link.port);
    smpp.tls = link.tls;
    smpp.ca_file = link.ca_file;
    smpp.system_id = link.system_id;
    smpp.password = link.password;
    smpp.system_type = link.system_type;
    smpp.mode = link.bind == "pair" ? smpp::BindMode::pair : smpp::BindMode::transceiver;
    smpp.window = static_cast<std::size_t>(link.window);
    smpp.enquire_link = milliseconds(link.enquire_link_ms);
    smpp.response_timeout = milliseconds(link.response_timeout_ms);
    smpp.reconnect_min = milliseconds(link.reconnect_min_ms);
    smpp.reconnect_max = milliseconds(link.reconnect_max_ms);
    smpp.refusals_max = static_cast<int>(link.refusals_max);
    settings.in_doubt_wait = std::chrono::seconds(link.in_doubt_wait_s);
    return settings;
}

void read_links(Config& config, const toml::table& root, std::string_view name)
{
    const toml::node* node = root.get("link");
    if (!node) return;
    const toml::array* links = node->as_array();
    if (!links || !links->is_array_of_tables()) refuse(name, *node, "links are written as [[link]]");
    std::set<std::string> names;
    for (const toml::node& link : *links) {
        config.links.push_back(link_from(*link.as_table(), name));
        if (!names.insert(config.links.back().smpp.name).second)
            refuse(name, link, "two links have the same name");
    }
}

template <class T>
std::string value_of(const T& source, const Field<T>& field)
{
    auto quoted = [](const std::string& text) { return fmt::format("\"{}\"", text); };
    if (auto* text = std::get_if<std::string T::*>(&field.member)) return quoted(source.**text);
    if (auto* flag = std::get_if<bool T::*>(&field.member)) return source.**flag ? "true" : "false";
    if (auto* number = std::get_if<std::int64_t T::*>(&field.member)) return std::to_string(source.**number);
    Strings items;
    for (const std::string& item : source.*std::get<Strings T::*>(field.member))
        items.push_back(quoted(item));
    return fmt::format("[{}]", fmt::join(items, ", "));
}

template <class T>
void describe_field(std::string& out, const T& source, const Field<T>& field, std::string_view prefix)
{
    if (!field.comment.empty()) out += fmt::format("{}# {}\n", prefix, field.comment);
    out += fmt::format("{}{} = {}\n", prefix, field.key, value_of(source, field));
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
    if (config.auth_failure_status == 402)
        throw std::runtime_error(fmt::format("{}: api.auth_failure_status must be 401 or 403", name));
    return config;
}

Config read_config(const std::filesystem::path& file)
{
    return parse_config(base::read_file(file), file.string());
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
    out += "\n# A connection to a carrier over SMPP 3.4; there may be several. Messages go to the first.\n";
    for (const auto& link : config.links)  // the rest of it holds a password
        out += fmt::format("# In force: {}, {}:{}.\n", link.smpp.name, link.smpp.host, link.smpp.port);
    out += "# [[link]]\n";
    for (const auto& field : link_fields) describe_field(out, LinkTable{}, field, "# ");
    return out;
}

}  // namespace tidings
