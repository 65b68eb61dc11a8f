// SPDX-License-Identifier: Apache-2.0
#include "store/list_room.hpp"
#include "store/sqlite/conditions.hpp"
#include "store/sqlite/opt_out_rows.hpp"
#include "store/sqlite/pieces.hpp"
#include "store/sqlite/reply_rows.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace tidings::store::sqlite {

awaitable<std::size_t> SqliteStore::add_opt_outs(AccountKey account, std::vector<std::string> numbers)
{
    std::size_t all = 0;
    // A commit for each piece, so that a long list does not hold the writer: if one fails, those before it
    // stay, and the caller may send the whole list again.
    std::vector<std::vector<std::string>> pieces = pieces_of(std::move(numbers));
    for (std::vector<std::string>& piece : pieces) {
        auto work = [this, account, piece = std::move(piece)](Connection& database) {
            std::size_t added = 0;
            for (const std::string& number : piece) added += ledger_.add_opt_out(database, account, number);
            return added;
        };
        std::size_t added = co_await write(std::move(work));
        all += added;
    }
    co_return all;
}

awaitable<base::Result<void>> SqliteStore::remove_opt_out(AccountKey account, std::string number)
{
    auto work = [account, number = std::move(number)](Connection& database) -> base::Result<void> {
        if (!remove_from_list(database, account, number)) return base::errc::not_found;
        return {};
    };
    co_return co_await write(std::move(work));
}

awaitable<std::vector<std::string>> SqliteStore::opt_outs(AccountKey account, std::string after,
                                                          std::size_t limit)
{
    auto work = [account, after = std::move(after), limit](Connection& database) {
        std::vector<std::string> numbers;
        Rows rows = database.query(
            "SELECT number FROM opt_outs WHERE account = ? AND number > ? ORDER BY number LIMIT ?", account,
            after, limit);
        while (rows.next()) numbers.emplace_back(rows.text(0));
        return numbers;
    };
    co_return co_await read(std::move(work));
}

awaitable<std::vector<std::string>> SqliteStore::opted_out(AccountKey account,
                                                           std::vector<std::string> numbers)
{
    auto work = [account, numbers = std::move(numbers)](Connection& database) {
        std::vector<std::string> listed;
        for (const std::string& number : numbers)
            if (is_listed(database, account, number)) listed.push_back(number);
        return listed;
    };
    co_return co_await read(std::move(work));
}

awaitable<std::vector<message::Reply>> SqliteStore::suspected_opt_outs(std::size_t limit)
{
    auto work = [limit, settings = settings()](Connection& database) {
        // Served by replies_in_doubt, which holds these replies alone; ids ascend with time.
        static const Statement newest("SELECT * FROM replies WHERE {} ORDER BY id DESC LIMIT ?",
                                      with(message::Wish::perhaps_opt_out));
        std::vector<message::Reply> replies;
        Rows rows = database.query(newest, limit);
        for (ListRoom room; rows.next();) {
            message::Reply reply = read_reply(rows, settings->accounts.at(rows.as<AccountKey>(0)).id);
            if (!room.take(text_size(reply))) break;
            replies.push_back(std::move(reply));
        }
        return replies;
    };
    co_return co_await read(std::move(work));
}

}  // namespace tidings::store::sqlite
