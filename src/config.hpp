// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log.hpp"
#include "relay/relay.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace tidings {

// What the process needs to run, from one TOML file. What belongs to the business (accounts, keys, numbers)
// lives in the store and changes only through /admin/v1. Nothing lives in both.
struct Config {
    std::string listen = "127.0.0.1:8080";
    std::string certificate;
    std::string certificate_key;
    std::string admin_listen;
    bool open_metrics = false;
    std::string data = "data";
    std::string key_file;
    std::string log_level = "info";
    std::int64_t io_threads = 0;
    std::int64_t stop_wait_s = 10;
    std::int64_t clock_jump_confirm_s = 600;

    std::int64_t header_max_kib = 16;
    std::int64_t body_max_kib = 12'288;
    std::int64_t bodies_max_mib = 256;
    std::int64_t connections_max = 10'000;
    std::int64_t header_timeout_ms = 10'000;
    std::int64_t body_timeout_ms = 60'000;
    std::int64_t idle_timeout_ms = 75'000;

    std::int64_t attachments_max_kib = 3072;

    std::string vendor_id = "MessageMedia";
    std::int64_t auth_failure_status = 401;
    bool accept_put_signed_as_post = true;
    bool accept_lossy_md5 = true;
    bool accept_format_list = true;
    bool accept_format_in_any_case = true;
    bool accept_null = true;
    bool accept_empty = true;
    bool accept_cancel_in_any_case = true;
    bool accept_boolean_text = true;
    bool accept_metadata_values = true;
    bool accept_unix_times = true;
    bool spare_python = true;

    std::vector<std::string> callback_networks;
    bool callback_loopback = false;
    std::string default_body = "reference";

    std::vector<relay::LinkSettings> links;
};

// Throws std::runtime_error with one sentence that names file, line and key: for an unknown key, a wrong
// type, or a value out of its range.
Config read_config(const std::filesystem::path& file);
Config parse_config(std::string_view text, std::string_view name);

base::LogLevel log_level_of(const Config& config);  // throws std::runtime_error

// The keys, without those of links and log_level, that differ: as "listen.address".
std::vector<std::string> differing_keys(const Config& one, const Config& other);

// The configuration as a TOML file with a comment on each key: what `tidings config` prints.
std::string describe(const Config& config);

}  // namespace tidings
