// SPDX-License-Identifier: Apache-2.0
// getaddrinfo() knows all that a machine's names may come from (files, DNS, search lists), and has no way to
// be told to stop: with a name server that is dead it takes half a minute. So that such names hold up no
// others, each lookup has a thread, there are only so many of these, and those for whom names are looked up
// share them fairly (base/fair_share.hpp). A name that several ask for is looked up once.
//
// A thread may be in there when the resolver goes. It is left alone: what it shares with the resolver is a
// door that is then closed, and what it brings home is dropped.
#include "http/resolver.hpp"

#include "base/thread_name.hpp"

#include <boost/asio/post.hpp>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace tidings::http {

namespace asio = boost::asio;
namespace ip = asio::ip;

namespace {

constexpr std::size_t addresses_max = 16;  // of a name: more than can be tried in the time for that

using Found = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

ip::address address_of(const sockaddr& from)
{
    if (from.sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &from, sizeof v4);
        return ip::address_v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6;
    std::memcpy(&v6, &from, sizeof v6);
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip::address_v6(bytes);
}

Addresses ask(const std::string& host, int flags)
{
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = flags;
    addrinfo* list = nullptr;
    int failure = ::getaddrinfo(host.c_str(), nullptr, &wanted, &list);
    Found found(list, &freeaddrinfo);
    Addresses addresses;
    if (failure) addresses.fault = fmt::format("the name is not found: {}", ::gai_strerror(failure));
    for (const addrinfo* it = list; it && addresses.all.size() < addresses_max; it = it->ai_next)
        if (it->ai_family == AF_INET || it->ai_family == AF_INET6)
            addresses.all.push_back(address_of(*it->ai_addr));
    return addresses;
}

// An address in any of its forms, 127.1 and 0x7f000001 among them: no name server is asked for these.
std::optional<Addresses> as_address(const std::string& host)
{
    Addresses addresses = ask(host, AI_NUMERICHOST);
    if (addresses.all.empty()) return {};
    return addresses;
}

// Takes what waits out of a list when the coroutine goes on or is destroyed.
class Wish {
public:
    Wish(std::vector<base::Wakeup*>& list, base::Wakeup& woken) : list_(list), woken_(woken)
    {
        list_.push_back(&woken_);
    }
    ~Wish() { std::erase(list_, &woken_); }
    Wish(const Wish&) = delete;
    Wish& operator=(const Wish&) = delete;

private:
    std::vector<base::Wakeup*>& list_;
    base::Wakeup& woken_;
};

}  // namespace

Addresses look_up(const std::string& host) { return ask(host, 0); }

struct Resolver::Door {
    std::mutex mutex;
    Resolver* resolver;  // null: it has gone
};

Resolver::Resolver(asio::any_io_executor executor, base::Clock& clock, LookUp look_up)
    : executor_(std::move(executor)),
      clock_(clock),
      look_up_(std::move(look_up)),
      door_(std::make_shared<Door>())
{
    door_->resolver = this;
}

void Resolver::close()
{
    std::lock_guard lock(door_->mutex);
    door_->resolver = nullptr;
}

asio::awaitable<Addresses> Resolver::resolve(std::string host, Payer payer, base::Wakeup& woken,
                                             const bool& gives_up)
{
    if (auto address = as_address(host)) co_return *address;
    std::shared_ptr<Name> name = name_of(host, payer);
    // Whoever has a place for it may begin what waits for one of somebody else's.
    if (name->state == State::waiting && shares_.has_room(payer)) start(host, *name, payer);
    Wish wish(name->wanted_by, woken);
    while (name->state != State::known && !gives_up) co_await woken.wait();
    co_return name->addresses;
}

// As it is known, or begun.
std::shared_ptr<Resolver::Name> Resolver::name_of(const std::string& host, Payer payer)
{
    auto found = names_.find(host);
    if (found != names_.end()) {
        const Name& name = *found->second;
        if (name.state != State::known || name.until > clock_.steady()) return found->second;
        names_.erase(found);
    }
    make_room();
    waiting_.push_back(host);
    auto name = std::make_shared<Name>();
    name->payer = payer;
    return names_[host] = name;
}

// What is over goes first; where that is not enough, all that is known: which was used last nobody notes.
void Resolver::make_room()
{
    if (names_.size() < names_kept) return;
    auto now = clock_.steady();
    std::erase_if(names_, [now](const auto& it) {
        return it.second->state == State::known && it.second->until <= now;
    });
    if (names_.size() < names_kept) return;
    std::erase_if(names_, [](const auto& it) { return it.second->state == State::known; });
}

void Resolver::start(const std::string& host, Name& name, Payer payer)
{
    shares_.take(payer);
    name.payer = payer;
    name.state = State::looking;
    std::erase(waiting_, host);
    try {
        std::thread(run, door_, look_up_, host).detach();
    } catch (const std::system_error& error) {
        Addresses none;
        none.fault = fmt::format("no thread to look the name up: {}", error.what());
        asio::post(executor_, [door = door_, host, none] {
            if (door->resolver) door->resolver->finish(host, none);
        });
    }
}

// The thread of one lookup.
void Resolver::run(const std::shared_ptr<Door>& door, const LookUp& look_up, const std::string& host)
{
    base::name_this_thread("name lookup");
    Addresses found = look_up(host);
    std::lock_guard lock(door->mutex);
    if (!door->resolver) return;
    // The executor is there as long as the resolver is. What is posted runs on its thread, or never.
    asio::post(door->resolver->executor_, [door, host, found] {
        if (door->resolver) door->resolver->finish(host, found);
    });
}

void Resolver::finish(const std::string& host, Addresses found)
{
    auto it = names_.find(host);
    std::shared_ptr<Name> name = it->second;
    shares_.give_back(name->payer);
    name->addresses = std::move(found);
    name->state = State::known;
    name->until = clock_.steady() + kept;
    if (name->addresses.all.empty()) names_.erase(it);
    for (base::Wakeup* woken : name->wanted_by) woken->notify();
    start_waiting();
}

// The first for which there is room, in their order. Names that nobody waits for any more are let go.
void Resolver::start_waiting()
{
    for (std::size_t i = 0; i < waiting_.size() && shares_.free() > 0;) {
        std::string host = waiting_[i];
        auto it = names_.find(host);
        Name& name = *it->second;
        if (name.wanted_by.empty()) {
            names_.erase(it);
            waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
        } else if (shares_.has_room(name.payer)) {
            start(host, name, name.payer);  // takes it out of the list
        } else {
            ++i;
        }
    }
}

}  // namespace tidings::http
