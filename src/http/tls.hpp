// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

namespace tidings::http {

// TLS 1.2 and above, ALPN http/1.1. Throws std::runtime_error with one clear sentence when a file does not
// serve.
boost::asio::ssl::context server_tls(const std::string& certificate_file, const std::string& key_file);

// What shortens the next handshake with the same server, if it gave us something for that. Must outlive the
// connections that use it.
using TlsSession = std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)>;

// For connections that we open: TLS 1.2 and above, ALPN http/1.1, with peers for whom the certificates of the
// file vouch, or the system's where it is empty. Throws std::runtime_error as above.
boost::asio::ssl::context client_tls(const std::string& ca_file);

// Before the handshake: the peer's certificate must be of `host`, a name or an address. What the peer gives
// for the next handshake goes to `session`, and what is there is used for this one.
void expect_host(SSL* connection, const std::string& host, TlsSession& session);

// Why the handshake failed, for people.
std::string handshake_failure(const SSL* connection, boost::system::error_code error);

}  // namespace tidings::http
