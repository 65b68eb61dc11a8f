// SPDX-License-Identifier: Apache-2.0
#include "smpp/session.hpp"

#include "support/hex.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <numeric>

namespace tidings::smpp {

using test::from_hex;

namespace {

using namespace std::chrono_literals;

// One side of a conversation: a session, and what it told.
struct Side {
    explicit Side(SessionOptions options) : session(options, now) {}

    void hear(std::string_view bytes)
    {
        session.feed(bytes);
        while (auto event = session.next(now)) events.push_back(std::move(*event));
    }
    void hear(const Pdu& pdu)
    {
        std::string bytes;
        encode(bytes, pdu);
        hear(bytes);
    }
    void pass(std::chrono::milliseconds time)
    {
        now += time;
        session.tick(now);
        hear("");
    }
    // The next PDU it sent; generic_nack of sequence 999 when there is none.
    Pdu said()
    {
        std::string& out = session.output();
        if (out.empty()) return {{Command::generic_nack, 0, 999}, Empty{}};
        std::string bytes = out.substr(0, frame_size(out).value());
        out.erase(0, bytes.size());
        return decode(bytes).value();
    }
    template <class T>
    T told()
    {
        if (events.empty() || !std::holds_alternative<T>(events.front()))
            throw std::logic_error("another event");
        T event = std::get<T>(std::move(events.front()));
        events.pop_front();
        return event;
    }

