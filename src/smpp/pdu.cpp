// SPDX-License-Identifier: Apache-2.0
// The protocol as tables. A PDU is a head of four numbers and a body whose fields are listed once, in the
// order of the wire, each with the member that it fills; reading, writing, measuring and describing all walk
// that list (fields.hpp has the kinds of fields). Lengths include the NUL that ends a text.
//
//     command_length  command_id  command_status  sequence_number    4 octets each, highest first
//
// Requests are read strictly: one that is cut short is refused. But of what carriers deliver the optional
// parameters may be, which some write wrong; and responses may end anywhere, since carriers leave out what
// the standard lets them and more (SMPP 3.4, 4.1.2 and 4.4.2). submit_multi is passed through unread.
#include "smpp/pdu.hpp"

#include "smpp/fields.hpp"

#include <cassert>
#include <tuple>

namespace tidings::smpp {

namespace {

constexpr std::size_t address_max = 21;       // SMPP 3.4, 5.2.8
constexpr std::size_t long_address_max = 65;  // data_sm and alert_notification
constexpr std::size_t message_id_max = 65;    // 5.2.23
constexpr std::size_t time_max = 17;          // 7.1.1

// The fields of every PDU, in the order of SMPP 3.4, section 4.

constexpr std::tuple empty_fields{};

constexpr std::tuple bind_fields{
    Text{"system_id", &Bind::system_id, 16},
    Text{"password", &Bind::password, 9},
    Text{"system_type", &Bind::system_type, 13},
    Octet{"interface_version", &Bind::interface_version},
    Octet{"addr_ton", &Bind::addr_ton},
    Octet{"addr_npi", &Bind::addr_npi},
    Text{"address_range", &Bind::address_range, 41},
};

constexpr std::tuple bind_response_fields{
    Text{"system_id", &BindResponse::system_id, 16},
    Optional{&BindResponse::tlvs},
};

constexpr std::tuple outbind_fields{
    Text{"system_id", &Outbind::system_id, 16},
    Text{"password", &Outbind::password, 9},
};

constexpr std::tuple short_message_fields{
    Text{"service_type", &ShortMessage::service_type, 6},
    Party{"source_addr", &ShortMessage::source, address_max},
    Party{"destination_addr", &ShortMessage::destination, address_max},
    Octet{"esm_class", &ShortMessage::esm_class},
    Octet{"protocol_id", &ShortMessage::protocol_id},
    Octet{"priority_flag", &ShortMessage::priority_flag},
    Text{"schedule_delivery_time", &ShortMessage::schedule_delivery_time, time_max},
    Text{"validity_period", &ShortMessage::validity_period, time_max},
    Octet{"registered_delivery", &ShortMessage::registered_delivery},
    Octet{"replace_if_present_flag", &ShortMessage::replace_if_present},
    Octet{"data_coding", &ShortMessage::data_coding},
    Octet{"sm_default_msg_id", &ShortMessage::default_message},
    Counted{"short_message", &ShortMessage::short_message, short_message_max},
    Optional{&ShortMessage::tlvs},
};

constexpr std::tuple data_fields{
    Text{"service_type", &ShortMessage::service_type, 6},
    Party{"source_addr", &ShortMessage::source, long_address_max},
    Party{"destination_addr", &ShortMessage::destination, long_address_max},
    Octet{"esm_class", &ShortMessage::esm_class},
    Octet{"registered_delivery", &ShortMessage::registered_delivery},
    Octet{"data_coding", &ShortMessage::data_coding},
    Optional{&ShortMessage::tlvs},
};

constexpr std::tuple message_response_fields{
    Text{"message_id", &MessageResponse::message_id, message_id_max},
    Optional{&MessageResponse::tlvs},
};

constexpr std::tuple query_fields{
    Text{"message_id", &Query::message_id, message_id_max},
    Party{"source_addr", &Query::source, address_max},
};

constexpr std::tuple query_response_fields{
    Text{"message_id", &QueryResponse::message_id, message_id_max},
    Text{"final_date", &QueryResponse::final_date, time_max},
    Octet{"message_state", &QueryResponse::message_state},
    Octet{"error_code", &QueryResponse::error_code},
};

constexpr std::tuple replace_fields{
    Text{"message_id", &Replace::message_id, message_id_max},
    Party{"source_addr", &Replace::source, address_max},
    Text{"schedule_delivery_time", &Replace::schedule_delivery_time, time_max},
    Text{"validity_period", &Replace::validity_period, time_max},
    Octet{"registered_delivery", &Replace::registered_delivery},
    Octet{"sm_default_msg_id", &Replace::default_message},
    Counted{"short_message", &Replace::short_message, short_message_max},
};

constexpr std::tuple cancel_fields{
    Text{"service_type", &Cancel::service_type, 6},
    Text{"message_id", &Cancel::message_id, message_id_max},
    Party{"source_addr", &Cancel::source, address_max},
    Party{"destination_addr", &Cancel::destination, address_max},
};

constexpr std::tuple alert_fields{
    Party{"source_addr", &AlertNotification::source, long_address_max},
    Party{"esme_addr", &AlertNotification::esme, long_address_max},
    Optional{&AlertNotification::tlvs},
};

// Which fields a struct has; only ShortMessage has two sets, of which the command chooses.
template <class T, class F>
decltype(auto) with_fields(Command command, const F& visitor)
{
    if constexpr (std::is_same_v<T, Empty>) return visitor(empty_fields);
    if constexpr (std::is_same_v<T, Bind>) return visitor(bind_fields);
    if constexpr (std::is_same_v<T, BindResponse>) return visitor(bind_response_fields);
    if constexpr (std::is_same_v<T, Outbind>) return visitor(outbind_fields);
    if constexpr (std::is_same_v<T, ShortMessage>)
        return command == Command::data_sm ? visitor(data_fields) : visitor(short_message_fields);
    if constexpr (std::is_same_v<T, MessageResponse>) return visitor(message_response_fields);
    if constexpr (std::is_same_v<T, Query>) return visitor(query_fields);
    if constexpr (std::is_same_v<T, QueryResponse>) return visitor(query_response_fields);
    if constexpr (std::is_same_v<T, Replace>) return visitor(replace_fields);
    if constexpr (std::is_same_v<T, Cancel>) return visitor(cancel_fields);
    if constexpr (std::is_same_v<T, AlertNotification>) return visitor(alert_fields);
}

template <class T>
bool read(Command command, Reader in, Body& body)
{
    T& value = body.emplace<T>();
    bool is_whole = with_fields<T>(command, [&](const auto& fields) {
        return std::apply([&](const auto&... field) { return (field.get(in, value) && ...); }, fields);
    });
    if constexpr (std::is_same_v<T, ShortMessage>)
        value.lost_text = in.cut() == tag::message_payload && value.short_message.empty();
    return is_whole;
}

// Searched from the front; what comes most often stands first.
struct CommandRow {
    Command command;
    std::string_view name;
    bool (*read)(Command, Reader, Body&);  // null: the body stays raw
};

constexpr CommandRow commands[] = {
    {Command::submit_sm, "submit_sm", read<ShortMessage>},
    {Command::submit_sm_resp, "submit_sm_resp", read<MessageResponse>},
    {Command::deliver_sm, "deliver_sm", read<ShortMessage>},
    {Command::deliver_sm_resp, "deliver_sm_resp", read<MessageResponse>},
    {Command::data_sm, "data_sm", read<ShortMessage>},
    {Command::data_sm_resp, "data_sm_resp", read<MessageResponse>},
    {Command::enquire_link, "enquire_link", read<Empty>},
    {Command::enquire_link_resp, "enquire_link_resp", read<Empty>},
    {Command::generic_nack, "generic_nack", read<Empty>},
    {Command::bind_receiver, "bind_receiver", read<Bind>},
    {Command::bind_receiver_resp, "bind_receiver_resp", read<BindResponse>},
    {Command::bind_transmitter, "bind_transmitter", read<Bind>},
    {Command::bind_transmitter_resp, "bind_transmitter_resp", read<BindResponse>},
    {Command::bind_transceiver, "bind_transceiver", read<Bind>},
    {Command::bind_transceiver_resp, "bind_transceiver_resp", read<BindResponse>},
    {Command::outbind, "outbind", read<Outbind>},
    {Command::unbind, "unbind", read<Empty>},
    {Command::unbind_resp, "unbind_resp", read<Empty>},
    {Command::query_sm, "query_sm", read<Query>},
    {Command::query_sm_resp, "query_sm_resp", read<QueryResponse>},
    {Command::replace_sm, "replace_sm", read<Replace>},
    {Command::replace_sm_resp, "replace_sm_resp", read<Empty>},
    {Command::cancel_sm, "cancel_sm", read<Cancel>},
    {Command::cancel_sm_resp, "cancel_sm_resp", read<Empty>},
    {Command::alert_notification, "alert_notification", read<AlertNotification>},
    {Command::submit_multi, "submit_multi", nullptr},
    {Command::submit_multi_resp, "submit_multi_resp", nullptr},
};

const CommandRow* find_row(Command command)
{
    for (const auto& row : commands)
        if (row.command == command) return &row;
    return nullptr;
}

Reader::Manner manner_of(Command command)
{
    if (is_response(command)) return Reader::Manner::may_end_early;
    bool is_delivered = command == Command::deliver_sm || command == Command::data_sm;
    return is_delivered ? Reader::Manner::parameters_may_be_cut : Reader::Manner::strict;
}

template <class T>
std::size_t body_size(Command command, const T& body)
{
    return with_fields<T>(command, [&](const auto& fields) {
        return std::apply([&](const auto&... field) { return (std::size_t{0} + ... + field.size(body)); },
                          fields);
    });
}

template <class T>
void put_body(char* at, Command command, const T& body)
{
    with_fields<T>(command, [&](const auto& fields) {
        std::apply([&](const auto&... field) { ((at = field.put(at, body)), ...); }, fields);
    });
}

}  // namespace

std::string_view name(Command command)
{
    const CommandRow* row = find_row(command);
    return row ? row->name : std::string_view{};
}

std::string_view ShortMessage::payload() const
{
    // SMPP 3.4, 5.3.2.32: of short_message and message_payload only one may be used. Where a carrier sends
    // both, this one is read.
    if (!short_message.empty()) return short_message;
    const std::string* payload = find(tlvs, tag::message_payload);
    return payload ? std::string_view(*payload) : std::string_view{};
}

Result<std::size_t> frame_size(std::string_view bytes)
{
    if (bytes.size() < 4) return std::size_t{0};
    std::size_t size = get_number(bytes, 0, 4);
    // The upper bound keeps a peer from making us wait for, and keep, a PDU of 4 GiB.
    if (size < head_size || size > pdu_max) return errc::bad_pdu;
    return size;
}

Head decode_head(std::string_view frame)
{
    assert(frame.size() >= head_size);
    return {static_cast<Command>(get_number(frame, 4, 4)), get_number(frame, 8, 4), get_number(frame, 12, 4)};
}

Result<Pdu> decode(std::string_view frame)
{
    auto size = frame_size(frame);
    if (!size || *size != frame.size() || frame.empty()) return errc::bad_pdu;
    Result<Pdu> result{Pdu{decode_head(frame), {}}};
    Pdu& pdu = *result;
    std::string_view body = frame.substr(head_size);
    const CommandRow* row = find_row(pdu.head.command);
    // Not an error: the session answers what it does not know with generic_nack, for which it needs the head
    // alone.
    if (!row || !row->read) {
        pdu.body = Raw{std::string(body)};
        return result;
    }
    Reader::Manner manner = manner_of(pdu.head.command);
    if (!row->read(pdu.head.command, Reader(body, manner), pdu.body)) return errc::bad_pdu;
    return result;
}

template <class T>
bool encodable(Command command, const T& body)
{
    if (head_size + body_size(command, body) > pdu_max) return false;
    if constexpr (std::is_same_v<T, ShortMessage>)
        if (body.lost_text) return false;  // it would say less than what was read
    return with_fields<T>(command, [&](const auto& fields) {
        return std::apply([&](const auto&... field) { return (field.fits(body) && ...); }, fields);
    });
}

template <>
bool encodable(Command, const Raw& body)
{
    return head_size + body.bytes.size() <= pdu_max;
}

template <class T>
void encode(std::string& out, const Head& head, const T& body)
{
    assert(encodable(head.command, body));
    std::size_t size = head_size;
    if constexpr (std::is_same_v<T, Raw>) {
        size += body.bytes.size();
    } else {
        size += body_size(head.command, body);
    }
    const std::size_t start = out.size();
    // The size is worked out before, so that fields are written in place and the string grows once.
    out.resize(start + size);
    char* at = put_number(out.data() + start, static_cast<std::uint32_t>(size), 4);
    at = put_number(at, static_cast<std::uint32_t>(head.command), 4);
    at = put_number(put_number(at, head.status, 4), head.sequence, 4);
    if constexpr (std::is_same_v<T, Raw>) {
        put_bytes(at, body.bytes);
    } else {
        put_body(at, head.command, body);
    }
}

bool encodable(const Pdu& pdu)
{
    return std::visit([&](const auto& body) { return encodable(pdu.head.command, body); }, pdu.body);
}

void encode(std::string& out, const Pdu& pdu)
{
    std::visit([&](const auto& body) { encode(out, pdu.head, body); }, pdu.body);
}

std::string describe(const Pdu& pdu)
{
    std::string out(name(pdu.head.command));
    if (out.empty()) out = fmt::format("0x{:08X}", static_cast<std::uint32_t>(pdu.head.command));
    fmt::format_to(std::back_inserter(out), " sequence={} status={}", pdu.head.sequence,
                   status_name(pdu.head.status));
    auto show = [&]<class T>(const T& body) {
        if constexpr (std::is_same_v<T, Raw>) {
            out += " bytes=" + base::to_hex(body.bytes);
        } else {
            with_fields<T>(pdu.head.command, [&](const auto& fields) {
                std::apply([&](const auto&... field) { (field.show(out, body), ...); }, fields);
            });
        }
    };
    std::visit(show, pdu.body);
    return out;
}

// What sessions write, and nothing that they do not.
template bool encodable(Command, const Empty&);
template bool encodable(Command, const ShortMessage&);
template bool encodable(Command, const MessageResponse&);
template bool encodable(Command, const Bind&);
template bool encodable(Command, const BindResponse&);
template void encode(std::string&, const Head&, const Empty&);
template void encode(std::string&, const Head&, const ShortMessage&);
template void encode(std::string&, const Head&, const MessageResponse&);
template void encode(std::string&, const Head&, const Bind&);
template void encode(std::string&, const Head&, const BindResponse&);

}  // namespace tidings::smpp
