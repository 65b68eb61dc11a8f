// SPDX-License-Identifier: Apache-2.0
// Any bytes at all: nothing is read outside them, and what could be read and is within the standard reads the
// same after it was written.
#include "smpp/session.hpp"

#include <cstdlib>

using namespace tidings;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (auto pdu = smpp::decode(bytes)) {
        std::string written;
        if (smpp::encodable(*pdu)) smpp::encode(written, *pdu);
        if (!written.empty() && smpp::decode(written).value() != *pdu) std::abort();
        smpp::describe(*pdu);
    }
    for (auto role : {smpp::Role::esme, smpp::Role::smsc}) {
        smpp::Session session({.role = role}, base::Time{});
        session.feed(bytes);
        while (session.next(base::Time{})) {
        }
    }
    return 0;
}
