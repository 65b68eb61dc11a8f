// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "message/choose_link.hpp"
#include "relay/link.hpp"
#include "relay/link_settings.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace tidings::relay {

// What a link is made with besides its settings. The clock outlives it.
struct LinkNeeds {
    boost::asio::any_io_executor executor;
    base::Clock& clock;
    std::optional<message::IdForm> learnt;  // how its receipts write ids, from an earlier life
    LinkEvents events;
};
using LinkMaker = std::function<std::unique_ptr<Link>(const LinkSettings&, LinkNeeds)>;

// The one place that knows all kinds of links. Throws a sentence for the operator when it cannot be made.
std::unique_ptr<Link> make_link(const LinkSettings& settings, LinkNeeds needs);

// What messages such a link carries to handsets. It may deliver others.
message::Formats formats_of(const LinkSettings& settings);
// In which it writes the name of a sender.
text::Charset charset_of(const LinkSettings& settings);

// They would listen on the same port, so that one has to leave before the other may come.
bool exclude_each_other(const LinkSettings& one, const LinkSettings& other);

}  // namespace tidings::relay
