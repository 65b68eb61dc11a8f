// SPDX-License-Identifier: Apache-2.0
// The carrier in the box: a real SMPP server with handsets behind it. Everything happens on one executor's
// thread.
//
// What is accepted, and what is owed, is in the journal before the ESME or the caller hears of it: one write
// for all that came in one turn of the executor. While the journal cannot be written, nothing is answered.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/network.hpp"
#include "smpp/server.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/channel.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tidings::sandbox {

namespace asio = boost::asio;

// Brings an MMS of a handset, which SMPP cannot carry, to whoever is bound; called on the Smsc's executor.
// False: it is not taken now.
using BringMms = std::function<asio::awaitable<bool>(Letter)>;

struct SmscOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;          // 0: any free one; see Smsc::port()
    std::filesystem::path folder{};  // of the journal; empty: nothing survives the process
    std::string system_id{};         // to accept; empty: any
    std::string password{};          // the same
    BringMms bring_mms{};            // empty: there is no way for one
    std::size_t attachment_bytes_max = sandbox::attachment_bytes_max;  // of one MMS
};

class Smsc {
public:
    // Listens at once, and goes on with what the journal in the folder says. Throws std::runtime_error.
    Smsc(asio::any_io_executor executor, base::Clock& clock, const SmscOptions& options);

    std::uint16_t port() const { return server_.port(); }
    asio::any_io_executor executor() const { return executor_; }
    std::size_t attachment_bytes_max() const { return options_.attachment_bytes_max; }

    // Serves until stop() or cancellation. The object must live until it returned. Once.
    asio::awaitable<void> run();
    void stop();  // unbinds every session

    // The handsets. On the executor only, as all the rest; numbers are digits. Those that return a bool say
    // no when a limit of Network is reached. What they change is in the journal when they return; they throw
    // when it cannot be.
    std::vector<Arrival> messages(const std::string& number) const
    {
        return network_.inbox().messages(number);
    }
    bool send(const Letter& letter);
    bool has_mms() const { return static_cast<bool>(options_.bring_mms); }
    asio::awaitable<bool> send_mms(Letter letter) { return options_.bring_mms(std::move(letter)); }
    bool set_behaviour(const std::string& number, const Behaviour& behaviour);
    const Conduct& conduct() const { return network_.conduct(); }
    void set_conduct(const Conduct& conduct);  // holds for sessions that are bound, too

private:
    struct Answer {
        smpp::Ticket ticket;
        Network::Answer answer;
    };

    void load();
    smpp::ServerEvents events();
    std::uint32_t admit(smpp::SessionId session, smpp::Command command, const smpp::Bind& bind);
    void take(const smpp::ShortMessage& submitted, const smpp::Ticket& ticket);
    void answered(std::uint64_t token, std::uint32_t status);
    void forget(smpp::SessionId session, const std::vector<std::uint64_t>& unanswered);

    // By the carrier's own clock, which starts with the wall clock and is never set: what is owed keeps to
    // it.
    base::Time now() const;
    asio::awaitable<void> serve();
    asio::awaitable<void> work();
    asio::awaitable<void> next_turn();
    asio::awaitable<void> woken();
    void turn();
    std::vector<Answer> take_due_answers();
    void give(const Answer& answer);
    void obey_silence();
    // Calls act(esme) for each name with a receiver, and for the empty one.
    template <class Act>
    void for_each_receiving(Act act) const;
    std::optional<base::Time> next_due() const;
    void deliver_due(const std::string& esme);
    std::optional<smpp::SessionId> receiver_with_room(const std::string& esme);
    void wake() { wake_.try_send(boost::system::error_code()); }

    asio::any_io_executor executor_;
    base::Clock& clock_;
    const base::Time began_ = clock_.now();
    const base::Moment began_steady_ = clock_.steady();
    SmscOptions options_;
    std::optional<base::FolderLock> lock_;
    Journal journal_;
    Network network_;
    // To give when they are due and the journal is written; what is due together, in the order of the
    // submits.
    std::multimap<base::Time, Answer> answers_;
    std::unordered_map<smpp::SessionId, std::string> esmes_;  // the system_id of each bound session
    std::unordered_set<smpp::SessionId> dropped_;  // about to be closed: what still comes on them is lost
    std::vector<smpp::SessionId> receivers_;
    std::size_t last_receiver_ = 0;  // they take turns
    base::Time turned_{};            // what was due then was looked at
    bool journal_fails_ = false;
    bool finished_ = false;
    asio::experimental::channel<void(boost::system::error_code)> wake_;  // of work()
    smpp::Server server_;
};

}  // namespace tidings::sandbox
