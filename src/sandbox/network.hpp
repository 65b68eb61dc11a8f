// SPDX-License-Identifier: Apache-2.0
// All that the simulated carrier knows and decides, without sockets, files and a clock. Each change appends
// its line to log(), which belongs into the journal before anybody is told of the change.
#pragma once

#include "sandbox/behaviour.hpp"
#include "sandbox/conduct.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/letter.hpp"
#include "sandbox/owed.hpp"
#include "sandbox/parts.hpp"
#include "sandbox/record.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tidings::sandbox {

constexpr std::size_t owed_max = 200'000;  // deliveries, 300 bytes each; with more, submits get ESME_RMSGQFUL
constexpr std::size_t scripted_max = 10'000;  // handsets with a behaviour of their own

// What becomes of the connection when a submit is answered.
enum class Drop : std::uint8_t { none, in_place_of_answer, after_answer };

class Network {
public:
    // Lines of an earlier life in their order, without line ends. False: a line that no carrier wrote.
    bool restore(std::string_view line);
    // Once, before all the rest but restore(). Message ids are hexadecimal, upper case, 14 digits, unless a
    // behaviour says otherwise: they count up from the milliseconds since 1970, so that a carrier without a
    // journal does not use an id twice either.
    void open(base::Time now);

    struct Answer {
        std::uint32_t status = smpp::status::ok;
        std::string message_id{};
        base::Time due{};             // when it is to be given
        bool after_receipts = false;  // not before the receipts that are due then
        std::optional<std::uint8_t> congestion{};
        Drop drop = Drop::none;
    };
    // The receipts, and what the handset answers, go to the ESME with this system_id; empty: to any.
    Answer accept(const smpp::ShortMessage& submitted, base::Time now, const std::string& esme = {});

    // False: too much is owed already.
    bool send(const Letter& letter, base::Time now);

    const Behaviour& behaviour(const std::string& number) const;
    // False: too many handsets have one.
    bool set_behaviour(const std::string& number, const Behaviour& behaviour);

    const Conduct& conduct() const { return conduct_; }
    void set_conduct(const Conduct& conduct);

    const Inbox& inbox() const { return inbox_; }
    Owed& owed() { return owed_; }
    const Owed& owed() const { return owed_; }
    void pay(std::uint64_t token);

    // Lines that the journal does not have yet; whoever wrote them takes them off.
    std::string& log() { return log_; }
    // The journal that stands for all there is now, log() included.
    std::string snapshot() const;

private:
    std::uint64_t next_number();
    std::uint32_t refusal(const smpp::ShortMessage& submitted, const Behaviour* behaviour, base::Time now);
    bool throttles(base::Time now);
    Drop next_drop();
    Answer take(const smpp::ShortMessage& submitted, const Behaviour& behaviour, base::Time now,
                const std::string& esme);
    void owe_receipts(Receipted& receipted, const smpp::ShortMessage& submitted, const Behaviour& behaviour,
                      const std::string& esme);
    void arrive(const smpp::ShortMessage& submitted, const Piece& piece, base::Time now,
                const std::string& esme);
    void owe(Delivery delivery);
    void owe_message(const smpp::Address& from, const smpp::Address& to, std::string_view content,
                     base::Time due, const std::string& esme);

    Conduct conduct_;
    std::uint64_t submits_ = 0;           // since the conduct was set
    std::deque<base::Time> last_second_;  // when submits were let through, while there is a limit for them
    std::unordered_map<std::string, Behaviour> behaviours_;
    Joiner joiner_;
    Inbox inbox_;
    Owed owed_;
    std::uint64_t next_ = 1;         // message id or token
    std::uint64_t numbers_end_ = 1;  // the log says that those below are taken
    std::string log_;
};

}  // namespace tidings::sandbox
