// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace tidings::http {

// TLS 1.2 and above, ALPN http/1.1. Throws std::runtime_error with one clear sentence when a file does not
// serve.
boost::asio::ssl::context server_tls(const std::string& certificate_file, const std::string& key_file);

}  // namespace tidings::http
