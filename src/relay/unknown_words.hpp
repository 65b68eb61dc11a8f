// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace tidings::relay {

// Words in a link's receipts that nobody knows: they change no status, so that the operator has to see them.
// A carrier could send any number of different ones; those beyond the first words_max are counted as one, and
// said once.
class UnknownWords {
public:
    // More than any carrier is known to have, and few enough for a line each in metrics and log.
    static constexpr std::size_t words_max = 32;
    static constexpr const char* others = "(others)";
    static constexpr const char* none = "(none)";  // the receipt has neither word nor state

    // True: it is the first of its word, which is to be said.
    bool count(const std::string& word)
    {
        const std::string& shown = word.empty() ? none_ : word;
        bool is_full = counts_.size() >= words_max && !counts_.contains(shown);
        return ++counts_[is_full ? others : shown] == 1;
    }
    const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

private:
    const std::string none_ = none;
    std::map<std::string, std::uint64_t> counts_;
};

}  // namespace tidings::relay
