// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/uuid_source.hpp"
#include "relay/inlet.hpp"
#include "relay/link_settings.hpp"
#include "sandbox/letter.hpp"

namespace tidings {

// The gateway's link to the carrier in the box: SMPP over loopback and, since that has no MMS, an inlet by
// which its handsets' MMS come in. It outlives the relay that has the link.
class SandboxLink {
public:
    static constexpr const char* name = "sandbox";

    SandboxLink(base::Clock& clock, base::UuidSource& ids) : clock_(clock), ids_(ids) {}

    // `has_others`: there are real carriers, whose messages are not to get lost in here.
    relay::LinkSettings settings(std::uint16_t smpp_port, bool has_others);
    // From every thread. True: it is on disk; false: it cannot be taken now.
    boost::asio::awaitable<bool> bring_mms(sandbox::Letter letter);

private:
    base::Clock& clock_;
    base::UuidSource& ids_;
    relay::Inlet inlet_;
};

}  // namespace tidings
