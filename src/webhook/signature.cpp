// SPDX-License-Identifier: Apache-2.0
// What is signed, and why so, stands in signature.hpp; here it is put together, by OpenSSL. Keys are read and
// written as DER: private ones as PKCS #8, which the store seals, public ones as the SubjectPublicKeyInfo
// that every library of receivers reads. While a secret is being replaced there is a signature by each, so
// that a receiver may have either.
#include "webhook/signature.hpp"

#include "base/digest.hpp"

#include <fmt/format.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <stdexcept>

namespace tidings::webhook {

namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

const unsigned char* data(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

const EVP_MD* digest_of(message::SignatureDigest digest)
{
    switch (digest) {
    case message::SignatureDigest::sha224: return EVP_sha224();
    case message::SignatureDigest::sha256: return EVP_sha256();
    case message::SignatureDigest::sha512: return EVP_sha512();
    }
    std::abort();
}

void check(bool ok, const char* what)
{
    if (!ok) throw std::runtime_error(fmt::format("OpenSSL: {} failed", what));
}

// `write` is one of OpenSSL's i2d functions.
template <class Key, class Write>
std::string der_of(Key* key, Write write)
{
    unsigned char* bytes = nullptr;
    int size = write(key, &bytes);
    check(size > 0, "writing DER");
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    // The bytes of a private key are wiped before the memory goes back.
    OPENSSL_clear_free(bytes, der.size());
    return der;
}

}  // namespace

SigningKey::SigningKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {}

SigningKey SigningKey::generate(unsigned bits)
{
    EVP_PKEY* key = EVP_RSA_gen(bits);
    check(key != nullptr, "RSA key generation");
    return SigningKey(key);
}

base::Result<SigningKey> SigningKey::from_der(std::string_view pkcs8)
{
    const unsigned char* begin = data(pkcs8);
    EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &begin, static_cast<long>(pkcs8.size()));
    if (!key) return base::errc::bad_seal;
    SigningKey found(key);
    // The headers tell receivers that it is RSA; a key of another kind would be a lie.
    if (!EVP_PKEY_is_a(key, "RSA")) return base::errc::bad_seal;
    return found;
}

std::string SigningKey::private_der() const
{
    std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(EVP_PKEY2PKCS8(key_.get()),
                                                                                   PKCS8_PRIV_KEY_INFO_free);
    check(info != nullptr, "PKCS #8");
    return der_of(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
}

std::string SigningKey::public_der() const { return der_of(key_.get(), i2d_PUBKEY); }

std::string SigningKey::sign(message::SignatureDigest digest, std::string_view bytes) const
{
    std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    check(context != nullptr, "EVP_MD_CTX_new");
    // PKCS #1 v1.5 is what OpenSSL pads with unless told otherwise.
    check(EVP_DigestSignInit(context.get(), nullptr, digest_of(digest), nullptr, key_.get()) == 1,
          "EVP_DigestSignInit");
    std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = signature.size();
    check(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         data(bytes), bytes.size()) == 1,
          "EVP_DigestSign");
    signature.resize(size);
    return signature;
}

message::HeaderList rsa_headers(const SigningKey& key, const base::Uuid& key_id,
                                message::SignatureDigest digest, const Sent& sent)
{
    std::string bytes = fmt::format("{} {} HTTP/1.1{}{}", sent.method, sent.target, sent.date, sent.body);
    return {{"X-Messagemedia-Signature", base::to_base64(key.sign(digest, bytes))},
            {"X-Messagemedia-Digest-Type", std::string(message::name(digest))},
            {"X-Messagemedia-Cipher-Type", "RSA"},
            {"X-Messagemedia-Key-Id", key_id.text()}};
}

message::HeaderList standard_headers(std::span<const std::string> secrets, const base::Uuid& id,
                                     base::Time now, std::string_view body)
{
    std::string name = id.text();
    std::string time =
        std::to_string(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    // The time is signed along, so that a receiver can refuse what somebody recorded and sends again later.
    std::string bytes = fmt::format("{}.{}.{}", name, time, body);
    std::string signatures;
    for (const std::string& secret : secrets) {
        // Standard Webhooks: several signatures have blanks between them, and a receiver takes any one that
        // fits.
        if (!signatures.empty()) signatures += ' ';
        signatures += "v1," + base::to_base64(base::hmac(base::HmacDigest::sha256, secret, bytes));
    }
    return {{"webhook-id", std::move(name)},
            {"webhook-timestamp", std::move(time)},
            {"webhook-signature", std::move(signatures)}};
}

std::string written_secret(std::string_view secret) { return "whsec_" + base::to_base64(secret); }

}  // namespace tidings::webhook
