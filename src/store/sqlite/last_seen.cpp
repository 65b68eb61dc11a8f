// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/last_seen.hpp"

namespace tidings::store::sqlite {

void LastSeen::open(Connection& database)
{
    Rows rows = database.query(
        "SELECT value ->> '$.wall', value ->> '$.steady', value ->> '$.boot' FROM meta WHERE name = "
        "'last_seen'");
    // The first start: there is nothing to compare the clock with.
    if (!rows.next()) return;
    base::Sighting last{rows.time(0), base::Moment(std::chrono::milliseconds(rows.integer(1))),
                        std::string(rows.text(2))};
    clock_.resume(last);
}

void LastSeen::note(Connection& database)
{
    // Along with a commit that is made anyway: an idle gateway must not wake the disk once a minute for this.
    if (!noted_at_ || clock_.steady() - *noted_at_ >= note_period) write(database);
}

void LastSeen::write(Connection& database)
{
    base::Sighting seen = clock_.sighting();
    database.run(
        "INSERT OR REPLACE INTO meta (name, value) "
        "VALUES ('last_seen', json_object('wall', ?, 'steady', ?, 'boot', ?))",
        seen.wall, base::Time(seen.steady.time_since_epoch()), seen.boot);
    noted_at_ = seen.steady;
}

}  // namespace tidings::store::sqlite
