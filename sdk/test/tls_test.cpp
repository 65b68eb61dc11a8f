// SPDX-License-Identifier: Apache-2.0
#include "tidings/client.hpp"

#include "stub.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include <unistd.h>

namespace tidings::test {

namespace {

// A key, and a certificate for localhost that only trusts itself, in files of their own.
class OwnCertificate {
public:
    OwnCertificate()
    {
        std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
        std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), &X509_free);
        X509_set_version(made.get(), 2);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
        X509_set_pubkey(made.get(), key.get());
        X509_NAME* name = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"),
                                   -1, -1, 0);
        X509_set_issuer_name(made.get(), name);
        X509_EXTENSION* hosts = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
        X509_add_ext(made.get(), hosts, -1);
        X509_EXTENSION_free(hosts);
        X509_sign(made.get(), key.get(), EVP_sha256());
        write(key_file, [&](FILE* file) {
            return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
        write(file, [&](FILE* out) { return PEM_write_X509(out, made.get()); });
    }
    ~OwnCertificate()
    {
        std::filesystem::remove(file);
        std::filesystem::remove(key_file);
    }
    asio::ssl::context server() const
    {
        asio::ssl::context context(asio::ssl::context::tls_server);
        context.use_certificate_file(file, asio::ssl::context::pem);
        context.use_private_key_file(key_file, asio::ssl::context::pem);
        return context;
    }

    const std::string folder = std::filesystem::temp_directory_path().string() + "/";
    const std::string file = folder + "tidings-client-" + std::to_string(getpid()) + ".pem";
    const std::string key_file = file + ".key";

private:
    template <class Write>
    static void write(const std::string& path, Write to)
    {
        FILE* out = std::fopen(path.c_str(), "w");
        if (!out || !to(out)) throw std::runtime_error("no certificate");
        std::fclose(out);
    }
};

class ClientTls : public testing::Test {
protected:
    Options options(std::string ca_file) const
    {
        Options made{.credentials = Basic{"KEY", "SECRET"}, .base_uri = stub.base_uri(), .ca_file = ca_file};
        made.retries.attempts_max = 1;
        return made;
    }

    OwnCertificate certificate;
    asio::ssl::context tls = certificate.server();
    Stub stub{[](auto&, auto) { return StubAnswer{.body = R"({"credits":5})"}; }, &tls};
};

TEST_F(ClientTls, TrustsACertificateOfItsOwnWhenTold)
{
    Client client(options(certificate.file));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.credits().value().remaining, 5);
    EXPECT_EQ(stub.connections(), 1u);
}

TEST_F(ClientTls, TrustsNobodyElse)
{
    auto answer = Client(options("")).credits();
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().message.find("certificate verify failed"), std::string::npos);
    EXPECT_TRUE(stub.requests().empty());
}

TEST_F(ClientTls, LooksAtTheNameToo)
{
    Options other = options(certificate.file);
    other.base_uri.replace(other.base_uri.find("localhost"), 9, "127.0.0.1");
    EXPECT_FALSE(Client(other).credits());
    EXPECT_TRUE(stub.requests().empty());
}

TEST_F(ClientTls, WithoutItsCertificatesThereIsNoClient)
{
    EXPECT_THROW(Client(options("/nowhere/ca.pem")), Error);
}

}  // namespace

}  // namespace tidings::test
