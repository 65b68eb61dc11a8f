// SPDX-License-Identifier: Apache-2.0
// SMPP 3.4 on the wire. A PDU is a head of 16 octets (command_length, command_id, command_status,
// sequence_number, all big-endian) and a body: octets and NUL-terminated strings in a fixed order, then
// optional parameters (tag, length, value). The order stands in one table, in pdu.cpp; reading, writing,
// checking and printing all follow it.
//
// Reading is liberal where carriers are loose and a message would be lost otherwise: strings may be longer
// than their field allows, a response may stop after any field (error responses mostly have no body), up to
// three stray octets may follow the last parameter. What would mean guessing is refused.
#pragma once

#include "base/error.hpp"
#include "smpp/command.hpp"
#include "smpp/tlv.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace tidings::smpp {

using base::errc;
using base::Result;

constexpr std::size_t head_size = 16;
constexpr std::size_t pdu_max = 66 * 1024;  // a full message_payload (64 KiB), the fields around it (1 KiB)
constexpr std::uint8_t version = 0x34;
constexpr std::size_t short_message_max = 254;  // octets; more goes into message_payload

struct Head {
    Command command{};
    std::uint32_t status = status::ok;
    std::uint32_t sequence = 0;

    bool operator==(const Head&) const = default;
};

struct Address {
    std::uint8_t ton = 0;
    std::uint8_t npi = 0;
    std::string number{};

    bool operator==(const Address&) const = default;
};

// Whatever ends with the head: unbind, enquire_link, generic_nack, their responses, error responses.
struct Empty {
    bool operator==(const Empty&) const = default;
};

// A body nobody here reads: submit_multi, and commands that SMPP 3.4 does not know.
struct Raw {
    std::string bytes{};

    bool operator==(const Raw&) const = default;
};

struct Bind {  // bind_receiver, bind_transmitter, bind_transceiver
    std::string system_id{};
    std::string password{};
    std::string system_type{};
    std::uint8_t interface_version = version;
    std::uint8_t addr_ton = 0;
    std::uint8_t addr_npi = 0;
    std::string address_range{};

    bool operator==(const Bind&) const = default;
};

struct BindResponse {
    std::string system_id{};
    Tlvs tlvs{};

    bool operator==(const BindResponse&) const = default;
};

struct Outbind {
    std::string system_id{};
    std::string password{};

    bool operator==(const Outbind&) const = default;
};

// submit_sm, deliver_sm and data_sm. data_sm has no protocol_id, priority_flag, times, replace flag, default
// message and short_message: it carries its content in message_payload.
struct ShortMessage {
    std::string service_type{};
    Address source{};
    Address destination{};
    std::uint8_t esm_class = 0;
    std::uint8_t protocol_id = 0;
    std::uint8_t priority_flag = 0;
    std::string schedule_delivery_time{};  // YYMMDDhhmmsstnnp, or empty
    std::string validity_period{};         // the same
    std::uint8_t registered_delivery = 0;
    std::uint8_t replace_if_present = 0;
    std::uint8_t data_coding = 0;
    std::uint8_t default_message = 0;
    std::string short_message{};
    Tlvs tlvs{};
    bool lost_text = false;  // all there is of it stood in a message_payload that ran over the PDU's end

    // The content, from short_message or else from message_payload. Valid until this object changes.
    std::string_view payload() const;

    bool operator==(const ShortMessage&) const = default;
};

struct MessageResponse {  // submit_sm_resp, deliver_sm_resp (its message_id stays empty), data_sm_resp
    std::string message_id{};
    Tlvs tlvs{};

    bool operator==(const MessageResponse&) const = default;
};

struct Query {
    std::string message_id{};
    Address source{};

    bool operator==(const Query&) const = default;
};

struct QueryResponse {
    std::string message_id{};
    std::string final_date{};
    std::uint8_t message_state = 0;
    std::uint8_t error_code = 0;

    bool operator==(const QueryResponse&) const = default;
};

struct Replace {
    std::string message_id{};
    Address source{};
    std::string schedule_delivery_time{};
    std::string validity_period{};
    std::uint8_t registered_delivery = 0;
    std::uint8_t default_message = 0;
    std::string short_message{};

    bool operator==(const Replace&) const = default;
};

struct Cancel {
    std::string service_type{};
    std::string message_id{};
    Address source{};
    Address destination{};

    bool operator==(const Cancel&) const = default;
};

struct AlertNotification {
    Address source{};
    Address esme{};
    Tlvs tlvs{};

    bool operator==(const AlertNotification&) const = default;
};

using Body = std::variant<Empty, Raw, ShortMessage, MessageResponse, Bind, BindResponse, Outbind, Query,
                          QueryResponse, Replace, Cancel, AlertNotification>;

struct Pdu {
    Head head;
    Body body;

    bool operator==(const Pdu&) const = default;
};

// How long the PDU is that `bytes` begins with; 0 while fewer than four octets are there. errc::bad_pdu for a
// length that no PDU has: the stream has lost its step and cannot find it again.
Result<std::size_t> frame_size(std::string_view bytes);

// The head of a frame; at least head_size octets, which is asserted.
Head decode_head(std::string_view frame);

// Reads one whole frame. errc::bad_pdu when the body does not fit its length or its fields.
Result<Pdu> decode(std::string_view frame);

// Whether the fields respect the sizes of the standard, so that encode() may be called. Only a message that
// comes from outside needs asking.
template <class T>
bool encodable(Command command, const T& body);
bool encodable(const Pdu& pdu);

// Appends the PDU to `out`. `body` is one of the alternatives of Body, and encodable(), which is asserted.
template <class T>
void encode(std::string& out, const Head& head, const T& body);
void encode(std::string& out, const Pdu& pdu);

// "submit_sm sequence=7 status=ESME_ROK source_addr=1/1/61491570156 …", octet strings in hexadecimal: for
// traces. Holds content and passwords.
std::string describe(const Pdu& pdu);

}  // namespace tidings::smpp
