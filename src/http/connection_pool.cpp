// SPDX-License-Identifier: Apache-2.0
#include "http/connection_pool.hpp"

#include <algorithm>

namespace tidings::http {

base::Result<Destination*> ConnectionPool::destination_of(std::string_view url)
{
    std::string_view text = origin_text(url);
    auto found = destinations_.find(text);
    if (found != destinations_.end()) return &found->second;
    auto origin = parse_origin(text);
    if (!origin) return origin.error();
    if (destinations_.size() >= destinations_kept) forget_unused();
    return &destinations_.try_emplace(std::string(text), std::move(*origin)).first->second;
}

// All of them, rather than the oldest: which one that is would have to be noted with each use.
void ConnectionPool::forget_unused()
{
    std::erase_if(destinations_,
                  [](const auto& it) { return it.second.users == 0 && it.second.idle.empty(); });
}

void ConnectionPool::drop(std::list<Idle>::iterator it)
{
    std::erase(it->to->idle, it);
    idle_.erase(it);
}

std::unique_ptr<ClientConnection> ConnectionPool::take(Destination& to, base::Moment now)
{
    while (!to.idle.empty()) {
        auto it = to.idle.back();
        std::unique_ptr<ClientConnection> connection = std::move(it->connection);
        bool is_trusted = connection->has_lasted() && now < it->since + trusted_for;
        drop(it);
        if (is_trusted || connection->is_quiet()) return connection;
    }
    return nullptr;
}

void ConnectionPool::make_room(std::size_t in_use)
{
    while (has_idle() && idle_.size() + in_use >= connections_max_) drop(idle_.begin());
}

void ConnectionPool::keep(Destination& to, std::unique_ptr<ClientConnection> connection, base::Moment now)
{
    to.idle.push_back(idle_.insert(idle_.end(), Idle{std::move(connection), &to, now}));
}

void ConnectionPool::look_after(base::Moment now)
{
    for (auto it = idle_.begin(); it != idle_.end();) {
        auto next = std::next(it);
        if (it->since + idle_max <= now || !it->connection->is_quiet()) drop(it);
        it = next;
    }
}

void ConnectionPool::clear()
{
    while (has_idle()) drop(idle_.begin());
}

}  // namespace tidings::http
