namespace Broker.Messages.Tests;

public class ShardIdTests
{
    /// <summary>Nodes of neighbouring releases must agree: these numbers never change.</summary>
    [Theory]
    [InlineData("default", "news", 256, 16)]
    [InlineData("default", "", 256, 223)]
    [InlineData("other", "news", 256, 242)]
    [InlineData("default", "presence-ünï😀", 256, 164)]
    [InlineData("default", "news", 1, 0)]
    [InlineData("default", "news", 1000, 400)]
    public void Of_ForAName_IsWhatItHasAlwaysBeen(string app, string text, int count, int shard) =>
        ShardId.Of(new ChannelName(app, text), count).Value.ShouldBe(shard);

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_ForLongNames_IsFnv1aOfTheUtf8Text(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in System.Text.Encoding.UTF8.GetBytes("app\0" + text))
        {
            hash = unchecked((hash ^ value) * 1099511628211UL);
        }

        hash ^= hash >> 32;
        ShardId.Of(new ChannelName("app", text), 4_096).Value.ShouldBe((int)(hash % 4_096));
    }

    /// <summary>Lengths around the hash's pieces of 64 characters, with a surrogate pair at every place.</summary>
    public static TheoryData<string> Names =>
        [.. Enumerable.Range(60, 10).Select(length => new string('é', length) + "😀" + new string('x', 70)), new string('y', 300), ""];

    [Fact]
    public void Of_ForManyShortNames_SpreadsThemEvenly()
    {
        var counts = new int[256];
        for (var i = 0; i < 256_000; i++)
        {
            counts[ShardId.Of(new ChannelName("default", $"c{i}"), 256).Value]++;
        }

        counts.Min().ShouldBeGreaterThan(850);
        counts.Max().ShouldBeLessThan(1_150);
    }

    [Fact]
    public void Of_ForAnAppAndAName_DoesNotMixThemUp() =>
        ShardId.Of(new ChannelName("ab", "c"), 1 << 30).ShouldNotBe(ShardId.Of(new ChannelName("a", "bc"), 1 << 30));
}
