// SPDX-License-Identifier: Apache-2.0
#include "sandbox/journal.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace tidings::sandbox {
namespace {

class JournalTest : public testing::Test {
protected:
    JournalTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "journal-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for the test");
        folder_ = name;
    }
    ~JournalTest() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path file() const { return folder_ / "journal"; }

    std::filesystem::path folder_;
};

TEST_F(JournalTest, WrittenLinesAreReadByTheNextOne)
{
    {
        Journal journal(file());
        EXPECT_EQ(journal.read(), "");
        journal.replace("a\n");
        std::string lines = "b\nc\n";
        journal.write(lines);
        EXPECT_EQ(lines, "");
    }
    EXPECT_EQ(Journal(file()).read(), "a\nb\nc\n");
}

TEST_F(JournalTest, TornLastLineIsCutOff)
{
    std::ofstream(file()) << "a\nb\nc";
    EXPECT_EQ(Journal(file()).read(), "a\nb\n");
    std::ofstream(file()) << "a";
    EXPECT_EQ(Journal(file()).read(), "");
}

TEST_F(JournalTest, ReplacementTakesTheWholePlace)
{
    Journal journal(file());
    journal.replace("a\nb\nc\n");
    journal.replace("d\n");
    std::string lines = "e\n";
    journal.write(lines);
    EXPECT_EQ(journal.read(), "d\ne\n");
}

TEST_F(JournalTest, GrowthAsksForReplacement)
{
    Journal journal(file());
    journal.replace("a\n");
    std::string lines(33 << 20, 'x');
    journal.write(lines);
    EXPECT_TRUE(journal.is_long());
    journal.replace("a\n");
    EXPECT_FALSE(journal.is_long());
}

TEST_F(JournalTest, WhatCannotBeWrittenStays)
{
    Journal journal(folder_ / "missing" / "journal");
    EXPECT_THROW(journal.replace("a\n"), std::runtime_error);
    std::string lines = "b\n";
    EXPECT_THROW(journal.write(lines), std::runtime_error);
    EXPECT_EQ(lines, "b\n");
}

TEST(Journal, WithoutFileKeepsNothing)
{
    Journal journal({});
    journal.replace("a\n");
    std::string lines = "b\n";
    journal.write(lines);
    EXPECT_EQ(lines, "");
    EXPECT_EQ(journal.read(), "");
}

}  // namespace
}  // namespace tidings::sandbox
