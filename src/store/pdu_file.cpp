// SPDX-License-Identifier: Apache-2.0
// A line: time in ms, link, ">" or "<", message or "-", carrier's id or "-", text, bytes in hex; tabs
// between.
#include "store/pdu_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace tidings::store {

namespace {

constexpr std::size_t field_count = 7;
using Fields = std::array<std::string_view, field_count>;

// Fields and lines end with control characters, so that no text may have any.
std::string without_breaks(std::string text)
{
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    return text;
}

std::optional<Fields> split(std::string_view line)
{
    Fields fields;
    for (std::size_t i = 0; i < field_count; ++i) {
        auto tab = i + 1 < field_count ? line.find('\t') : line.size();
        if (tab == line.npos) return {};  // cut by a crash
        fields[i] = line.substr(0, tab);
        line.remove_prefix(std::min(line.size(), tab + 1));
    }
    return fields;
}

std::string or_dash(const std::string& text) { return text.empty() ? "-" : without_breaks(text); }

TracedPdu read(const Fields& fields)
{
    TracedPdu pdu;
    std::int64_t at = 0;
    std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), at);
    pdu.at = base::Time(std::chrono::milliseconds(at));
    pdu.link = fields[1];
    pdu.is_ours = fields[2] == ">";
    if (auto message = base::Uuid::parse(fields[3])) pdu.message = *message;
    if (fields[4] != "-") pdu.carrier_id = fields[4];
    pdu.text = fields[5];
    pdu.hex = fields[6];
    return pdu;
}

}  // namespace

PduFile::PduFile(std::filesystem::path folder, std::uintmax_t size)
    : folder_(std::move(folder)), size_max_(size)
{
}

// Leaves it closed when the disk lets nobody make it.
void PduFile::open()
{
    newer_.close();
    std::error_code failed;
    std::filesystem::create_directories(folder_, failed);
    auto path = folder_ / "newer";
    size_ = std::filesystem::file_size(path, failed);
    if (failed) size_ = 0;
    if (size_ >= size_max_) {
        std::filesystem::rename(path, folder_ / "older", failed);
        if (failed) return;  // rather no trace than one that grows for ever
        size_ = 0;
    }
    newer_.open(path, std::ios::app | std::ios::binary);
    newer_.clear();
}

void PduFile::add(const TracedPdu& pdu)
{
    std::string line = fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", pdu.at.time_since_epoch().count(),
                                   pdu.link, pdu.is_ours ? '>' : '<', pdu.message ? pdu.message->text() : "-",
                                   or_dash(pdu.carrier_id), or_dash(pdu.text), pdu.hex);
    std::lock_guard lock(mutex_);
    if (!newer_.is_open() || size_ >= size_max_) open();
    if (!newer_.is_open()) return;
    // After a write that failed half-way the line that it began must not swallow this one.
    if (std::exchange(is_torn_, false)) line.insert(line.begin(), '\n');
    newer_ << line << std::flush;
    is_torn_ = !newer_;
    newer_.clear();
    size_ += line.size();
}

std::vector<TracedPdu> PduFile::find(const base::Uuid& message, const std::vector<std::string>& carrier_ids)
{
    const std::string id = message.text();
    std::vector<TracedPdu> found;
    for (const char* name : {"older", "newer"}) {
        std::ifstream file(folder_ / name, std::ios::binary);
        for (std::string line; found.size() < found_max && std::getline(file, line);) {
            auto fields = split(line);
            if (!fields) continue;
            bool fits =
                (*fields)[3] == id || std::ranges::find(carrier_ids, (*fields)[4]) != carrier_ids.end();
            if (fits) found.push_back(read(*fields));
        }
    }
    return found;
}

}  // namespace tidings::store
