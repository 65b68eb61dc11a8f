// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/opt_out_rows.hpp"

namespace tidings::store::sqlite {

bool is_listed(Connection& database, AccountKey account, const std::string& number)
{
    return database.query("SELECT 1 FROM opt_outs WHERE account = ? AND number = ?", account, number).next();
}

bool add_to_list(Connection& database, AccountKey account, const std::string& number, base::Time at)
{
    return database.run("INSERT OR IGNORE INTO opt_outs (account, number, at) VALUES (?, ?, ?)", account,
                        number, at) == 1;
}

bool remove_from_list(Connection& database, AccountKey account, const std::string& number)
{
    return database.run("DELETE FROM opt_outs WHERE account = ? AND number = ?", account, number) == 1;
}

}  // namespace tidings::store::sqlite
