// SPDX-License-Identifier: Apache-2.0
// Options after they were checked.
#pragma once

#include "tidings/error.hpp"
#include "tidings/options.hpp"

#include <string>

namespace tidings::detail {

struct Settings {
    Options options;
    std::string base_uri;  // without a slash at its end
    bool is_tls = false;
    std::string host;  // to connect to; of an IPv6 address without brackets
    std::string port;
    std::string authority;  // the header Host
    std::string prefix;     // the path of the base URI: part of every target, and of what is signed
};

// bad_argument
Result<Settings> settings_of(Options options);

// Whether it can stand in a header: not empty, visible ASCII and blanks.
bool is_header_value(std::string_view text);

}  // namespace tidings::detail
