// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "base/time.hpp"
#include "base/uuid.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace tidings::store::sqlite {

struct SqliteError : std::runtime_error {
    SqliteError(int code, const std::string& text) : std::runtime_error(text), code(code) {}
    int code;  // extended result code

    // After such a failure nobody can say what is on disk: going on could acknowledge what is lost. That is a
    // failed fsync, corruption that SQLite or the file system found, or files that are not ours any more; not
    // what a full disk, a limit or a bad sector does, which fails a commit and leaves the disk as it was.
    bool is_fatal() const;
};

struct Blob {
    std::string_view bytes;
};

inline Blob blob_of(const base::Sha256& digest)
{
    return {{reinterpret_cast<const char*>(digest.data()), digest.size()}};
}

// The rows of one running statement. Resets the statement when it goes.
class Rows {
public:
    explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
    ~Rows() { sqlite3_reset(statement_); }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;

    bool next();  // false after the last row

    bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
    std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
    base::Time time(int column) const { return base::Time(std::chrono::milliseconds(integer(column))); }
    std::string_view text(int column) const;  // valid until next()
    base::Uuid uuid(int column) const;
    template <class Enum>
    Enum as(int column) const
    {
        return static_cast<Enum>(integer(column));
    }

private:
    sqlite3_stmt* statement_;
};

// The values of a statement, each at its place, counted from 1.
class Parameters {
public:
    // Texts and blobs: whether SQLite copies them, or they stay where they are until the statement has run.
    enum class Texts { copied, stay };
    explicit Parameters(sqlite3_stmt* statement, Texts texts = Texts::copied)
        : statement_(statement), ending_(texts == Texts::stay ? SQLITE_STATIC : SQLITE_TRANSIENT)
    {
    }

    void set(int place, std::nullptr_t) { check(sqlite3_bind_null(statement_, place)); }
    void set(int place, std::string_view text)
    {
        check(sqlite3_bind_text64(statement_, place, text.data() ? text.data() : "", text.size(), ending_,
                                  SQLITE_UTF8));
    }
    void set(int place, const std::string& text) { set(place, std::string_view(text)); }
    void set(int place, const char* text) { set(place, std::string_view(text)); }
    void set(int place, Blob blob)
    {
        check(sqlite3_bind_blob64(statement_, place, blob.bytes.data() ? blob.bytes.data() : "",
                                  blob.bytes.size(), ending_));
    }
    void set(int place, const base::Uuid& id)
    {
        set(place, Blob{{reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()}});
    }
    void set(int place, base::Time time)
    {
        check(sqlite3_bind_int64(statement_, place, time.time_since_epoch().count()));
    }
    template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void set(int place, T value)
    {
        check(sqlite3_bind_int64(statement_, place, static_cast<sqlite3_int64>(value)));
    }
    template <class T>
    void set(int place, const std::optional<T>& value)
    {
        if (value)
            set(place, *value);
        else
            set(place, nullptr);
    }

private:
    void check(int result) const;  // throws where it is not SQLITE_OK

    sqlite3_stmt* statement_;
    sqlite3_destructor_type ending_;
};

// One connection, used by one thread at a time. A statement is prepared once and found again by the address
// of its text, which must therefore stay where it is: a literal, or a text that is made once.
class Connection {
public:
    enum class Mode { write, read };
    Connection(const std::filesystem::path& file, Mode mode);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void execute(const char* sql);  // any number of statements without values

    template <class... T>
    Rows query(const char* sql, const T&... values)
    {
        sqlite3_stmt* statement = prepare(sql);
        give(Parameters(statement), values...);
        return Rows(statement);
    }

    // For statements without rows; tells how many rows changed.
    template <class... T>
    std::int64_t run(const char* sql, const T&... values)
    {
        sqlite3_stmt* statement = prepare(sql);
        // It has run before this returns, and the values go after that.
        give(Parameters(statement, Parameters::Texts::stay), values...);
        return run(statement);
    }
    // The same where a table says what the values are: `give` gets the Parameters.
    template <class Give>
    std::int64_t run_with(const char* sql, Give give)
    {
        sqlite3_stmt* statement = prepare(sql);
        give(Parameters(statement));
        return run(statement);
    }

    // Lets statements call `function` by this name, with three integers.
    using Function = void (*)(void* self, std::int64_t, std::int64_t, std::int64_t);
    void define(const char* name, void* self, Function function);

    // In the write-ahead log after the last commit of this connection.
    int log_pages() const { return log_pages_; }
    // Its file has another name by now, or none.
    bool has_moved() const;
    // Carries over into the database what is in the write-ahead log, as far as nobody is in the way.
    void checkpoint();
    bool checkpoint_all();  // waits for those who are in the way; false: not long enough

    std::int64_t rows_changed() const { return sqlite3_total_changes64(handle_); }
    std::int64_t last_rowid() const { return sqlite3_last_insert_rowid(handle_); }

private:
    template <class... T>
    static void give([[maybe_unused]] Parameters parameters, const T&... values)
    {
        int place = 0;
        (parameters.set(++place, values), ...);
    }
    std::int64_t run(sqlite3_stmt* statement)
    {
        Rows(statement).next();
        return sqlite3_changes64(handle_);
    }
    sqlite3_stmt* prepare(const char* sql);
    sqlite3* handle_ = nullptr;
    int log_pages_ = 0;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

}  // namespace tidings::store::sqlite
