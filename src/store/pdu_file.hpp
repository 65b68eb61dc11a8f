// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/records.hpp"

#include <filesystem>
#include <fstream>
#include <mutex>

namespace tidings::store {

// The PDUs of links whose trace is full: two files, a line for each PDU. When the newer one is full it takes
// the place of the older one. Nothing is synced: this is for people, after the fact. Safe from every thread.
class PduFile {
public:
    static constexpr std::uintmax_t size_max = 64 << 20;  // of each; 150,000 short messages with receipts
    static constexpr std::size_t found_max = 200;

    explicit PduFile(std::filesystem::path folder, std::uintmax_t size = size_max);

    // Makes the folder with the first one. What cannot be written is dropped.
    void add(const TracedPdu& pdu);
    // Those of this message, or with one of these ids; the oldest found_max, in their order.
    std::vector<TracedPdu> find(const base::Uuid& message, const std::vector<std::string>& carrier_ids);

private:
    void open();

    const std::filesystem::path folder_;
    const std::uintmax_t size_max_;
    std::mutex mutex_;
    std::ofstream newer_;
    std::uintmax_t size_ = 0;  // of newer_
    bool is_torn_ = false;     // it may end with a part of a line
};

}  // namespace tidings::store
