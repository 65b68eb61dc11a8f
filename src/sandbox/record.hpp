// SPDX-License-Identifier: Apache-2.0
// The lines of the sandbox's journal. A letter says what a line tells, fields follow, each after one space.
// Numbers are decimal, times are milliseconds since 1970. In texts, octets outside of printable ASCII, spaces
// and % stand as %XX.
//
//     N below                          numbers under this one may be in use, as message ids or tokens
//     O token due source destination esm_class data_coding octets receipted_id state esme
//                                      owed; an address is three fields: type, plan, number
//     S token                          paid: no longer owed
//     P source destination since data_coding reference total sequence octets wide header single locking
//                                      a part that waits for others; 1: its reference has 16 bits; octets of
//                                      the header, and the languages in it; earlier versions ended at octets
//     A received_at from to content    arrived on a handset
//     B number behaviour               JSON, as in PUT /sandbox/handsets/{number}
//     C conduct                        JSON, as in PUT /sandbox/carrier
#pragma once

#include "sandbox/conduct.hpp"
#include "sandbox/delivery.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/parts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tidings::sandbox {

constexpr std::string_view journal_heading = "tidings sandbox journal 1";  // the first line of the file

struct NumbersTaken {
    std::uint64_t below = 0;

    bool operator==(const NumbersTaken&) const = default;
};
struct Paid {
    std::uint64_t token = 0;

    bool operator==(const Paid&) const = default;
};
struct PartArrived {
    Pair pair{};
    Piece piece{};
    base::Time since{};
};
struct BehaviourSet {
    std::string number{};  // digits
    Behaviour behaviour{};

    bool operator==(const BehaviourSet&) const = default;
};
struct ConductSet {
    Conduct conduct{};

    bool operator==(const ConductSet&) const = default;
};
using Record = std::variant<NumbersTaken, Delivery, Paid, PartArrived, Arrival, BehaviourSet, ConductSet>;

// A line with its line end.
void append_record(std::string& out, const NumbersTaken& taken);
void append_record(std::string& out, const Delivery& delivery);
void append_record(std::string& out, const Paid& paid);
void append_record(std::string& out, const PartArrived& part);
void append_record(std::string& out, const Arrival& arrival);
void append_record(std::string& out, const BehaviourSet& set);
void append_record(std::string& out, const ConductSet& set);

// `line` is without its line end. Nothing: no such line was ever written.
std::optional<Record> parse_record(std::string_view line);

}  // namespace tidings::sandbox
