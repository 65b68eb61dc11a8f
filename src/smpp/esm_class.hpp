// SPDX-License-Identifier: Apache-2.0
// The bits of esm_class (SMPP 3.4, 5.2.12): what kind of message a submit_sm or deliver_sm carries.
#pragma once

#include <cstdint>

namespace tidings::smpp::esm {

constexpr std::uint8_t type_mask = 0x3C;  // one of the types below, or another; 0: an ordinary message
constexpr std::uint8_t receipt = 0x04;
constexpr std::uint8_t intermediate = 0x20;
constexpr std::uint8_t udh_indicator = 0x40;  // the text begins with a header

}  // namespace tidings::smpp::esm
