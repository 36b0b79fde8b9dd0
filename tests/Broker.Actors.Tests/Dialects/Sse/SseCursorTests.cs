using System.Text;
using Broker.Actors.Dialects.Sse;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Tests.Dialects.Sse;

public sealed class SseCursorTests
{
    private static readonly ChannelName A = new("app", "a");
    private static readonly ChannelName B = new("app", "b");
    private static readonly ChannelName C = new("app", "c");
    private static readonly Position Early = new(new Epoch(0xFFFF_FFFF_FFFF_FFFF, long.MaxValue), 0);
    private static readonly Position Late = new(new Epoch(1, 3), long.MaxValue);

    [Fact]
    public void Id_GivenBack_NamesThePositionInEachChannel()
    {
        var cursor = Read("");
        cursor.MoveOn(Entry(A, Early));
        cursor.MoveOn(Entry(B, Early));
        cursor.MoveOn(Entry(A, Late));

        var back = Read(Write(cursor));

        back.IsReadable.ShouldBeTrue();
        back.PositionIn(A).ShouldBe(Late);
        back.PositionIn(B).ShouldBe(Early);
        back.PositionIn(C).ShouldBeNull();
    }

    [Fact]
    public void Id_OfOneChannel_IsWhatAClientOfSeveralMayBringToo()
    {
        var back = Read(Encoding.ASCII.GetString(Entry(B, Late)));

        back.PositionIn(B).ShouldBe(Late);
        back.PositionIn(A).ShouldBeNull();
    }

    [Fact]
    public void Id_WithAChannelThatIsNotWantedAnyMore_ForgetsIt()
    {
        var cursor = Read("");
        cursor.MoveOn(Entry(A, Late));
        cursor.MoveOn(Entry(new ChannelName("app", "gone"), Late));

        Write(Read(Write(cursor))).ShouldBe(Encoding.ASCII.GetString(Entry(A, Late)));
    }

    [Fact]
    public void Id_StaysWithinItsBound()
    {
        var cursor = Read("");
        cursor.MoveOn(Entry(A, Early));
        cursor.MoveOn(Entry(B, Late));

        Write(cursor).Length.ShouldBeLessThanOrEqualTo(cursor.MaxLength);
    }

    [Theory]
    [InlineData("42")]
    [InlineData(".")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA.")]
    [InlineData("AAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]      // one character over
    [InlineData("AAAAAAAAAAAAAAAAAAAAgICA")]   // a number that is cut short
    [InlineData("AAAAAAAA/+AAAAAAAAAA")]
    [InlineData("ääääääääääääääääääää")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Id_ThatNoneOfOurs_IsGivenButUnreadable(string id)
    {
        var cursor = Read(id);

        cursor.IsGiven.ShouldBeTrue();
        cursor.IsReadable.ShouldBeFalse();
        cursor.PositionIn(A).ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Id_ThatIsNotThere_IsNoMistake(string? id)
    {
        var cursor = Read(id);

        cursor.IsGiven.ShouldBeFalse();
        cursor.IsReadable.ShouldBeTrue();
    }

    private static SseCursor Read(string? id) => SseCursor.Read(id, [A, B, C]);

    private static byte[] Entry(ChannelName channel, Position position)
    {
        var payload = new PayloadWriter();
        SseCursor.WriteEntry(payload, channel, position);
        return payload.WrittenSpan.ToArray();
    }

    private static string Write(SseCursor cursor)
    {
        var text = new byte[cursor.MaxLength];
        return Encoding.ASCII.GetString(text, 0, cursor.Write(text));
    }
}
