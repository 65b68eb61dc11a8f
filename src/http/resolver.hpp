// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/fair_share.hpp"
#include "base/wakeup.hpp"
#include "http/payer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace tidings::http {

struct Addresses {
    std::vector<boost::asio::ip::address> all;  // in the order in which they are to be tried
    std::string fault{};                        // why there are none, for people
};

// Asks the system, which may take half a minute. On any thread.
Addresses look_up(const std::string& host);

// Finds the addresses of hosts. What the system needs for that blocks a thread, so that each name is looked
// up by one of its own; all else happens on the executor's one thread.
class Resolver {
public:
    static constexpr std::size_t lookups_max = 64;    // at a time, each a thread that waits
    static constexpr std::chrono::seconds kept{60};   // what was found; what was not is asked for anew
    static constexpr std::size_t names_kept = 1'000;  // some 200 bytes each

    using LookUp = std::function<Addresses(const std::string& host)>;  // called on other threads

    Resolver(boost::asio::any_io_executor executor, base::Clock& clock, LookUp look_up);
    ~Resolver() { close(); }
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    // For `payer`, who shares the lookups with others. Whoever waits here is woken by the name's end, and by
    // others; without an answer when `gives_up` says so.
    boost::asio::awaitable<Addresses> resolve(std::string host, Payer payer, base::Wakeup& woken,
                                              const bool& gives_up);
    // Lookups that are under way end in nothing, whenever that is, and touch the executor no more. From any
    // thread, as long as the executor's one is not at work here.
    void close();

private:
    enum class State { waiting, looking, known };
    struct Name {
        State state = State::waiting;
        Payer payer = 0;  // of whose share the lookup is, or will be
        Addresses addresses{};
        base::Moment until{};  // from when it is asked for anew
        std::vector<base::Wakeup*> wanted_by{};
    };
    using Names = std::unordered_map<std::string, std::shared_ptr<Name>>;  // shared with who waits for it
    struct Door;

    static void run(const std::shared_ptr<Door>& door, const LookUp& look_up, const std::string& host);

    std::shared_ptr<Name> name_of(const std::string& host, Payer payer);
    void make_room();
    void start(const std::string& host, Name& name, Payer payer);
    void start_waiting();
    void finish(const std::string& host, Addresses found);

    boost::asio::any_io_executor executor_;
    base::Clock& clock_;
    LookUp look_up_;
    std::shared_ptr<Door> door_;  // shared with the threads, which may end after this
    Names names_;
    std::deque<std::string> waiting_;  // names without a thread, in their order
    base::FairShare<Payer> shares_{lookups_max};
};

}  // namespace tidings::http
