// SPDX-License-Identifier: Apache-2.0
// TLS 1.2 and 1.3, without compression and renegotiation, which have been ways in. HTTP/1.1 is all that is
// spoken: who offers other protocols alone is refused in the handshake (ALPN, RFC 7301).
#include "http/tls.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace tidings::http {

namespace ssl = boost::asio::ssl;

namespace {

constexpr unsigned char protocols[] = "\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*)
{
    unsigned char* found = nullptr;
    int result = SSL_select_next_proto(&found, size, protocols, sizeof protocols - 1, offered, offered_size);
    *chosen = found;
    // A protocol that was not agreed on must not be spoken: another one's bytes would be read as HTTP/1.1
    // (RFC 7301, 3.2).
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void need(const char* what, const std::string& file)
{
    if (file.empty()) throw std::runtime_error(fmt::format("TLS needs a {} file", what));
    // OpenSSL's own message would not name the file.
    errno = 0;
    if (!std::ifstream(file).is_open())
        throw std::runtime_error(
            fmt::format("cannot read the {} file {}: {}", what, file, std::strerror(errno)));
}

}  // namespace

ssl::context server_tls(const std::string& certificate_file, const std::string& key_file)
{
    need("certificate", certificate_file);
    need("key", key_file);
    ssl::context context(ssl::context::tls_server);
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1 | ssl::context::no_compression | SSL_OP_NO_RENEGOTIATION);
    boost::system::error_code error;
    context.use_certificate_chain_file(certificate_file, error);
    if (error)
        throw std::runtime_error(
            fmt::format("{} is no PEM certificate: {}", certificate_file, error.message()));
    context.use_private_key_file(key_file, ssl::context::pem, error);
    if (error)
        throw std::runtime_error(
            fmt::format("{} is no PEM key for {}: {}", key_file, certificate_file, error.message()));
    SSL_CTX_set_alpn_select_cb(context.native_handle(), choose_protocol, nullptr);
    return context;
}

}  // namespace tidings::http
