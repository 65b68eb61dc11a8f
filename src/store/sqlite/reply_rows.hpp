// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "message/report.hpp"
#include "store/records.hpp"
#include "store/sqlite/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace tidings::store::sqlite {

// From a query that selects all columns (`*`) of replies. What stems from its message, or lies in
// attachments, is not there.
message::Reply read_reply(const Rows& rows, const std::string& account_id);
void insert_reply(Connection& database, AccountKey account, const message::Reply& reply);
void insert_attachments(Connection& database, AccountKey account, const base::Uuid& reply,
                        const std::vector<message::Attachment>& attachments);
std::optional<message::Reply> load_reply(Connection& database, AccountKey account, const base::Uuid& id,
                                         const std::string& account_id);

std::vector<message::Attachment> load_attachments(Connection& database, AccountKey account,
                                                  const base::Uuid& reply);

// Ends the lives of what is older than `id`, `limit` at most; how many.
std::int64_t end_replies(Connection& database, AccountKey account, const base::Uuid& before,
                         std::size_t limit);

}  // namespace tidings::store::sqlite
