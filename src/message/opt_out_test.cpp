// SPDX-License-Identifier: Apache-2.0
#include "message/opt_out.hpp"

#include <gtest/gtest.h>

namespace tidings::message {

TEST(Wish, IsToOptOutWhenTheWholeReplyIsAKeyword)
{
    for (const char* reply : {"STOP",        "stop",      "Stop.",       " stop \n",   "\"STOP\"", "“Stop!”",
                              "'stop'",      "STOP!!!",   "(stop)",      "ＳＴＯＰ",   "ｓｔｏｐ", "STOPALL",
                              "STOP ALL",    "stop  all", "Unsubscribe", "CANCEL",     "end",      "QUIT",
                              "Revoke",      "OPTOUT",    "opt out",     "Opt-Out",    "ARRET",    "Arrêt",
                              "arre\u0302t", "REMOVE",    "ſtop",        "stop\u200B", "STOP 🙏"})
        EXPECT_EQ(wish_of(reply), Wish::opt_out) << reply;
}

TEST(Wish, IsToOptInAgain)
{
    for (const char* reply : {"START", "start!", "UNSTOP", " Start "})
        EXPECT_EQ(wish_of(reply), Wish::opt_in) << reply;
}

TEST(Wish, IsForTheOperatorToJudgeWhenItSoundsLikeAnOptOut)
{
    for (const char* reply :
         {"STOP texting me", "stop now please", "Please unsubscribe me", "I want to opt-out of this",
          "remove me from your list", "Don't text me again", "don’t contact me", "Do not send this any more",
          "NO MORE MESSAGES", "stop stop", "Stop it, John."})
        EXPECT_EQ(wish_of(reply), Wish::perhaps_opt_out) << reply;
}

TEST(Wish, IsNoneOfOrdinaryReplies)
{
    for (const char* reply : {"", "Yes", "YES", "No", "Thanks!", "don't stop", "nonstop", "STOPPED",
                              "It ends at 5", "the end is near", "start now", "cancel my appointment",
                              "stopwatch", "🙂", "...", "S T O P", "\xFF\xFE"})
        EXPECT_EQ(wish_of(reply), Wish::none) << reply;
}

TEST(Wish, OfALongReplyIsFoundAtItsBeginning)
{
    EXPECT_EQ(wish_of("stop " + std::string(100'000, 'x')), Wish::perhaps_opt_out);
    EXPECT_EQ(wish_of(std::string(100'000, 'x') + " unsubscribe"), Wish::none);
    EXPECT_EQ(wish_of("stop" + std::string(1'000, ' ') + "by my house"), Wish::none);
    std::string cut;
    while (cut.size() < 2'000) cut += "ﷺ";  // what folds to the most
    EXPECT_EQ(wish_of(cut), Wish::none);
}

}  // namespace tidings::message
