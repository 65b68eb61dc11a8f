// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/algorithm/hex.hpp>

#include <string>
#include <string_view>

namespace tidings::test {

inline std::string from_hex(std::string_view hex) { return boost::algorithm::unhex(std::string(hex)); }

}  // namespace tidings::test