    base::Moment now{1'000'000'000s};
    Session session;
    std::deque<Event> events;
};

const Bind credentials{.system_id = "tidings", .password = "secret"};

Side bound_esme(SessionOptions options = {}, Command command = Command::bind_transceiver)
{
    Side side(options);
    side.session.bind(command, credentials, side.now);
    Head asked = side.said().head;
    side.hear({{response_to(command), status::ok, asked.sequence}, BindResponse{"SMSC", {}}});
    side.told<Bound>();
    return side;
}

Side bound_smsc(Command command = Command::bind_transceiver)
{
    Side side({.role = Role::smsc});
    side.hear({{command, status::ok, 1}, credentials});
    side.told<BindAsked>();
    side.session.answer_bind(status::ok);
    side.said();
    return side;
}

ShortMessage hello() { return {.destination = {1, 1, "61491570156"}, .short_message = "hello"}; }

std::uint32_t send(Side& side, std::uint64_t token)
{
    side.session.send(Command::submit_sm, hello(), token, side.now);
    return side.said().head.sequence;
}

Pdu answer_to(std::uint32_t sequence, std::uint32_t status = status::ok, std::string id = "id")
{
    return {{Command::submit_sm_resp, status, sequence}, MessageResponse{std::move(id), {}}};
}

}  // namespace

TEST(Session, BindsSubmitsAndGetsAnswersInAnyOrder)
{
    Side side = bound_esme({.window = 2});
    auto first = send(side, 71), second = send(side, 72);
    EXPECT_FALSE(side.session.has_room());
    side.hear(answer_to(second, status::ok, "b"));
    EXPECT_TRUE(side.session.has_room());
    side.hear(answer_to(first, status::throttled, ""));
    auto b = side.told<Answered>(), a = side.told<Answered>();
    EXPECT_EQ(b.token, 72u);
    EXPECT_EQ(b.message_id, "b");
    EXPECT_EQ(a.token, 71u);
    EXPECT_EQ(a.status, status::throttled);
    side.hear(answer_to(first));
    EXPECT_TRUE(side.events.empty());
}

TEST(Session, ReadsAConversationSplitAtEveryByte)
{
    std::string bytes;
    for (std::uint32_t i = 1; i < 4; ++i) encode(bytes, Pdu{{Command::deliver_sm, 0, i}, hello()});
    for (std::size_t at = 0; at <= bytes.size(); ++at) {
        Side side = bound_esme();
        side.hear(bytes.substr(0, at));
        side.hear(bytes.substr(at));
        for (std::uint32_t i = 1; i < 4; ++i) {
            auto received = side.told<Received>();
            EXPECT_EQ(received.sequence, i);
            EXPECT_EQ(received.message, hello());
        }
    }
    Side side = bound_esme();
    for (char byte : bytes) side.hear(std::string_view(&byte, 1));
    EXPECT_EQ(side.events.size(), 3u);
}

TEST(Session, AnswersDeliverWithAnEmptyIdAlsoWhenRefusing)
{
    Side side = bound_esme();
    side.hear({{Command::deliver_sm, 0, 5}, hello()});
    side.hear({{Command::deliver_sm, 0, 6}, hello()});
    EXPECT_EQ(side.session.unanswered(), 2u);
    side.session.respond(Command::deliver_sm, 6, status::temporary_failure);
    side.session.respond(Command::deliver_sm, 5, status::ok);
    EXPECT_EQ(side.session.output(), from_hex("0000001180000005000000640000000600"
                                              "0000001180000005000000000000000500"));
    EXPECT_EQ(side.session.unanswered(), 0u);
}

TEST(Session, PeerThatIgnoresAnyWindowIsToldToSlowDown)
{
    Side side = bound_smsc();
    for (std::uint32_t i = 1; i <= 1'001; ++i) side.hear({{Command::submit_sm, 0, i}, hello()});
    EXPECT_EQ(side.events.size(), 1'000u);
    EXPECT_EQ(side.said().head, (Head{Command::submit_sm_resp, status::throttled, 1'001}));
    side.session.respond(Command::submit_sm, 1, status::ok, {"id", {}});
    side.hear({{Command::submit_sm, 0, 1'002}, hello()});
    EXPECT_EQ(side.events.size(), 1'001u);
}

TEST(Session, RefusedSubmitHasNoBody)
{
    Side side = bound_smsc();
    side.hear({{Command::submit_sm, 0, 5}, hello()});
    side.session.respond(Command::submit_sm, 5, status::throttled, {"ignored", {}});
    EXPECT_EQ(side.session.output(), from_hex("00000010800000040000005800000005"));
}

TEST(Session, LengthThatNoPduHasEndsIt)
{
    for (const char* start : {"0000000f", "00010801", "ffffffff", "48545450"}) {
        Side side = bound_esme();
        side.hear(from_hex(start));
        EXPECT_EQ(side.told<Ended>().end, End::garbage);
        EXPECT_EQ(side.said().head, (Head{Command::generic_nack, status::invalid_command_length, 0}));
        EXPECT_TRUE(side.events.empty());
    }
}

TEST(Session, UnreadableBodyIsRefusedAndTheNextPduIsRead)
{
    Side side = bound_esme();
    side.hear(from_hex("000000120000000500000000000000096162"));
    side.hear({{Command::deliver_sm, 0, 10}, hello()});
    EXPECT_EQ(side.told<Malformed>().head.sequence, 9u);
    EXPECT_EQ(side.told<Received>().sequence, 10u);
    EXPECT_EQ(side.said().head, (Head{Command::deliver_sm_resp, status::invalid_command_length, 9}));
}

TEST(Session, ADeliveryThatLostItsTextIsRefusedForItsParameters)
{
    Side side = bound_esme();
    std::string cut = from_hex("0424000541");
    Pdu pdu{{Command::deliver_sm, 0, 9}, ShortMessage{}};
    std::string bytes;
    encode(bytes, pdu);
    bytes += cut;
    bytes[3] = static_cast<char>(bytes.size());
    side.hear(bytes);
    EXPECT_EQ(side.told<Malformed>().head.sequence, 9u);
    EXPECT_EQ(side.said().head, (Head{Command::deliver_sm_resp, status::invalid_optional_part, 9}));
}

TEST(Session, UnknownCommandGetsNackAndUnservedOneItsResponse)
{
    Side side = bound_smsc();
    side.hear(from_hex("00000010000001110000000000000007"));
    EXPECT_EQ(side.said().head, (Head{Command::generic_nack, status::invalid_command_id, 7}));
    side.hear({{Command::query_sm, 0, 8}, Query{}});
    EXPECT_EQ(side.said().head, (Head{Command::query_sm_resp, status::invalid_command_id, 8}));
    side.hear({{Command::deliver_sm, 0, 9}, hello()});
    EXPECT_EQ(side.said().head, (Head{Command::deliver_sm_resp, status::invalid_command_id, 9}));
    side.hear(from_hex("00000010800001110000000000000007"));
    EXPECT_EQ(side.said().head.sequence, 999u);
}

TEST(Session, NackOfASubmitIsItsAnswer)
{
    Side side = bound_esme();
    auto sequence = send(side, 5);
    side.hear({{Command::generic_nack, status::ok, sequence}, Empty{}});
    EXPECT_EQ(side.told<Answered>().status, status::unknown_error);
}

TEST(Session, SilenceIsAskedTwiceAndThenEnds)
{
    Side side = bound_esme({.enquire_link = 30s});
    side.pass(29s);
    EXPECT_EQ(side.said().head.sequence, 999u);
    side.pass(1s);
    EXPECT_EQ(side.said().head.command, Command::enquire_link);
    side.pass(30s);
    EXPECT_EQ(side.said().head.command, Command::enquire_link);
    side.pass(29s);
    EXPECT_FALSE(side.session.ended());
    side.pass(1s);
    EXPECT_EQ(side.told<Ended>().end, End::silent);
}

TEST(Session, AnyPduIsALifeSign)
{
    Side side = bound_esme({.enquire_link = 30s});
    for (int i = 0; i < 10; ++i) {
        side.pass(29s);
        side.hear({{Command::enquire_link, 0, 77}, Empty{}});
        EXPECT_EQ(side.said().head, (Head{Command::enquire_link_resp, status::ok, 77}));
    }
    side.pass(30s);
    EXPECT_EQ(side.said().head.command, Command::enquire_link);
    side.hear({{Command::generic_nack, status::invalid_command_id, 2}, Empty{}});
    side.pass(29s);
    EXPECT_EQ(side.said().head.sequence, 999u);
}

TEST(Session, UnansweredSubmitEndsItAndStaysInDoubt)
{
    Side side = bound_esme({.enquire_link = 10s, .response_timeout = 30s});
    send(side, 1);
    auto second = send(side, 2);
    send(side, 3);
    side.hear(answer_to(second));
    side.pass(29s);
    side.hear({{Command::enquire_link, 0, 77}, Empty{}});
    EXPECT_FALSE(side.session.ended());
    side.pass(1s);
    side.told<Answered>();
    EXPECT_EQ(side.told<Ended>().end, End::unanswered);
    EXPECT_EQ(side.session.take_in_flight(), (std::vector<std::uint64_t>{1, 3}));
}

TEST(Session, RefusedBindTellsTheStatus)
{
    for (Command response : {Command::bind_transceiver_resp, Command::generic_nack}) {
        Side side({});
        side.session.bind(Command::bind_transceiver, credentials, side.now);
        side.hear({{response, status::invalid_password, side.said().head.sequence}, Empty{}});
        auto ended = side.told<Ended>();
        EXPECT_EQ(ended.end, End::refused);
        EXPECT_EQ(ended.status, status::invalid_password);
    }
}

TEST(Session, SubmitThatIsNotAnsweredWhileOthersAreIsTheTroubleOfThatOne)
{
    Side side = bound_esme({.enquire_link = 100s, .response_timeout = 30s});
    send(side, 71);
    side.pass(10s);
    side.hear(answer_to(send(side, 72)));
    side.told<Answered>();
    side.pass(19s);
    EXPECT_TRUE(side.events.empty());
    side.pass(1s);
    EXPECT_EQ(side.told<Unanswered>().token, 71u);
    EXPECT_TRUE(side.session.bound());
    EXPECT_EQ(side.session.in_flight(), 0u);
}

TEST(Session, PeerThatAnswersNothingAnyMoreEndsItWhateverItAnsweredBefore)
{
    Side side = bound_esme({.enquire_link = 100s, .response_timeout = 30s});
    send(side, 71);
    side.pass(1s);
    side.hear(answer_to(send(side, 72)));
    side.told<Answered>();
    side.pass(1s);
    send(side, 73);
    side.pass(28s);
    EXPECT_EQ(side.told<Ended>().end, End::unanswered);
    EXPECT_EQ(side.session.take_in_flight(), (std::vector<std::uint64_t>{71, 73}));
}

TEST(Session, UnansweredBindEndsIt)
{
    Side side({.response_timeout = 30s});
    side.session.bind(Command::bind_transceiver, credentials, side.now);
    side.pass(30s);
    EXPECT_EQ(side.told<Ended>().end, End::unanswered);
}

TEST(Session, OutbindIsToldOnceAndBeforeTheBindOnly)
{
    const Pdu outbind{{Command::outbind, status::ok, 1}, Outbind{"SMSC", "hello"}};
    Side side{SessionOptions{}};
    side.hear(outbind);
    EXPECT_EQ(side.told<OutbindAsked>().outbind, (Outbind{"SMSC", "hello"}));
    side.session.bind(Command::bind_transceiver, credentials, side.now);
    EXPECT_EQ(side.said().head.command, Command::bind_transceiver);
    side.hear(outbind);
    EXPECT_TRUE(side.events.empty());
    EXPECT_FALSE(side.session.ended());

    Side smsc({.role = Role::smsc});
    smsc.hear(outbind);
    EXPECT_TRUE(smsc.events.empty());
}

TEST(Session, PeerThatDoesNotAskForABindInTimeIsDropped)
{
    Side side({.session_init = 5s});
    side.pass(4'999ms);
    EXPECT_FALSE(side.session.ended());
    side.pass(1ms);
    EXPECT_EQ(side.told<Ended>().end, End::unbindable);
}

TEST(Session, PeerThatDoesNotBindInTimeIsDropped)
{
    Side side({.role = Role::smsc, .session_init = 10s});
    side.hear({{Command::enquire_link, 0, 1}, Empty{}});
    side.hear({{Command::submit_sm, 0, 2}, hello()});
    EXPECT_EQ(side.said().head.command, Command::enquire_link_resp);
    EXPECT_EQ(side.said().head.status, status::invalid_bind_state);
    side.pass(10s);
    EXPECT_EQ(side.told<Ended>().end, End::unbindable);
}

TEST(Session, SecondBindIsRefusedAndTheFirstStands)
{
    Side side = bound_smsc();
    side.hear({{Command::bind_receiver, 0, 2}, credentials});
    EXPECT_EQ(side.said().head, (Head{Command::bind_receiver_resp, status::already_bound, 2}));
    EXPECT_TRUE(side.session.bound());
}

TEST(Session, RefusingABindEndsItAfterTheResponse)
{
    Side side({.role = Role::smsc});
    side.hear({{Command::bind_receiver, 0, 2}, credentials});
    EXPECT_EQ(side.told<BindAsked>().bind, credentials);
    side.session.answer_bind(status::invalid_password);
    side.hear("");
    EXPECT_EQ(side.told<Ended>().end, End::refused);
    EXPECT_EQ(side.session.output(), from_hex("00000010800000010000000e00000002"));
}

TEST(Session, BindDecidesWhoMaySend)
{
    Side receiver = bound_esme({}, Command::bind_receiver);
    EXPECT_FALSE(receiver.session.has_room());
    Side transmitter = bound_esme({}, Command::bind_transmitter);
    EXPECT_TRUE(transmitter.session.has_room());
    transmitter.hear({{Command::deliver_sm, 0, 3}, hello()});
    EXPECT_EQ(transmitter.said().head.status, status::invalid_bind_state);
    Side smsc = bound_smsc(Command::bind_receiver);
    EXPECT_TRUE(smsc.session.has_room());
    smsc.hear({{Command::submit_sm, 0, 3}, hello()});
    EXPECT_EQ(smsc.said().head.status, status::invalid_bind_state);
    EXPECT_FALSE(bound_smsc(Command::bind_transmitter).session.has_room());
}

TEST(Session, UnbindWaitsForAnswersFirst)
{
    Side side = bound_esme();
    auto sequence = send(side, 1);
    side.session.unbind(side.now);
    EXPECT_FALSE(side.session.has_room());
    EXPECT_TRUE(side.session.output().empty());
    side.hear(answer_to(sequence));
    Pdu unbind = side.said();
    EXPECT_EQ(unbind.head.command, Command::unbind);
    side.hear({{Command::deliver_sm, 0, 3}, hello()});
    EXPECT_EQ(side.said().head.status, status::temporary_failure);
    side.hear({{Command::unbind_resp, 0, unbind.head.sequence}, Empty{}});
    side.told<Answered>();
    EXPECT_EQ(side.told<Ended>().end, End::unbound);
}

TEST(Session, UnbindDoesNotWaitForever)
{
    Side side = bound_esme();
    send(side, 1);
    side.session.unbind(side.now);
    side.pass(5s);
    EXPECT_EQ(side.said().head.command, Command::unbind);
    side.pass(5s);
    EXPECT_EQ(side.told<Ended>().end, End::unanswered);
    EXPECT_EQ(side.session.take_in_flight().size(), 1u);
}

TEST(Session, UnbindOfThePeerIsAnsweredAndEndsIt)
{
    Side side = bound_esme();
    side.hear({{Command::unbind, 0, 9}, Empty{}});
    EXPECT_EQ(side.said().head, (Head{Command::unbind_resp, status::ok, 9}));
    EXPECT_EQ(side.told<Ended>().end, End::unbound);
}

// Both sides converse; at step n the connection breaks. Whatever n is, every submit was either answered or is
// in doubt, never both and never neither.
TEST(Session, ConnectionLostAtAnyStepLeavesNoSubmitUnaccounted)
{
    for (int breaks_at = 0;; ++breaks_at) {
        int step = 0;
        Side esme = bound_esme({.window = 4}), smsc = bound_smsc();
        std::vector<std::uint64_t> answered;
        std::uint64_t sent = 0;
        auto pass_on = [&](Side& from, Side& to) {
            for (std::string byte; !from.session.output().empty();
                 from.session.output().erase(0, byte.size())) {
                byte = from.session.output().substr(0, 16);
                if (step++ == breaks_at) return false;
                to.hear(byte);
            }
            return true;
        };
        auto turn = [&] {
            while (sent < 10 && esme.session.has_room())
                esme.session.send(Command::submit_sm, hello(), ++sent, esme.now);
            if (!pass_on(esme, smsc)) return false;
            for (; !smsc.events.empty(); smsc.events.pop_back())  // the last first
                smsc.session.respond(Command::submit_sm, std::get<Received>(smsc.events.back()).sequence,
                                     status::ok, {"x", {}});
            if (!pass_on(smsc, esme)) return false;
            while (!esme.events.empty()) answered.push_back(esme.told<Answered>().token);
            return true;
        };
        bool whole = true;
        while (whole && answered.size() < 10) whole = turn();
        esme.session.end(End::closed);
        while (!esme.events.empty()) answered.push_back(esme.told<Answered>().token);
        for (auto token : esme.session.take_in_flight()) answered.push_back(token);
        std::sort(answered.begin(), answered.end());
        std::vector<std::uint64_t> expected(sent);
        std::iota(expected.begin(), expected.end(), 1);
        ASSERT_EQ(answered, expected) << "broken at step " << breaks_at;
        if (whole) break;
    }
}

}  // namespace tidings::smpp
