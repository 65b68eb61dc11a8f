// SPDX-License-Identifier: Apache-2.0
// What a carrier delivers, with the numbers that tests of it have in common.
#pragma once

#include "smpp/esm_class.hpp"
#include "smpp/pdu.hpp"

#include <string>
#include <utility>

namespace tidings::test {

inline smpp::ShortMessage from_handset(std::string text)
{
    smpp::ShortMessage deliver;
    deliver.source = {1, 1, "61491570156"};
    deliver.destination = {1, 1, "61491570157"};
    deliver.short_message = std::move(text);
    return deliver;
}

inline smpp::ShortMessage receipt(std::string text)
{
    smpp::ShortMessage deliver = from_handset(std::move(text));
    deliver.esm_class = smpp::esm::receipt;
    return deliver;
}

}  // namespace tidings::test
