// SPDX-License-Identifier: Apache-2.0
// Sending a CSV file of messages. What became of each line is written to a second file as it becomes known;
// sent again, the file goes on from there. Each request of 100 lines has an idempotency key that stands in
// that second file before the first one leaves: what was accepted but not noted, because the machine died, is
// not sent twice, for the 24 hours that the gateway knows such a key.
#pragma once

#include "tidings/client.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tidings::cli {

struct CampaignOptions {
    std::filesystem::path file;
    std::filesystem::path results;  // empty: the file's name and ".results"
    Message common;                 // what lines do not say
    std::function<void(const Progress& progress)> on_progress{};
};

// The messages of a file whose first line names its columns: destination_number, perhaps content,
// source_number, scheduled and callback_url; all others become metadata. Throws a sentence that names the
// line.
std::vector<Message> messages_of_csv(std::string_view text, const Message& common);

// Sends what was not sent yet. Throws a sentence; what was refused stands in the results and in the Progress.
Progress send_campaign(const Client& client, const CampaignOptions& options);

}  // namespace tidings::cli
