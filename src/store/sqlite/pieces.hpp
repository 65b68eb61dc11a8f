// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

namespace tidings::store {

// No verb holds the writer for more rows than this; longer calls are cut into several commits.
constexpr std::size_t rows_max = 1'000;

// Calls `use` with pieces of at most rows_max, in order.
template <class Item, class Use>
boost::asio::awaitable<void> in_pieces(std::vector<Item> items, Use use)
{
    for (std::size_t from = 0; from < items.size(); from += rows_max) {
        std::size_t to = std::min(items.size(), from + rows_max);
        std::vector<Item> piece(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(from)),
                                std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(to)));
        boost::asio::awaitable<void> step = use(std::move(piece));
        co_await std::move(step);
    }
}

}  // namespace tidings::store
