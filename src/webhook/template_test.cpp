// SPDX-License-Identifier: Apache-2.0
#include "webhook/template.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tidings::webhook {

namespace {

const message::Metadata metadata{{"a", "1"}, {"b", "2"}};
const message::Metadata nothing;
const Attachments attachments{{"image/png", std::string(2, '\0'), "a.png"}, {"image/gif", "GIF89a", "b.gif"}};

Variables variables()
{
    using namespace std::string_view_literals;
    return {{"mtId", "M1"sv},   {"status", "delivered"sv},       {"mtContent", "Hi \"you\""sv},
            {"empty", ""sv},    {"retryCount", std::int64_t{2}}, {"metadata", &metadata},
            {"none", &nothing}, {"attachments", &attachments},   {"esc", Escapes{}}};
}

std::string render(const std::string& source, Directives directives = Directives::allowed)
{
    auto parsed = Template::parse(source, directives);
    if (!parsed) return "fault at " + parsed.error().text();
    std::string out;
    Budget budget = Budget::full();
    return parsed->render(out, variables(), budget) ? out : "limit";
}

std::string fault(const std::string& source)
{
    auto parsed = Template::parse(source, Directives::allowed);
    return parsed ? "none" : parsed.error().text();
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        char c = text[++i];
        out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    return out;
}

// The expected results were written by Apache Velocity 1.7.
TEST(Template, RendersAsVelocityDoes)
{
    std::ifstream file(VECTORS "/velocity.tsv");
    ASSERT_TRUE(file);
    int count = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("# ")) continue;
        std::size_t tab = line.find('\t');
        ASSERT_NE(tab, line.npos) << line;
        ++count;
        std::string source = line.substr(0, tab), expected = line.substr(tab + 1);
        if (expected == "%ERROR")
            EXPECT_NE(fault(unescaped(source)), "none") << source;
        else
            EXPECT_EQ(render(unescaped(source)), unescaped(expected)) << source;
    }
    EXPECT_GT(count, 100);
}

TEST(Template, ALoneSignIsText)
{
    EXPECT_EQ(render("$"), "$");
    EXPECT_EQ(render("100 $ or #"), "100 $ or #");
    EXPECT_EQ(render("$!"), "$!");
    EXPECT_EQ(render("\\"), "\\");
    EXPECT_EQ(render(""), "");
    EXPECT_EQ(render("##"), "");
}

TEST(Template, BackslashesBeforeWhatIsNothingStay)
{
    EXPECT_EQ(render("\\\\\\$nope"), "\\\\\\$nope");
    EXPECT_EQ(render("\\\\\\\\$mtId"), "\\\\M1");
}

TEST(Template, AttachmentsAreAList)
{
    EXPECT_EQ(render("#foreach($entry in $attachments)$entry.contentType $entry.base64 "
                     "$entry.originalName#if($foreach.hasNext);#end#end"),
              "image/png AAA= a.png;image/gif R0lGODlh b.gif");
    EXPECT_EQ(render("$attachments.size() $attachments.get(1).originalName $attachments[0].base64"),
              "2 b.gif AAA=");
    EXPECT_EQ(render("$attachments.get(2).base64 $!attachments.get(-1)"), "$attachments.get(2).base64 ");
    EXPECT_EQ(render("$attachments $attachments.get(0) $esc"), "$attachments $attachments.get(0) $esc");
}

TEST(Template, EscapesForEachEncoding)
{
    EXPECT_EQ(render("$esc.json($mtContent)"), "Hi \\\"you\\\"");
    EXPECT_EQ(render("$esc.json('a\nb\\')"), "a\\nb\\\\");
    EXPECT_EQ(render("$esc.xml('<a b=\"c\">&\x01')"), "&lt;a b=&quot;c&quot;&gt;&amp;\uFFFD");
    EXPECT_EQ(render("$esc.url('a b/\u00e9~')"), "a%20b%2F%C3%A9~");
    EXPECT_EQ(render("$esc.sql('x')"), "$esc.sql('x')");
}

TEST(Template, WithoutDirectivesASharpIsText)
{
    EXPECT_EQ(render("a#if($mtId)#end##", Directives::are_text), "a#if(M1)#end##");
}

TEST(Template, AFaultHasItsPlaceAndReason)
{
    EXPECT_EQ(fault("x\n\u00e9 #if($mtId)y"), "line 2, column 3: #if without #end");
    EXPECT_EQ(fault("#end"), "line 1, column 1: #end without its beginning");
    EXPECT_EQ(fault("#if($a)#else#else#end"), "line 1, column 13: #else behind #else");
    EXPECT_EQ(fault("#foreach($a in $b)#else#end"), "line 1, column 19: #else within #foreach");
    EXPECT_EQ(fault("#set($a = 1)"), "line 1, column 1: #set is not supported");
    EXPECT_EQ(fault("a #include('/etc/passwd')"), "line 1, column 3: #include is not supported");
    EXPECT_EQ(fault("#macro (x)#end"), "line 1, column 1: #macro is not supported");
    EXPECT_EQ(fault("#foreach($a in [1..9])#end"),
              "line 1, column 16: a reference, a text, a number, true or false is missing");
    EXPECT_EQ(fault("#foreach($a.b in $c)#end"), "line 1, column 10: #foreach wants a plain $name");
    EXPECT_EQ(fault("${mtId"), "line 1, column 7: } of a reference is missing");
    EXPECT_EQ(fault("$a.get('x"), "line 1, column 8: the end of a text in quotes is missing");
    EXPECT_EQ(fault("$a.get('x' 1)"), "line 1, column 12: ) is missing");
    EXPECT_EQ(fault("#if($a"), "line 1, column 7: ) is missing");
    EXPECT_EQ(fault("#[[ a"), "line 1, column 1: ]]# is missing");
    EXPECT_EQ(fault("#if(99999999999999999999)#end"), "line 1, column 5: a number too large");
}

