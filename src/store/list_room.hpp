// SPDX-License-Identifier: Apache-2.0
// How much one list may hold in bytes. A list has fewer than list_max entries when they are large: whoever
// reads it confirms them, or asks for the next page, and gets the others.
#pragma once

#include "message/report.hpp"

#include <cstddef>

namespace tidings::store {

// Of text in one list, before JSON escapes any of it: 100 reports with texts of ten parts and full metadata
// have half of it.
constexpr std::size_t list_bytes_max = 1 << 20;

class ListRoom {
public:
    // Whether an entry with that much text still belongs to the list; the first does, whatever its size.
    bool take(std::size_t bytes)
    {
        bool is_first = bytes_ == 0;
        bytes_ += bytes + entry_bytes;
        return is_first || bytes_ <= list_bytes_max;
    }

private:
    static constexpr std::size_t entry_bytes = 512;  // names, ids, times, numbers

    std::size_t bytes_ = 0;
};

inline std::size_t text_size(const message::Metadata& metadata)
{
    std::size_t size = 0;
    for (const auto& [key, value] : metadata) size += key.size() + value.size();
    return size;
}

inline std::size_t text_size(const message::Report& report)
{
    return report.callback_url.size() + report.content.size() + text_size(report.metadata);
}

inline std::size_t text_size(const message::Reply& reply)
{
    return reply.callback_url.size() + reply.content.size() + text_size(reply.metadata);
}

}  // namespace tidings::store
