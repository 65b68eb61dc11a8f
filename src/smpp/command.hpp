// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidings::smpp {

// SMPP 3.4, 5.1.2.1. A peer may send ids that are not listed; a variable of this type can hold them.
enum class Command : std::uint32_t {
    bind_receiver = 0x01,
    bind_transmitter = 0x02,
    query_sm = 0x03,
    submit_sm = 0x04,
    deliver_sm = 0x05,
    unbind = 0x06,
    replace_sm = 0x07,
    cancel_sm = 0x08,
    bind_transceiver = 0x09,
    outbind = 0x0B,
    enquire_link = 0x15,
    submit_multi = 0x21,
    alert_notification = 0x102,
    data_sm = 0x103,
    generic_nack = 0x80000000,
    bind_receiver_resp = 0x80000001,
    bind_transmitter_resp = 0x80000002,
    query_sm_resp = 0x80000003,
    submit_sm_resp = 0x80000004,
    deliver_sm_resp = 0x80000005,
    unbind_resp = 0x80000006,
    replace_sm_resp = 0x80000007,
    cancel_sm_resp = 0x80000008,
    bind_transceiver_resp = 0x80000009,
    enquire_link_resp = 0x80000015,
    submit_multi_resp = 0x80000021,
    data_sm_resp = 0x80000103,
};

constexpr bool is_response(Command command) { return static_cast<std::uint32_t>(command) & 0x80000000; }

constexpr Command response_to(Command request)
{
    return static_cast<Command>(static_cast<std::uint32_t>(request) | 0x80000000);
}

// "submit_sm"; empty for an id that SMPP 3.4 does not know.
std::string_view name(Command command);

// The command_status values of SMPP 3.4, 5.1.3, and from 0x100 those that 5.0 added. Carriers use others too,
// mostly above 0x400.
namespace status {

constexpr std::uint32_t ok = 0x00;
constexpr std::uint32_t invalid_message_length = 0x01;
constexpr std::uint32_t invalid_command_length = 0x02;
constexpr std::uint32_t invalid_command_id = 0x03;
constexpr std::uint32_t invalid_bind_state = 0x04;
constexpr std::uint32_t already_bound = 0x05;
constexpr std::uint32_t invalid_priority = 0x06;
constexpr std::uint32_t invalid_registered_delivery = 0x07;
constexpr std::uint32_t system_error = 0x08;
constexpr std::uint32_t invalid_source = 0x0A;
constexpr std::uint32_t invalid_destination = 0x0B;
constexpr std::uint32_t invalid_message_id = 0x0C;
constexpr std::uint32_t bind_failed = 0x0D;
constexpr std::uint32_t invalid_password = 0x0E;
constexpr std::uint32_t invalid_system_id = 0x0F;
constexpr std::uint32_t cancel_failed = 0x11;
constexpr std::uint32_t replace_failed = 0x13;
constexpr std::uint32_t queue_full = 0x14;
constexpr std::uint32_t invalid_service_type = 0x15;
constexpr std::uint32_t invalid_destination_count = 0x33;
constexpr std::uint32_t invalid_list_name = 0x34;
constexpr std::uint32_t invalid_destination_flag = 0x40;
constexpr std::uint32_t invalid_submit_with_replace = 0x42;
constexpr std::uint32_t invalid_esm_class = 0x43;
constexpr std::uint32_t list_submit_failed = 0x44;
constexpr std::uint32_t submit_failed = 0x45;
constexpr std::uint32_t invalid_source_ton = 0x48;
constexpr std::uint32_t invalid_source_npi = 0x49;
constexpr std::uint32_t invalid_destination_ton = 0x50;
constexpr std::uint32_t invalid_destination_npi = 0x51;
constexpr std::uint32_t invalid_system_type = 0x53;
constexpr std::uint32_t invalid_replace_flag = 0x54;
constexpr std::uint32_t invalid_message_count = 0x55;
constexpr std::uint32_t throttled = 0x58;
constexpr std::uint32_t invalid_schedule = 0x61;
constexpr std::uint32_t invalid_expiry = 0x62;
constexpr std::uint32_t invalid_default_message = 0x63;
constexpr std::uint32_t temporary_failure = 0x64;  // ESME_RX_T_APPN: the sender tries again
constexpr std::uint32_t permanent_failure = 0x65;  // ESME_RX_P_APPN: the sender drops the message
constexpr std::uint32_t rejected = 0x66;
constexpr std::uint32_t query_failed = 0x67;
constexpr std::uint32_t invalid_optional_part = 0xC0;
constexpr std::uint32_t parameter_not_allowed = 0xC1;
constexpr std::uint32_t invalid_parameter_length = 0xC2;
constexpr std::uint32_t parameter_missing = 0xC3;
constexpr std::uint32_t invalid_parameter_value = 0xC4;
constexpr std::uint32_t delivery_failure = 0xFE;
constexpr std::uint32_t unknown_error = 0xFF;
constexpr std::uint32_t service_type_unauthorised = 0x100;
constexpr std::uint32_t prohibited = 0x101;
constexpr std::uint32_t service_type_unavailable = 0x102;
constexpr std::uint32_t service_type_denied = 0x103;
constexpr std::uint32_t invalid_data_coding = 0x104;
constexpr std::uint32_t invalid_source_subunit = 0x105;
constexpr std::uint32_t invalid_destination_subunit = 0x106;
constexpr std::uint32_t invalid_broadcast_interval = 0x107;
constexpr std::uint32_t invalid_broadcast_alias = 0x108;
constexpr std::uint32_t invalid_broadcast_area_format = 0x109;
constexpr std::uint32_t invalid_broadcast_area_count = 0x10A;
constexpr std::uint32_t invalid_broadcast_content = 0x10B;
constexpr std::uint32_t invalid_broadcast_class = 0x10C;
constexpr std::uint32_t broadcast_failed = 0x10D;
constexpr std::uint32_t broadcast_query_failed = 0x10E;
constexpr std::uint32_t broadcast_cancel_failed = 0x10F;
constexpr std::uint32_t invalid_broadcast_repetition = 0x110;
constexpr std::uint32_t invalid_broadcast_group = 0x111;
constexpr std::uint32_t invalid_broadcast_channel = 0x112;

}  // namespace status

// "ESME_RTHROTTLED"; the hexadecimal number for a status without a name.
std::string status_name(std::uint32_t status);

}  // namespace tidings::smpp
