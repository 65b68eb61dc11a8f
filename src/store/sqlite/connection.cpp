// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/connection.hpp"

#include <cassert>
#include <cstring>

namespace tidings::store::sqlite {

namespace {

constexpr int busy_ms = 5000;  // a checkpoint may hold a lock for this long at most

[[noreturn]] void fail(sqlite3* handle, int code)
{
    throw SqliteError(handle ? sqlite3_extended_errcode(handle) : code,
                      handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
}

}  // namespace

bool SqliteError::is_fatal() const
{
    switch (code) {
    // After a failed fsync the kernel may have dropped the pages and report success the next time. To try
    // again would be to lose data without knowing.
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
    case SQLITE_IOERR_DATA:
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_READONLY_DBMOVED: return true;
    }
    int basic = code & 0xFF;
    return basic == SQLITE_CORRUPT || basic == SQLITE_NOTADB;
}

bool Rows::next()
{
    int result = sqlite3_step(statement_);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    fail(sqlite3_db_handle(statement_), result);
}

// Read as a blob even where the column is a text: both give the same bytes, and sqlite3_column_text() would
// be cut at a zero by whoever takes it for a C string.
std::string_view Rows::text(int column) const
{
    auto data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

base::Uuid Rows::uuid(int column) const
{
    std::string_view bytes = text(column);
    base::Uuid id;
    assert(bytes.size() == id.bytes.size());
    std::memcpy(id.bytes.data(), bytes.data(), bytes.size());
    return id;
}

Connection::Connection(const std::filesystem::path& file, Mode mode)
{
    // SQLite's count of its own memory takes a lock at each allocation. May be said only before the first
    // use.
    static const int not_counted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    assert(not_counted == SQLITE_OK);
    // A connection belongs to one thread at a time, so SQLite's own mutexes are spared.
    int flags = SQLITE_OPEN_NOMUTEX;
    flags |= mode == Mode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int result = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
    if (result != SQLITE_OK) {
        SqliteError error(result, handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(result));
        sqlite3_close(handle_);
        throw error;
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_ms);
    // In the place of SQLite's own hook, which would make a checkpoint within the commit.
    auto committed = [](void* self, sqlite3*, const char*, int log_pages) {
        static_cast<Connection*>(self)->log_pages_ = log_pages;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(handle_, committed, this);
}

Connection::~Connection()
{
    for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

void Connection::execute(const char* sql)
{
    int result = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) fail(handle_, result);
}

bool Connection::has_moved() const
{
    int moved = 0;
    int result = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return result == SQLITE_OK && moved != 0;
}

void Connection::define(const char* name, void* self, Function function)
{
    struct Target {
        void* self;
        Function function;
    };
    auto call = [](sqlite3_context* context, int, sqlite3_value** values) {
        auto* target = static_cast<Target*>(sqlite3_user_data(context));
        target->function(target->self, sqlite3_value_int64(values[0]), sqlite3_value_int64(values[1]),
                         sqlite3_value_int64(values[2]));
    };
    auto forget = [](void* target) { delete static_cast<Target*>(target); };
    int result = sqlite3_create_function_v2(handle_, name, 3, SQLITE_UTF8, new Target{self, function}, call,
                                            nullptr, nullptr, forget);
    if (result != SQLITE_OK) fail(handle_, result);
}

void Connection::checkpoint()
{
    // Passive: it waits for nobody, neither for the writer nor for a reader that still needs an older page,
    // and carries over what it may. BUSY means that somebody was in the way, which is no failure here.
    int result = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (result != SQLITE_OK && result != SQLITE_BUSY) fail(handle_, result);
}

bool Connection::checkpoint_all()
{
    int result = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_FULL, nullptr, nullptr);
    if (result != SQLITE_OK && result != SQLITE_BUSY) fail(handle_, result);
    return result == SQLITE_OK;
}

sqlite3_stmt* Connection::prepare(const char* sql)
{
    // By address, not by text: looking it up costs nothing beside running it. A text on the stack would be
    // taken for another statement's that once stood there.
    sqlite3_stmt*& statement = statements_[sql];
    if (!statement) {
        int result = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (result != SQLITE_OK) fail(handle_, result);
    }
    assert(!sqlite3_stmt_busy(statement));  // a second use inside its own loop would end the first
    return statement;
}

void Parameters::check(int result) const
{
    if (result != SQLITE_OK) fail(sqlite3_db_handle(statement_), result);
}

}  // namespace tidings::store::sqlite
