// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/rows.hpp"

#include "store/sqlite/schema.hpp"

#include <gtest/gtest.h>

namespace tidings::store::sqlite {

namespace {

using namespace std::chrono_literals;
using message::Code;
using message::Format;
using message::SourceType;

class RowsTest : public testing::Test {
protected:
    RowsTest() { migrate(database); }

    MessageRow again(const MessageRow& row)
    {
        insert_message(database, row);
        return *load_message(database, row.key);
    }
    MessageRow again(const NewMessage& message) { return again(row_of(account, message)); }
    MessageRow saved(const MessageRow& row)
    {
        save_message(database, row);
        return *load_message(database, row.key);
    }
    NewMessage text()
    {
        NewMessage message;
        message.id.bytes[15] = ++last_;
        message.submission.content = "content";
        message.submission.destination = "+61491570156";
        return message;
    }

    Connection database{":memory:", Connection::Mode::write};
    AccountKey account{7};

private:
    std::uint8_t last_ = 0;
};

TEST_F(RowsTest, AbsentFieldsStayAbsent)
{
    NewMessage message = text();
    MessageRow row = again(message);
    EXPECT_TRUE(row.extra.empty());
    EXPECT_TRUE(row.parts.empty());
    EXPECT_EQ(row.queue, std::nullopt);
    message::Submission back = submission_of(row);
    EXPECT_EQ(back.content, "content");
    EXPECT_EQ(back.source, "");
    EXPECT_EQ(back.source_type, std::nullopt);
    EXPECT_EQ(back.scheduled, std::nullopt);
    EXPECT_EQ(back.expiry, std::nullopt);
    EXPECT_TRUE(back.metadata.empty());
    EXPECT_TRUE(back.media.empty());
}

TEST_F(RowsTest, FlagsDoNotMix)
{
    for (Format format : {Format::sms, Format::mms, Format::tts})
        for (bool report : {false, true})
            for (SourceType type :
                 {SourceType::international, SourceType::alphanumeric, SourceType::shortcode}) {
                NewMessage message = text();
                message.submission.format = format;
                message.submission.delivery_report = report;
                MessageRow row = row_of(account, message);
                row.sender_type = type;
                row = again(row);
                EXPECT_EQ(row.format, format);
                EXPECT_EQ(row.delivery_report, report);
                EXPECT_EQ(row.sender_type, type);
            }
}

TEST_F(RowsTest, MetadataKeepsItsOrderAndItsBytes)
{
    NewMessage message = text();
    message.submission.metadata = {{"z", "\"metadata\""}, {"", "\n\\"}, {"ключ", "\U0001F600"}};
    MessageRow row = again(message);
    EXPECT_EQ(metadata_of(row.extra), message.submission.metadata);
    EXPECT_EQ(report_of(row, {}).metadata, message.submission.metadata);
}

TEST_F(RowsTest, ReportsTellWhatTheTextThatGoesOutCostsWhereTheAccountWantsThat)
{
    NewMessage message = text();
    message.submission.content = std::string(161, 'a');
    Account account;
    EXPECT_EQ(report_of(row_of({}, message), account).billing_units, std::nullopt);
    account.features.set(Feature::billing_units);
    EXPECT_EQ(report_of(row_of({}, message), account).billing_units, 2);
    message.converted = "a";
    EXPECT_EQ(report_of(row_of({}, message), account).billing_units, 1);
}

TEST_F(RowsTest, TextMayHoldZeroBytes)
{
    NewMessage message = text();
    message.submission.content = std::string("a\0b", 3);
    EXPECT_EQ(again(message).content, message.submission.content);
}

TEST_F(RowsTest, PartsComeBackAsTheyWere)
{
    MessageRow row = again(text());
    row.parts = {{{"", Code::submitted}, false},
                 {{std::string(255, 'x'), Code::undeliverable}, true},
                 {{std::string("\0\xff", 2), Code::delivered}, false}};
    row.link = LinkKey{3};
    row.submitted_at = base::Time(5ms);
    row.queue = Queue::verdict;
    row.seq = 99;
    MessageRow back = saved(row);
    ASSERT_EQ(back.parts.size(), row.parts.size());
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
        EXPECT_EQ(back.parts[i].part.carrier_id, row.parts[i].part.carrier_id);
        EXPECT_EQ(back.parts[i].part.code, row.parts[i].part.code);
        EXPECT_EQ(back.parts[i].provisional, row.parts[i].provisional);
    }
    EXPECT_EQ(back.link, row.link);
    EXPECT_EQ(back.submitted_at, row.submitted_at);
    EXPECT_EQ(back.queue, row.queue);
    EXPECT_EQ(back.seq, row.seq);
    EXPECT_EQ(back.part_with(std::string(255, 'x')), &back.parts[1]);
    EXPECT_EQ(back.part_with("y"), nullptr);
}

TEST_F(RowsTest, AnIdThatIsTooLongIsCut)
{
    MessageRow row = again(text());
    row.parts = {{{std::string(300, 'x'), Code::submitted}, false}, {{"next", Code::submitted}, false}};
    MessageRow back = saved(row);
    ASSERT_EQ(back.parts.size(), 2u);
    EXPECT_EQ(back.parts[0].part.carrier_id, std::string(255, 'x'));
    EXPECT_EQ(back.parts[1].part.carrier_id, "next");
}

TEST_F(RowsTest, PartsThatAreCutOffAreReadAsFarAsTheyGo)
{
    MessageRow row = again(text());
    row.parts = {{{"first", Code::submitted}, false}, {{"second", Code::submitted}, false}};
    saved(row);
    for (int length = 0; length < 18; ++length) {
        database.run("UPDATE messages SET parts = substr(parts, 1, 19 - ?)", length);
        EXPECT_LE(load_message(database, row.key)->parts.size(), 2u);
    }
    database.run("UPDATE messages SET parts = x'00C800FF61'");
    EXPECT_EQ(load_message(database, row.key)->parts.at(0).part.carrier_id, "a");
}

TEST_F(RowsTest, StepsComeBackAsTheyWereUntilTheTraceIsFull)
{
    MessageRow row = again(text());
    EXPECT_TRUE(steps_of(row).empty());
    std::vector<Step> steps{{base::Time(1'768'435'200'123ms), Code::processing, "from 12345"},
                            {base::Time(1'768'435'200'124ms), Code::none, ""},
                            {base::Time(1'768'435'200'125ms), Code::delivered, std::string("\0\xff", 2)}};
    for (const Step& step : steps) add_step(row, step);
    EXPECT_EQ(steps_of(saved(row)), steps);

    Step longest{base::Time(5ms), Code::none, std::string(300, 'x')};
    for (int i = 0; i < 100; ++i) add_step(row, longest);
    EXPECT_LE(row.trace.size(), rules::trace_max);
    EXPECT_EQ(steps_of(saved(row)).back().what, std::string(255, 'x'));
}

TEST_F(RowsTest, ATraceThatIsCutOffIsReadAsFarAsItGoes)
{
    MessageRow row = again(text());
    add_step(row, {base::Time(5ms), Code::processing, "from 12345"});
    while (!row.trace.empty()) {
        EXPECT_LE(steps_of(row).size(), 1u);
        row.trace.pop_back();
    }
}

TEST_F(RowsTest, TheWayOutSeesDigitsAndSender)
{
    MessageRow row = again(text());
    row.sender = "12345";
    row.sender_type = SourceType::shortcode;
    save_sender(database, row);
    Outbound outbound = outbound_of(*load_message(database, row.key));
    EXPECT_EQ(outbound.destination, "61491570156");
    EXPECT_EQ(outbound.sender, "12345");
    EXPECT_EQ(outbound.sender_type, SourceType::shortcode);
}

TEST_F(RowsTest, TheWayOutOfAnMmsSeesSubjectAndMedia)
{
    NewMessage mms = text();
    mms.submission.format = message::Format::mms;
    mms.submission.subject = "Holiday";
    mms.submission.media = {"https://example.com/a.png", "https://example.com/b.png"};
    MessageRow row = again(mms);
    Outbound outbound = outbound_of(*load_message(database, row.key));
    EXPECT_EQ(outbound.format, message::Format::mms);
    EXPECT_EQ(outbound.subject, "Holiday");
    EXPECT_EQ(outbound.media, mms.submission.media);
}

}  // namespace

}  // namespace tidings::store::sqlite
