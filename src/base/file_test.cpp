// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace tidings::base {

namespace {

namespace fs = std::filesystem;

template <class Action>
std::string complaint(Action action)
{
    try {
        action();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

TEST(File, APrivateFileIsTheOwnersAloneAndNeverOverwritten)
{
    test::TempFolder folder;
    auto path = folder.path() / "file";
    write_private_file(path, "text");
    EXPECT_EQ(read_file(path), "text");
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(complaint([&] { write_private_file(path, "other"); }),
              "cannot create " + path.string() + ": File exists");
    EXPECT_EQ(read_file(path), "text");
}

TEST(File, ComplaintsNameTheFile)
{
    test::TempFolder folder;
    auto path = folder.path() / "missing" / "file";
    EXPECT_EQ(complaint([&] { read_file(path); }),
              "cannot read " + path.string() + ": No such file or directory");
    EXPECT_EQ(complaint([&] { write_private_file(path, ""); }),
              "cannot create " + path.string() + ": No such file or directory");
}

TEST(File, FoldersAreMadeWithTheirParentsForTheOwnerAlone)
{
    test::TempFolder folder;
    auto path = folder.path() / "a" / "b";
    create_folder(path);
    create_folder(path);
    EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
    EXPECT_EQ(fs::status(path.parent_path()).permissions(), fs::perms::owner_all);
}

TEST(File, AFolderInPlaceOfAFileIsRefused)
{
    test::TempFolder folder;
    write_private_file(folder.path() / "file", "");
    EXPECT_NE(complaint([&] { create_folder(folder.path() / "file" / "below"); }), "");
    EXPECT_NE(complaint([&] { create_folder(folder.path() / "file"); }), "");
}

TEST(FolderLock, HasOneHolder)
{
    test::TempFolder folder;
    {
        FolderLock lock(folder.path());
        EXPECT_NE(
            complaint([&] { FolderLock second(folder.path()); }).find("another process uses the data folder"),
            std::string::npos);
    }
    FolderLock again(folder.path());
}

TEST(FolderLock, IsNotLostWithItsFile)
{
    test::TempFolder folder;
    FolderLock lock(folder.path());
    fs::remove(folder.path() / "lock");
    EXPECT_NE(
        complaint([&] { FolderLock second(folder.path()); }).find("another process uses the data folder"),
        std::string::npos);
}

TEST(File, OthersLoseWhatTheyMayDoWithAPrivateOne)
{
    test::TempFolder folder;
    auto file = folder.path() / "file", below = folder.path() / "below";
    write_private_file(file, "text");
    create_folder(below);
    fs::permissions(file, fs::perms(0666));
    fs::permissions(below, fs::perms(0755));
    for (const auto& path : {file, below, folder.path() / "missing"}) make_private(path);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms(0600));
    EXPECT_EQ(fs::status(below).permissions(), fs::perms(0700));
}

TEST(File, AFolderThatAllMayUseIsNotTakenFromThem)
{
    test::TempFolder folder;
    auto shared = folder.path() / "shared";
    create_folder(shared);
    fs::permissions(shared, fs::perms(01777));
    make_private(shared);
    EXPECT_EQ(fs::status(shared).permissions(), fs::perms(01777));
}

}  // namespace

}  // namespace tidings::base
