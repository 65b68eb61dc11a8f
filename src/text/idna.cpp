// SPDX-License-Identifier: Apache-2.0
// Names of hosts with characters beyond ASCII, by UTS 46 as browsers apply it: letters become small,
// full-width forms become usual ones, and each label that is not ASCII then becomes Punycode.
// Non-transitional: ß stays what it is. Invalid are what STD 3 forbids in a name (so that no slash or colon
// comes out of a character that looks like one), labels and names that are too long, and mixtures of
// directions that could show another name than they are.
#include "text/idna.hpp"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <new>

namespace tidings::text {

namespace {

constexpr std::size_t host_max = 253;  // RFC 1123, 2.1

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Made once, never changed and never closed: any thread may use it.
const UIDNA* mapping()
{
    static const UIDNA* const opened = [] {
        UErrorCode error = U_ZERO_ERROR;
        UIDNA* made = uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                          UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                                      &error);
        if (U_FAILURE(error)) throw std::bad_alloc();
        return made;
    }();
    return opened;
}

std::optional<std::string> ascii_host(std::string_view host)
{
    std::array<char, host_max + 1> name;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode error = U_ZERO_ERROR;
    std::int32_t size =
        uidna_nameToASCII_UTF8(mapping(), host.data(), static_cast<std::int32_t>(host.size()), name.data(),
                               static_cast<std::int32_t>(name.size()), &info, &error);
    if (U_FAILURE(error) || info.errors != 0) return {};
    return std::string(name.data(), static_cast<std::size_t>(size));
}

}  // namespace

std::optional<std::string> ascii_host_and_port(std::string_view host_and_port)
{
    if (is_ascii(host_and_port)) return std::string(host_and_port);
    std::string_view host = host_and_port.substr(0, host_and_port.find(':'));
    std::string_view port = host_and_port.substr(host.size());
    auto ascii = ascii_host(host);
    if (!ascii || !is_ascii(port)) return {};
    return ascii->append(port);
}

}  // namespace tidings::text