TEST(Template, HasLimits)
{
    EXPECT_EQ(fault(std::string(template_size_max + 1, 'x')), "line 1, column 1: longer than 65536 bytes");
    EXPECT_EQ(fault(std::string(template_size_max, 'x')), "none");
    std::string deep;
    for (std::size_t i = 0; i < nesting_max; ++i) deep += "#if($mtId)";
    EXPECT_NE(fault(deep).find("nested too deeply"), std::string::npos);
    EXPECT_NE(fault("#if(" + std::string(60'000, '(')).find("nested too deeply"), std::string::npos);
    EXPECT_NE(fault("#if(" + std::string(60'000, '!')).find("nested too deeply"), std::string::npos);
    std::string many;
    for (std::size_t i = 0; i <= nodes_max; ++i) many += "$a.b";
    EXPECT_NE(fault(many).find("more than 10000 parts"), std::string::npos);
    std::string chain = "#if($a";
    for (std::size_t i = 0; i < 10'000; ++i) chain += "||$a";
    EXPECT_NE(fault(chain + ")#end").find("too many operators"), std::string::npos);
    std::string quotes = "$a.b(";
    for (std::size_t i = 0; i < 1'000; ++i) quotes += "$a.b(";
    EXPECT_NE(fault(quotes).find("nested too deeply"), std::string::npos);
}

TEST(Template, RenderingEndsAtALimit)
{
    std::string loops;
    for (int i = 0; i < 14; ++i) loops += "#foreach($k in $metadata)";
    loops += "x";
    for (int i = 0; i < 14; ++i) loops += "#end";
    EXPECT_EQ(render(loops), "limit");

    std::string inner = "#foreach($k in $metadata)";
    for (int i = 0; i < 500; ++i) inner += "#if($mtId == 'x' || $mtId == 'y' || $mtId == 'z')#end";
    for (int i = 0; i < 3; ++i) inner = "#foreach($k in $metadata)" + inner + "#end";
    EXPECT_EQ(render(inner + "#end"), "limit") << "conditions are steps, too";

    const std::string large(1 << 20, 'x');
    auto parsed = Template::parse("$a$a$a$a$a$a$a$a$a$a$a$a$a$a$a$a$a", Directives::allowed);
    std::string out;
    Budget budget = Budget::full();
    EXPECT_FALSE(parsed->render(out, {{"a", std::string_view(large)}}, budget));
    EXPECT_LE(out.size(), Budget::text_max + large.size());
}

// Each escape makes its backslashes twice as many.
std::string nested_escapes(std::size_t depth, const std::string& text)
{
    std::string source = "'" + text + "'";
    for (std::size_t i = 0; i < depth; ++i) source = "$esc.json(" + source + ")";
    return source;
}

TEST(Template, TextThatOnlyAnotherIsMadeOfCounts)
{
    EXPECT_EQ(render(nested_escapes(3, "\\")), std::string(8, '\\'));
    EXPECT_EQ(render(nested_escapes(15, std::string(3'000, '\\'))), "limit");
    EXPECT_EQ(render("#if(" + nested_escapes(13, std::string(3'000, '\\')) + " == 'x')#end"), "limit");

    const std::string large(600 << 10, 'x');
    auto parsed = Template::parse("#if($a == 'x')#end", Directives::allowed);
    std::string out;
    Budget once(100, 1 << 20), twice(100, 1 << 20);
    EXPECT_TRUE(parsed->render(out, {{"a", std::string_view(large)}}, once));
    parsed = Template::parse("#if($a == 'x')#end#if($a == 'x')#end", Directives::allowed);
    EXPECT_FALSE(parsed->render(out, {{"a", std::string_view(large)}}, twice)) << "comparing reads it, too";
}

TEST(Template, ABudgetServesSeveralRenderings)
{
    auto parsed = Template::parse("$a$a", Directives::allowed);
    const Variables variables{{"a", std::string_view("12345")}};
    Budget budget(5, 100);
    std::string out;
    EXPECT_TRUE(parsed->render(out, variables, budget));
    EXPECT_TRUE(parsed->render(out, variables, budget));
    EXPECT_FALSE(parsed->render(out, variables, budget));
    EXPECT_TRUE(budget.is_spent());
}

TEST(Template, NamesHaveALimit)
{
    EXPECT_EQ(fault("$" + std::string(name_max, 'a')), "none");
    EXPECT_EQ(fault("$" + std::string(name_max + 1, 'a')), "line 1, column 2: a name longer than 256 bytes");
}

TEST(Template, CopiesShareATree)
{
    auto first = Template::parse("$mtId", Directives::allowed);
    Template second = *first;
    first = Template::parse("x", Directives::allowed);
    std::string out;
    Budget budget = Budget::full();
    EXPECT_TRUE(second.render(out, variables(), budget));
    EXPECT_EQ(out, "M1");
}

}  // namespace

}  // namespace tidings::webhook
