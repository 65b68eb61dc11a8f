// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/rules/message_row.hpp"
#include "store/sqlite/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tidings::store::sqlite {

using rules::MessageRow;
using rules::metadata_of;
using rules::PartRow;
using rules::Queue;
using rules::queue_of;
using rules::row_of;
using rules::scheduled_in;

// From a query that selects all columns (`*`) of messages.
MessageRow read_message(const Rows& rows);

std::optional<MessageRow> load_message(Connection& database, const MessageKey& key);
void insert_message(Connection& database, const MessageRow& row);
void save_message(Connection& database, const MessageRow& row);  // what changes in a message's life
void save_refused_by(Connection& database, const MessageRow& row);
void save_taken(Connection& database, const MessageRow& row);
void save_extra(Connection& database, const MessageRow& row);   // where set_release changed it
void save_sender(Connection& database, const MessageRow& row);  // what a scheduled one gets at its release

}  // namespace tidings::store::sqlite
