// SPDX-License-Identifier: Apache-2.0
#include "authorization.hpp"

#include "digest.hpp"

namespace tidings::detail {

namespace {

Signed sign_by(const Basic& basic, const ToSign&)
{
    return {.authorization = "Basic " + to_base64(basic.key + ":" + basic.secret)};
}

Signed sign_by(const Hmac& key, const ToSign& request)
{
    Signed made{.authorization = {}, .date = std::string(request.date)};
    std::string text = "Date: " + made.date + "\n";
    std::string names = "Date ";
    if (!request.body.empty()) {
        made.content_md5 = to_hex(digest(Hash::md5, request.body));
        text += "Content-MD5: " + made.content_md5 + "\n";
        names += "Content-MD5 ";
    }
    text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1");
    bool is_sha1 = key.digest == Digest::sha1;
    made.authorization = "hmac username=\"" + key.key + "\", algorithm=\"hmac-" +
                         (is_sha1 ? "sha1" : "sha256") + "\", headers=\"" + names +
                         "request-line\", signature=\"" +
                         to_base64(hmac(is_sha1 ? Hash::sha1 : Hash::sha256, key.secret, text)) + "\"";
    return made;
}

}  // namespace

Signed sign(const Credentials& credentials, const ToSign& request)
{
    return std::visit([&request](const auto& key) { return sign_by(key, request); }, credentials);
}

}  // namespace tidings::detail
