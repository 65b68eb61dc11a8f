// SPDX-License-Identifier: Apache-2.0
// A sealed secret is version, key id, nonce, ciphertext and tag:
//
//     1 octet | 4 octets | 12 octets | as long as the secret | 16 octets
//
// AES-256-GCM authenticates the header, and the row that the secret belongs to, beside the secret: one that
// is copied into another row, or whose header is changed, does not open. The key id tells a wrong key from a
// broken secret. A nonce must never come twice under a key; random ones are good for some four thousand
// million secrets.
#include "base/seal.hpp"

#include "base/digest.hpp"
#include "base/file.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace tidings::base {

namespace {

constexpr char version = 1;
constexpr std::size_t header_size = 5;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char* bytes(char* data) { return reinterpret_cast<unsigned char*>(data); }
const unsigned char* bytes(const char* data) { return reinterpret_cast<const unsigned char*>(data); }

void require(bool ok)
{
    if (!ok) throw std::runtime_error("AES-256-GCM failed");
}

// What is authenticated beside the secret: the header, so that it cannot be changed, and the row.
std::string associated(std::string_view header, std::string_view row)
{
    return std::string(header).append(row);
}

}  // namespace

Sealer::Sealer(const Key& key) : key_(key)
{
    Sha256 hash = sha256({reinterpret_cast<const char*>(key.data()), key.size()});
    std::copy_n(hash.begin(), id_.size(), id_.begin());
}

Sealer Sealer::from_file(const std::filesystem::path& path)
{
    std::string text = read_file(path);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    Key key;
    bool good = text.size() == 2 * key.size();
    for (std::size_t i = 0; good && i < key.size(); ++i)
        good = std::from_chars(&text[2 * i], &text[2 * i] + 2, key[i], 16).ptr == &text[2 * i] + 2;
    if (!good)
        throw std::runtime_error(
            fmt::format("{} is no key file: it must hold 64 hexadecimal digits", path.string()));
    return Sealer(key);
}

void Sealer::create_file(const std::filesystem::path& path)
{
    write_private_file(path, to_hex(random_bytes(Key{}.size())) + "\n");
}

std::string Sealer::seal(std::string_view secret, std::string_view row) const
{
    std::string out(1, version);
    out.append(reinterpret_cast<const char*>(id_.data()), id_.size());
    std::string also = associated(out, row);
    std::string nonce = random_bytes(nonce_size);
    out += nonce;
    std::size_t start = out.size();
    out.resize(start + secret.size() + tag_size);

    Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int size = 0;
    require(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes(nonce.data())) ==
            1);
    require(EVP_EncryptUpdate(context.get(), nullptr, &size, bytes(also.data()),
                              static_cast<int>(also.size())) == 1);
    require(EVP_EncryptUpdate(context.get(), bytes(out.data() + start), &size, bytes(secret.data()),
                              static_cast<int>(secret.size())) == 1);
    require(EVP_EncryptFinal_ex(context.get(), bytes(out.data() + start + secret.size()), &size) == 1);
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size,
                                out.data() + start + secret.size()) == 1);
    return out;
}

Result<std::string> Sealer::open(std::string_view sealed, std::string_view row) const
{
    if (sealed.size() < header_size + nonce_size + tag_size || sealed[0] != version) return errc::bad_seal;
    if (std::memcmp(sealed.data() + 1, id_.data(), id_.size()) != 0) return errc::bad_seal;
    std::string also = associated(sealed.substr(0, header_size), row);
    std::string_view nonce = sealed.substr(header_size, nonce_size);
    std::string_view text = sealed.substr(header_size + nonce_size);
    std::string tag(text.substr(text.size() - tag_size));
    text.remove_suffix(tag_size);
    std::string out(text.size(), '\0');

    Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int size = 0;
    require(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), bytes(nonce.data())) ==
            1);
    require(EVP_DecryptUpdate(context.get(), nullptr, &size, bytes(also.data()),
                              static_cast<int>(also.size())) == 1);
    require(EVP_DecryptUpdate(context.get(), bytes(out.data()), &size, bytes(text.data()),
                              static_cast<int>(text.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1);
    if (EVP_DecryptFinal_ex(context.get(), bytes(out.data() + out.size()), &size) != 1) return errc::bad_seal;
    return out;
}

}  // namespace tidings::base
