// SPDX-License-Identifier: Apache-2.0
// Lines of the journal are written and read by the same list of fields, which record.hpp documents. They are
// text, so that people can look at what the sandbox knows; a line that cannot be read is left out, and
// counted.
#include "sandbox/record.hpp"

#include "http/router.hpp"

#include <charconv>

namespace tidings::sandbox {

namespace {

constexpr bool stands_as_it_is(unsigned char c) { return c > ' ' && c < 0x7F && c != '%'; }

// Appends one line field by field; the line end comes with the destructor.
class Line {
public:
    Line(std::string& out, char kind) : out_(out) { out_ += kind; }
    ~Line() { out_ += '\n'; }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    Line& number(std::uint64_t value)
    {
        char digits[20];
        out_ += ' ';
        out_.append(digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr);
        return *this;
    }
    Line& time(base::Time value)
    {
        return number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
    }
    Line& text(std::string_view value)
    {
        constexpr std::string_view hex = "0123456789ABCDEF";
        out_ += ' ';
        for (unsigned char c : value) {
            if (stands_as_it_is(c)) {
                out_ += static_cast<char>(c);
            } else {
                out_ += '%';
                out_ += hex[c >> 4];
                out_ += hex[c & 15];
            }
        }
        return *this;
    }
    Line& address(const smpp::Address& value)
    {
        return number(value.ton).number(value.npi).text(value.number);
    }

private:
    std::string& out_;
};

// Takes a line apart, field by field. After the first field that is missing or malformed all others count as
// such, so that callers need to ask only once, at the end.
class Fields {
public:
    explicit Fields(std::string_view line) : rest_(line) {}

    template <class T>
    Fields& number(T& out)
    {
        std::string_view field = take();
        auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), out);
        if (error != std::errc() || end != field.data() + field.size()) good_ = false;
        return *this;
    }
    Fields& time(base::Time& out)
    {
        std::uint64_t milliseconds = 0;
        number(milliseconds);
        out = base::Time(std::chrono::milliseconds(milliseconds));
        return *this;
    }
    Fields& text(std::string& out)
    {
        auto decoded = http::percent_decoded(take());
        if (decoded)
            out = *std::move(decoded);
        else
            good_ = false;
        return *this;
    }
    Fields& address(smpp::Address& out) { return number(out.ton).number(out.npi).text(out.number); }
    // What stands behind the last field would be of another version.
    bool end() const { return good_ && rest_.empty(); }

private:
    std::string_view take()
    {
        // An empty text is a field, too: it stands between two spaces. So each field is known by the space
        // before it.
        if (!rest_.starts_with(' ')) good_ = false;
        if (!good_) return {};
        rest_.remove_prefix(1);
        std::string_view field = rest_.substr(0, rest_.find(' '));
        rest_.remove_prefix(field.size());
        return field;
    }

    std::string_view rest_;
    bool good_ = true;
};

template <class T>
std::optional<Record> whole(const Fields& fields, T value)
{
    if (!fields.end()) return std::nullopt;
    return Record(std::move(value));
}

std::optional<Record> parse_delivery(Fields fields)
{
    Delivery out;
    fields.number(out.token).time(out.due).address(out.source).address(out.destination);
    fields.number(out.esm_class).number(out.data_coding).text(out.octets);
    fields.text(out.receipted_id).number(out.state).text(out.esme);
    return whole(fields, std::move(out));
}

std::optional<Record> parse_part(Fields fields)
{
    PartArrived out;
    text::PartOf part;
    fields.text(out.pair.source).text(out.pair.destination).time(out.since).number(out.piece.data_coding);
    fields.number(part.reference).number(part.total).number(part.sequence).text(out.piece.octets);
    if (!fields.end()) {  // earlier versions ended here
        text::TextHeader& header = out.piece.header;
        std::uint8_t is_wide = 0;
        fields.number(is_wide).number(header.size);
        part.is_wide = is_wide != 0;
        fields.number(header.languages.single_shift).number(header.languages.locking_shift);
    }
    if (part.sequence == 0 || part.sequence > part.total) return std::nullopt;
    out.piece.part = part;
    return whole(fields, std::move(out));
}

std::optional<Record> parse_arrival(Fields fields)
{
    Arrival out;
    fields.time(out.received_at).text(out.from).text(out.to).text(out.content);
    return whole(fields, std::move(out));
}

std::optional<Record> parse_behaviour_set(Fields fields)
{
    BehaviourSet out;
    std::string json;
    fields.text(out.number).text(json);
    auto behaviour = parse_behaviour(json);
    if (!behaviour) return std::nullopt;
    out.behaviour = *std::move(behaviour);
    return whole(fields, std::move(out));
}

std::optional<Record> parse_conduct_set(Fields fields)
{
    std::string json;
    fields.text(json);
    auto conduct = parse_conduct(json);
    if (!conduct) return std::nullopt;
    return whole(fields, ConductSet{*std::move(conduct)});
}

}  // namespace

void append_record(std::string& out, const NumbersTaken& taken) { Line(out, 'N').number(taken.below); }

void append_record(std::string& out, const Delivery& delivery)
{
    Line line(out, 'O');
    line.number(delivery.token).time(delivery.due).address(delivery.source).address(delivery.destination);
    line.number(delivery.esm_class).number(delivery.data_coding).text(delivery.octets);
    line.text(delivery.receipted_id).number(delivery.state).text(delivery.esme);
}

void append_record(std::string& out, const Paid& paid) { Line(out, 'S').number(paid.token); }

void append_record(std::string& out, const PartArrived& part)
{
    Line line(out, 'P');
    line.text(part.pair.source).text(part.pair.destination).time(part.since).number(part.piece.data_coding);
    const text::PartOf& of = *part.piece.part;
    line.number(of.reference).number(of.total).number(of.sequence).text(part.piece.octets);
    const text::TextHeader& header = part.piece.header;
    line.number(of.is_wide).number(header.size);
    line.number(header.languages.single_shift).number(header.languages.locking_shift);
}

void append_record(std::string& out, const Arrival& arrival)
{
    Line(out, 'A').time(arrival.received_at).text(arrival.from).text(arrival.to).text(arrival.content);
}

void append_record(std::string& out, const BehaviourSet& set)
{
    std::string json;
    append_behaviour(json, set.behaviour);
    Line(out, 'B').text(set.number).text(json);
}

void append_record(std::string& out, const ConductSet& set)
{
    std::string json;
    append_conduct(json, set.conduct);
    Line(out, 'C').text(json);
}

std::optional<Record> parse_record(std::string_view line)
{
    if (line.empty()) return std::nullopt;
    Fields fields(line.substr(1));
    switch (line.front()) {
    case 'N': {
        NumbersTaken out;
        fields.number(out.below);
        return whole(fields, out);
    }
    case 'S': {
        Paid out;
        fields.number(out.token);
        return whole(fields, out);
    }
    case 'O': return parse_delivery(fields);
    case 'P': return parse_part(fields);
    case 'A': return parse_arrival(fields);
    case 'B': return parse_behaviour_set(fields);
    case 'C': return parse_conduct_set(fields);
    }
    return std::nullopt;
}

}  // namespace tidings::sandbox
