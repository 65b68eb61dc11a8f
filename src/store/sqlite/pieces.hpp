// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <iterator>
#include <vector>

namespace tidings::store::sqlite {

// No verb holds the writer for more rows than this; longer calls are cut into several commits.
constexpr std::size_t rows_max = 1'000;

// Of at most rows_max items, in order.
template <class Item>
std::vector<std::vector<Item>> pieces_of(std::vector<Item> items)
{
    std::vector<std::vector<Item>> pieces;
    for (std::size_t from = 0; from < items.size(); from += rows_max) {
        std::size_t to = std::min(items.size(), from + rows_max);
        pieces.emplace_back(std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(from)),
                            std::make_move_iterator(items.begin() + static_cast<std::ptrdiff_t>(to)));
    }
    return pieces;
}

// Calls `use` with each of them.
template <class Item, class Use>
boost::asio::awaitable<void> in_pieces(std::vector<Item> items, Use use)
{
    std::vector<std::vector<Item>> pieces = pieces_of(std::move(items));
    for (std::vector<Item>& piece : pieces) {
        boost::asio::awaitable<void> step = use(std::move(piece));
        co_await std::move(step);
    }
}

}  // namespace tidings::store::sqlite
