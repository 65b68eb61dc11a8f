// SPDX-License-Identifier: Apache-2.0
#include "sandbox/inbox.hpp"

namespace tidings::sandbox {

void Inbox::drop_front(std::unordered_map<std::string, Kept>::iterator handset)
{
    handset->second.pop_front();
    --size_;
    if (handset->second.empty()) handsets_.erase(handset);
}

void Inbox::add(Arrival arrival)
{
    std::uint64_t number = ++last_number_;
    order_.emplace_back(number, arrival.to);
    auto handset = handsets_.try_emplace(arrival.to).first;
    handset->second.emplace_back(number, std::move(arrival));
    ++size_;
    if (handset->second.size() > per_handset_max) drop_front(handset);
    // The oldest of all handsets goes, whoever has it: one that gets very many takes room from the others,
    // and loses its own oldest at its own limit first.
    while (order_.size() > messages_max) {
        auto oldest = handsets_.find(order_.front().second);
        // It may have been dropped for its handset's own limit before; then only its place in the order is
        // left.
        bool there = oldest != handsets_.end() && oldest->second.front().first == order_.front().first;
        if (there) drop_front(oldest);
        order_.pop_front();
    }
}

std::vector<Arrival> Inbox::messages(const std::string& handset) const
{
    std::vector<Arrival> out;
    auto found = handsets_.find(handset);
    if (found == handsets_.end()) return out;
    for (const auto& [number, arrival] : found->second) out.push_back(arrival);
    return out;
}

}  // namespace tidings::sandbox
