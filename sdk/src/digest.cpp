// SPDX-License-Identifier: Apache-2.0
#include "digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace tidings::detail {

namespace {

const EVP_MD* algorithm(Hash hash)
{
    switch (hash) {
    case Hash::md5: return EVP_md5();
    case Hash::sha1: return EVP_sha1();
    case Hash::sha224: return EVP_sha224();
    case Hash::sha256: return EVP_sha256();
    case Hash::sha512: return EVP_sha512();
    }
    std::abort();
}

const unsigned char* octets(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string digest(Hash hash, std::string_view bytes)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!EVP_Digest(bytes.data(), bytes.size(), out, &size, algorithm(hash), nullptr))
        throw std::runtime_error("OpenSSL cannot make a digest");
    return {reinterpret_cast<char*>(out), size};
}

std::string hmac(Hash hash, std::string_view secret, std::string_view bytes)
{
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!HMAC(algorithm(hash), secret.data(), static_cast<int>(secret.size()), octets(bytes), bytes.size(),
              out, &size))
        throw std::runtime_error("OpenSSL cannot make an HMAC");
    return {reinterpret_cast<char*>(out), size};
}

bool rsa_verifies(Hash hash, std::string_view public_key, std::string_view signature, std::string_view bytes)
{
    const unsigned char* at = octets(public_key);
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())), &EVP_PKEY_free);
    if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA) return false;
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, algorithm(hash), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(bytes),
                            bytes.size()) == 1;
}

std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (unsigned char c : bytes) {
        out += digits[c >> 4];
        out += digits[c & 15];
    }
    return out;
}

std::string to_base64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // one more: EVP_EncodeBlock ends with a zero
    int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(bytes),
                               static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::optional<std::string> from_base64(std::string_view text)
{
    if (text.size() % 4) return {};
    std::string out(text.size() / 4 * 3, '\0');
    int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets(text),
                               static_cast<int>(text.size()));
    if (size < 0) return {};
    for (std::size_t i = 0; i < 2 && text.ends_with('='); ++i) {
        text.remove_suffix(1);
        --size;
    }
    out.resize(static_cast<std::size_t>(size));
    if (text.find_first_of("= \t\r\n") != text.npos) return {};  // OpenSSL lets blanks pass
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tidings::detail
