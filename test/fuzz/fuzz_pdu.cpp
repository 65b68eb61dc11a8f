// SPDX-License-Identifier: Apache-2.0
// Any bytes at all, as one PDU and as everything that a peer ever says. Nothing is read outside them, and
// what could be read and is within the standard reads the same after it was written. Either side of a
// conversation gives the same answers however the stream is cut, and all that it says is SMPP.
#include "smpp/session.hpp"

#include <cstdlib>

using namespace tidings;

namespace {

void check_codec(std::string_view bytes)
{
    auto pdu = smpp::decode(bytes);
    if (!pdu) return;
    if (smpp::describe(*pdu).empty()) std::abort();
    if (!smpp::encodable(*pdu)) return;
    std::string written, again;
    smpp::encode(written, *pdu);
    auto read = smpp::decode(written);
    if (!read || *read != *pdu) std::abort();
    smpp::encode(again, *read);
    if (again != written) std::abort();
}

// What the owner of a session does: admits, answers each message, sends one whenever it may.
void obey(smpp::Session& session, const smpp::Event& event)
{
    if (std::holds_alternative<smpp::BindAsked>(event)) session.answer_bind(smpp::status::ok);
    if (auto* received = std::get_if<smpp::Received>(&event))
        session.respond(received->command, received->sequence, smpp::status::ok);
    if (session.has_room()) session.send(smpp::Command::data_sm, {}, 1, {});
}

std::string said_by(smpp::Role role, std::string_view begin, std::string_view rest, std::size_t piece)
{
    smpp::Session session({.role = role, .window = 4}, {});
    if (role == smpp::Role::esme) session.bind(smpp::Command::bind_transceiver, {}, {});
    session.feed(begin);
    for (std::size_t at = 0; at <= rest.size(); at += piece) {
        session.feed(rest.substr(at, piece));
        while (auto event = session.next({})) obey(session, *event);
    }
    return session.output();
}

void check_stream(std::string_view bytes)
{
    for (; !bytes.empty(); bytes.remove_prefix(*smpp::frame_size(bytes)))
        if (!smpp::decode(bytes.substr(0, *smpp::frame_size(bytes)))) std::abort();
}

void check_conversation(smpp::Role role, std::string_view begin, std::string_view bytes)
{
    std::string said = said_by(role, begin, bytes, bytes.size() + 1);
    if (said != said_by(role, begin, bytes, 1)) std::abort();
    check_stream(said);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_codec(bytes);
    std::string asked, taken;
    smpp::encode(asked, smpp::Head{smpp::Command::bind_transceiver, smpp::status::ok, 1}, smpp::Bind{});
    smpp::encode(taken, smpp::Head{smpp::Command::bind_transceiver_resp, smpp::status::ok, 1},
                 smpp::BindResponse{});
    check_conversation(smpp::Role::smsc, {}, bytes);
    check_conversation(smpp::Role::smsc, asked, bytes);
    check_conversation(smpp::Role::esme, {}, bytes);
    check_conversation(smpp::Role::esme, taken, bytes);
    return 0;
}
