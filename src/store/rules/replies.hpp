// SPDX-License-Identifier: Apache-2.0
// How a reply finds its message and account. The only key that SMS offers is (our number, handset): the last
// message sent that way is the one replied to, for as long as it lives, or for a week where many accounts use
// the number. A handset may also answer what its carrier has not yet confirmed to us. Without a message the
// number's owner gets the reply, and a reply to a number of nobody's is kept for the operator.
//
// A long reply comes in parts, in any order, which wait for each other as the octets that they are: only all
// of them together are surely text (text/joined.hpp). What a carrier delivers again,
// because it did not get our answer, is known by its fingerprint. Of what fits nothing each link keeps so
// much at most (LinkLimits).
#pragma once

#include "store/rules/item.hpp"

#include <vector>

namespace tidings::store::rules {

constexpr auto parts_window = std::chrono::minutes(10);  // for the parts of a reply to arrive

class AddInbound : public Item {
public:
    AddInbound(LinkKey link, std::vector<Inbound> inbound) : link_(link), inbound_(std::move(inbound)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return inbound_.size(); }

private:
    void add_part(Batch& batch, Inbound& inbound) const;

    LinkKey link_;
    std::vector<Inbound> inbound_;
};

// Replies whose missing parts were waited for long enough: they are delivered without them.
class DeliverLateParts : public Item {
public:
    explicit DeliverLateParts(std::vector<ReplyName> replies) : replies_(std::move(replies)) {}
    void first(const Surroundings& surroundings, Wants& wants) override;
    void second(const Surroundings& surroundings, const Facts& facts, Wants& wants) override;
    void decide(Batch& batch) override;
    std::size_t weight() const override { return replies_.size(); }

private:
    std::vector<ReplyName> replies_;
};

}  // namespace tidings::store::rules
