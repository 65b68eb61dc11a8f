// SPDX-License-Identifier: Apache-2.0
// An endpoint is what succeeds and fails together when it is asked: a path of an origin. Its key is stored,
// and makes the lanes of callbacks (CallbackLane): it must come out the same for ever.
//
//     bits 63 to 6   of the SHA-256 of the origin, "https://example.com:443": its first eight bytes, the
//                    first the lowest. Failures to connect count for these.
//     bits 5 to 0    of the SHA-256 of the path, without query: its first byte. Answers count for all 64.
//
// A callback_url may have another path for each message, so that paths must share. A digest shares them the
// same way after a restart and in every process, where "the first 64 that came" would not; and the paths that
// a message's id gives are spread over all, so that what one does to its neighbours it does to a 64th of
// them. Nobody can choose a host whose callbacks stand together with somebody else's, and the account is part
// of a lane beside that. Of a webhook the path counts as it is written, references and all.
//
// Earlier versions had 64 bits of the origin. What they stored has the same origin and one of its 64 paths.
#pragma once

#include "store/records.hpp"

#include <string>
#include <string_view>

namespace tidings::store {

constexpr int path_bits = 6;
constexpr std::size_t paths_apart = 1 << path_bits;  // of an origin

enum class OriginKey : std::int64_t {};

// "https://example.com:443": scheme, host and port of an HTTP URL in one form, without user and password.
std::string origin_of(std::string_view url);
std::string_view path_of(std::string_view url);  // "/hook", without query; "/" where there is none
EndpointKey endpoint_of(std::string_view url);

constexpr OriginKey origin_of(EndpointKey endpoint)
{
    return static_cast<OriginKey>(static_cast<std::int64_t>(endpoint) >> path_bits);
}

}  // namespace tidings::store
