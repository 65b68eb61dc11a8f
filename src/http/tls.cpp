// SPDX-License-Identifier: Apache-2.0
// Both sides: listeners, and connections that we open.
//
// TLS 1.2 and 1.3, without compression and renegotiation, which have been ways in. HTTP/1.1 is all that is
// spoken: who offers other protocols alone is refused in the handshake (ALPN, RFC 7301).
#include "http/tls.hpp"

#include <boost/asio/ip/address.hpp>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace tidings::http {

namespace ssl = boost::asio::ssl;

namespace {

constexpr auto options = ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                         ssl::context::no_tlsv1_1 | ssl::context::no_compression | SSL_OP_NO_RENEGOTIATION;
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

// Where the session of a connection goes, which only our code knows.
int session_place()
{
    static const int place = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return place;
}

// Servers of TLS 1.3 give it behind the handshake, with the first answer, and may give others later: the
// newest counts. Kept and used are copies, since OpenSSL spoils the session of a connection that breaks.
int take_session(SSL* connection, SSL_SESSION* session)
{
    auto* kept = static_cast<TlsSession*>(SSL_get_ex_data(connection, session_place()));
    if (kept) kept->reset(SSL_SESSION_dup(session));
    return 0;  // the session stays the connection's
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
    context.set_options(options);
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

ssl::context client_tls(const std::string& ca_file)
{
    ssl::context context(ssl::context::tls_client);
    context.set_options(options);
    context.set_verify_mode(ssl::verify_peer);
    boost::system::error_code error;
    if (ca_file.empty())
        context.set_default_verify_paths(error);
    else
        need("certificates", ca_file), context.load_verify_file(ca_file, error);
    if (error)
        throw std::runtime_error(fmt::format("{} has no PEM certificates: {}",
                                             ca_file.empty() ? "the system" : ca_file, error.message()));
    SSL_CTX* native = context.native_handle();
    if (SSL_CTX_set_alpn_protos(native, protocols, sizeof protocols - 1) != 0) throw std::bad_alloc();
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(native, take_session);
    return context;
}

void expect_host(SSL* connection, const std::string& host, TlsSession& session)
{
    boost::system::error_code is_name;
    boost::asio::ip::make_address(host, is_name);
    X509_VERIFY_PARAM* wanted = SSL_get0_param(connection);
    bool is_set;
    if (is_name) {
        X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        // The name goes to the server, too, which may have many certificates; an address may not (RFC 6066,
        // 3).
        is_set = SSL_set1_host(connection, host.c_str()) == 1 &&
                 SSL_set_tlsext_host_name(connection, host.c_str()) == 1;
    } else {
        is_set = X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
    }
    // Never without: a certificate of anybody would do.
    if (!is_set) throw std::runtime_error(fmt::format("no certificate can be of {}", host));
    SSL_set_ex_data(connection, session_place(), &session);
    // One that cannot be used makes a handshake as the first one was.
    if (TlsSession copy(session ? SSL_SESSION_dup(session.get()) : nullptr, &SSL_SESSION_free); copy)
        SSL_set_session(connection, copy.get());
}

std::string handshake_failure(const SSL* connection, boost::system::error_code error)
{
    long verdict = SSL_get_verify_result(connection);
    if (verdict == X509_V_OK) return fmt::format("TLS: {}", error.message());
    return fmt::format("the certificate is refused: {}", X509_verify_cert_error_string(verdict));
}

}  // namespace tidings::http
