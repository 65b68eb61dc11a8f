// SPDX-License-Identifier: Apache-2.0
// One table says what may stand in the file: where, what for, within which range. Reading it, refusing what
// it does not know and describing it (`tidings config`) all follow the table, so that a new key is one row
// and one member. Links have a table of their own (link_table.hpp).
//
// A fault names file and line, and ends the start, or leaves a SIGHUP without effect: half of a configuration
// is never used.
#include "config.hpp"

#include "base/file.hpp"
#include "config_fields.hpp"
#include "link_table.hpp"
#include "listen_address.hpp"

#include <set>

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
    config.links = read_links(root, name);
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
    return out + describe_link_table();
}

}  // namespace tidings
