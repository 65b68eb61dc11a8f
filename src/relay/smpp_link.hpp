// SPDX-License-Identifier: Apache-2.0
// A link that speaks SMPP: what a carrier's binds, its dialect and its ids of messages need. Between its
// client (smpp/client.hpp), which knows of no messages, and its loop, which knows of no SMPP.
//
//  - A message becomes one submit_sm, or one for each part, in the link's dialect (translate.hpp). The parts
//    carry a reference that ascends for each handset, so that its phone does not join parts of two messages.
//  - Ids reach the loop in one form, whatever bases the carrier writes them in (receipt_ids.hpp).
//  - A deliver_sm or data_sm is a receipt or a message from a handset, and is answered once that is stored.
#pragma once

#include "relay/dialect.hpp"
#include "relay/link_settings.hpp"
#include "relay/make_link.hpp"
#include "relay/receipt_ids.hpp"
#include "smpp/client.hpp"

#include <array>
#include <unordered_map>

namespace tidings::relay {

class SmppLink : public Link {
public:
    // Throws as smpp::Client does.
    SmppLink(LinkNeeds needs, const SmppSettings& settings);

    boost::asio::awaitable<void> run() override { return client_.run(); }
    void stop() override { client_.stop(); }

    base::Result<std::size_t, message::Code> prepare(Number number, const store::Outbound& message) override;
    std::uint16_t reference_of(Number number) const override { return prepared_.at(number).reference; }
    void forget(Number number) override { prepared_.erase(number); }
    std::unique_ptr<Prepared> release(Number number) override;
    bool adopt(Number number, std::unique_ptr<Prepared> prepared) override;

    bool has_room() const override { return client_.has_room(); }
    void submit(Token token) override { client_.submit(token, submit_of(token)); }
    bool has_room_alone() const override { return client_.has_room_alone(); }
    void submit_alone(Token token) override { client_.submit_alone(token, submit_of(token)); }
    void clear_a_place() override { client_.clear_a_leg(); }
    void use_all() override { client_.use_all_legs(); }

    LinkLoad load() const override;
    bool acknowledge(const Ticket& ticket, Stored stored) override;

private:
    struct Submits : Prepared {
        base::Uuid message;
        std::string destination;  // digits, whatever form the link wants
        std::uint16_t reference = 0;
        std::vector<smpp::ShortMessage> parts;
    };

    smpp::ClientEvents client_events();
    const smpp::ShortMessage& submit_of(Token token) const;
    std::uint16_t next_reference(std::string_view destination);
    void answered(const smpp::Answered& answered);
    void deliver(const smpp::ShortMessage& deliver, const smpp::Ticket& ticket);
    void learn();
    void trace(const smpp::PduSeen& seen);

    base::Clock& clock_;
    const SmppSettings settings_;
    const LinkEvents events_;
    ReceiptIds ids_;
    std::optional<message::IdForm> told_form_;  // or configured
    std::unordered_map<Number, Submits> prepared_;
    std::array<std::uint16_t, 4096> references_{};  // by hash of the destination
    smpp::Client client_;
};

}  // namespace tidings::relay
