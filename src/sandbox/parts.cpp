// SPDX-License-Identifier: Apache-2.0
// A long message arrives in parts, which are told by their header or by SAR parameters. Parts belong
// together if they go between the same two numbers, with the same reference and total. References are used
// again soon, so what stays incomplete is forgotten after a while, and the oldest when there are too many.
#include "sandbox/parts.hpp"

#include "base/digest.hpp"
#include "smpp/esm_class.hpp"
#include "text/charset.hpp"
#include "text/joined.hpp"

#include <algorithm>
#include <cassert>

namespace tidings::sandbox {

namespace {

constexpr std::size_t octets_max = 64
                                   << 10;  // of a message: more than 255 parts hold, unless they are no SMS

}  // namespace

Piece piece_of(const smpp::ShortMessage& message)
{
    Piece out;
    out.data_coding = message.data_coding;
    if (message.esm_class & smpp::esm::udh_indicator) {
        text::UserData data = text::parse_user_data(message.payload());
        out.part = data.part;
        out.octets = data.text;
        out.header = data.header;
    } else {
        if (auto sar = smpp::sar(message.tlvs)) out.part = {sar->reference, sar->total, sar->sequence, true};
        out.octets = message.payload();
    }
    // A single part is whole as it is.
    if (out.part && out.part->total == 1) out.part.reset();
    return out;
}

std::string text_of(std::uint8_t data_coding, std::string_view octets, text::TextHeader header)
{
    auto charset = text::charset_of(data_coding);
    return charset ? text::to_utf8(*charset, octets, header) : base::to_hex(octets);
}

namespace {

text::CodedPart coded(const Piece& piece)
{
    auto charset = text::charset_of(piece.data_coding);
    std::string hex = charset ? std::string() : base::to_hex(piece.octets);
    return text::coded_part(piece.part->sequence, charset.value_or(text::Charset::utf8),
                            charset ? piece.octets : hex, piece.header);
}

}  // namespace

std::optional<std::string> Joiner::add(const Pair& pair, const Piece& piece, base::Time now)
{
    assert(piece.part);
    forget_old(now);
    Key key{pair, piece.part->reference, piece.part->is_wide, piece.part->total};
    auto [found, is_new] = groups_.try_emplace(key);
    Group& group = found->second;
    if (is_new) {
        group.since = now;
        group.number = ++last_number_;
        order_.emplace_back(group.number, key);
        forget_old(now);
    }
    // A part that comes twice, since its ESME was in doubt, does not count twice.
    group.pieces.insert_or_assign(piece.part->sequence, piece);
    if (group.pieces.size() < piece.part->total) return std::nullopt;

    std::vector<text::CodedPart> parts;
    for (const auto& [_, each] : group.pieces) parts.push_back(coded(each));
    std::string text = text::joined_text(parts, octets_max);
    groups_.erase(found);
    return text;
}

void Joiner::forget_old(base::Time now)
{
    // The order is by age, so that this stops at the first that is young enough; what was completed is met
    // here at last.
    while (!order_.empty()) {
        auto found = groups_.find(order_.front().second);
        bool there = found != groups_.end() && found->second.number == order_.front().first;
        if (there && groups_.size() <= incomplete_max && now - found->second.since < part_life) return;
        if (there) groups_.erase(found);
        order_.pop_front();
    }
}

}  // namespace tidings::sandbox
