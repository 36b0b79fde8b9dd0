using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.RocketWs;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Tests.Dialects;

/// <summary>What happens for every message builds nothing.</summary>
public sealed class AllocationTests
{
    private const int Rounds = 10_000;

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"publish","params":{"channel":"chat","event":"moved","data":{"x":1,"text":"a\"b","list":[1,2,3]}}}""")]
    [InlineData("""{"method":"publish","params":{"data":[null],"channel":"ch\u0061t","event":"gruß"},"jsonrpc":"2.0"}""")]
    public void Received_OfANativePublish_AllocatesNothing(string text) => ShouldAllocateNothing(new NativeDialect(new NativeOptions()), text);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"send_data","params":{"channel":"chat","data":{"x":1,"text":"a\"b","list":[1,2,3]}}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"send_data","params":["chat",{}]}""")]
    public void Received_OfARocketWsSendData_AllocatesNothing(string text) => ShouldAllocateNothing(new RocketWsDialect(new RocketWsOptions()), text);

    [Fact]
    public void Received_OfAHeartbeat_AnswersWithoutAllocating()
    {
        var context = new NullContext();
        var session = new RocketWsDialect(new RocketWsOptions()).Open(context);
        var frame = """{"jsonrpc":"2.0","id":1,"method":"heartbeat"}"""u8.ToArray();
        Allocated(() => session.Received(frame, FrameKind.Text)).ShouldBe(0);
        context.Sends.ShouldBe(2 * Rounds);
    }

    [Fact]
    public void Encode_AllocatesNothing()
    {
        var channelEvent = new ChannelEvent
        {
            Channel = new ChannelName("default", "chat"),
            Epoch = new Epoch(0xfeed, 7),
            PreviousTerm = 7,
            Offset = 12_345,
            AtMs = 1_420_070_400_123,
            Name = "moved",
            Data = """{"x":1,"text":"a\"b","list":[1,2,3]}"""u8.ToArray(),
        };
        var payload = new PayloadWriter();
        foreach (var (dialect, version) in ((IDialect, int)[])[(new NativeDialect(new NativeOptions()), 0), (new RocketWsDialect(new RocketWsOptions()), 2)])
        {
            Allocated(() =>
            {
                payload.Clear();
                dialect.Encode(channelEvent, version, payload);
            }).ShouldBe(0, dialect.Name);
        }
    }

    private static void ShouldAllocateNothing(IDialect dialect, string text)
    {
        var context = new NullContext();
        var session = dialect.Open(context);
        var frame = Encoding.UTF8.GetBytes(text);
        Allocated(() => session.Received(frame, FrameKind.Text)).ShouldBe(0);
        context.Emits.ShouldBe(2 * Rounds);
        context.Sends.ShouldBe(0);
    }

    /// <summary>Bytes that the second half of many calls allocated.</summary>
    private static long Allocated(Action call)
    {
        for (var i = 0; i < Rounds; i++)
        {
            call();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            call();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
