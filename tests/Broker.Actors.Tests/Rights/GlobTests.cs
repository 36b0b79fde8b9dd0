using Broker.Actors.Rights;

namespace Broker.Actors.Tests.Rights;

public class GlobTests
{
    [Fact]
    public void Matches_ForRandomPatternsAndTexts_IsWhatTheNaiveOneSays()
    {
        var random = new Random(1);
        for (var i = 0; i < 50_000; i++)
        {
            var pattern = Text(random, "ab*?", 8);
            var text = Text(random, "ab*", 10);
            Glob.Matches(pattern, text).ShouldBe(Naive(pattern, text), $"{pattern} {text}");
        }
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("private-*", "private-", true)]
    [InlineData("private-*", "private", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("[a]", "a", false)]
    [InlineData("A", "a", false)]
    public void Matches_AtItsEdges_IsLiteralButForStarAndQuestionMark(string pattern, string text, bool matches) =>
        Glob.Matches(pattern, text).ShouldBe(matches);

    [Fact]
    public void Matches_ForAHostilePattern_TakesNoTime() =>
        Glob.Matches(string.Concat(Enumerable.Repeat("*a", 200)) + "b", new string('a', 5_000)).ShouldBeFalse();

    private static bool Naive(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }

        return pattern[0] == '*'
            ? Naive(pattern[1..], text) || (!text.IsEmpty && Naive(pattern, text[1..]))
            : !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && Naive(pattern[1..], text[1..]);
    }

    private static string Text(Random random, string letters, int most) =>
        new([.. Enumerable.Range(0, random.Next(most)).Select(_ => letters[random.Next(letters.Length)])]);
}
