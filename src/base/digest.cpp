// SPDX-License-Identifier: Apache-2.0
// By OpenSSL 3. What fails here fails for want of memory, or because somebody has broken the library's
// set-up; so it throws, and is no outcome.
#include "base/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace tidings::base {

namespace {

const unsigned char* data(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* data(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

std::string digest(const EVP_MD* kind, std::string_view bytes)
{
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), data(out), &size, kind, nullptr) != 1)
        throw std::runtime_error("EVP_Digest failed");
    out.resize(size);
    return out;
}

}  // namespace

Sha256 sha256(std::string_view bytes)
{
    // Looked up once: for a short text that would take longer than the digest.
    static EVP_MD* const kind = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    Sha256 out;
    unsigned size = 0;
    if (!kind || EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1)
        throw std::runtime_error("EVP_Digest failed");
    return out;
}

std::string md5(std::string_view bytes) { return digest(EVP_md5(), bytes); }

std::string hmac(HmacDigest kind, std::string_view secret, std::string_view bytes)
{
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    const EVP_MD* md = kind == HmacDigest::sha1 ? EVP_sha1() : EVP_sha256();
    if (!HMAC(md, secret.data(), static_cast<int>(secret.size()), data(bytes), bytes.size(), data(out),
              &size))
        throw std::runtime_error("HMAC failed");
    out.resize(size);
    return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char c : bytes) {
        out += digits[c >> 4];
        out += digits[c & 15];
    }
    return out;
}

std::string to_base64(std::string_view bytes)
{
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // EVP_EncodeBlock writes a final NUL
    int size = EVP_EncodeBlock(data(out), data(bytes), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

// Padding may be left away, as some clients do; where it stands it stands at the end.
Result<std::string> from_base64(std::string_view text)
{
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.size() % 4 == 1) return errc::bad_base64;
    if (text.find('=') != text.npos) return errc::bad_base64;
    std::string padded(text);
    while (padded.size() % 4 != 0) padded += '=';
    std::string out(padded.size() / 4 * 3, '\0');
    int size = EVP_DecodeBlock(data(out), data(std::string_view(padded)), static_cast<int>(padded.size()));
    if (size < 0) return errc::bad_base64;
    out.resize(static_cast<std::size_t>(size) - (padded.size() - text.size()));
    return out;
}

std::string random_bytes(std::size_t size)
{
    std::string out(size, '\0');
    if (RAND_bytes(data(out), static_cast<int>(size)) != 1) throw std::runtime_error("RAND_bytes failed");
    return out;
}

std::string random_text(std::size_t size)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    constexpr unsigned fair =
        256 / alphabet.size() * alphabet.size();  // bytes from here up would favour the front
    std::string out;
    while (out.size() < size) {
        for (unsigned char c : random_bytes(size))
            if (c < fair && out.size() < size) out += alphabet[c % alphabet.size()];
    }
    return out;
}

}  // namespace tidings::base
