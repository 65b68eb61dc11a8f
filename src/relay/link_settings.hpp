// SPDX-License-Identifier: Apache-2.0
// A link as it is configured: what its loop needs, whatever the link speaks, and what its protocol needs.
#pragma once

#include "relay/dialect.hpp"
#include "relay/loop_settings.hpp"
#include "smpp/client.hpp"

namespace tidings::relay {

struct SmppSettings {
    smpp::ClientOptions client;
    Dialect dialect;
    bool full_trace = false;  // keeps the PDUs of its messages

    bool operator==(const SmppSettings&) const = default;
};

struct LinkSettings {
    LoopSettings loop;
    SmppSettings smpp;

    bool operator==(const LinkSettings&) const = default;
};

}  // namespace tidings::relay
