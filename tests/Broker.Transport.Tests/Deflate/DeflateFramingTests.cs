using System.Net.WebSockets;
using Broker.Actors.Sessions;
using Broker.Transport.Deflate;

namespace Broker.Transport.Tests.Deflate;

public sealed class DeflateFramingTests
{
    [Fact]
    public void Frame_WhenAMessageIsShort_SendsItAsItIs()
    {
        var frame = Frame(15, new byte[DeflateFraming.SmallestDeflated - 1]);
        (frame[0] & 0x40).ShouldBe(0);
        frame.Length.ShouldBe(4 + DeflateFraming.SmallestDeflated - 1);
    }

    [Fact]
    public void Frame_WhenAMessageIsLong_DeflatesIt()
    {
        var frame = Frame(15, new byte[DeflateFraming.SmallestDeflated]);
        frame[0].ShouldBe((byte)0xC2);
        frame.Length.ShouldBeLessThan(40);
    }

    [Fact]
    public void Frame_WhenDeflatingGainsNothing_SendsItAsItIs()
    {
        var noise = new byte[5000];
        new Random(1).NextBytes(noise);
        Frame(15, noise).Length.ShouldBe(5004);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    public async Task Frame_WhenTheClientHasThisWindow_IsInflatedByIt(int windowBits)
    {
        foreach (var length in (int[])[512, 513, 4096, 4097, 20_000, 200_000])
        {
            var payload = Text(length, seed: length);
            var received = await ReceiveAsync(Frame(windowBits, payload), windowBits, length);
            received.AsSpan().SequenceEqual(payload).ShouldBeTrue($"{length} bytes");
        }
    }

    [Fact]
    public void Frame_WhenTheWindowIsOf8Bits_UsesNoWindow() =>
        Frame(8, new byte[100_000]).Length.ShouldBeLessThan(2000);   // runs go, and nothing else would be safe

    [Fact]
    public void Frame_WhenCalledFromManyThreads_GivesEachTheSame()
    {
        var payload = Text(10_000, seed: 7);
        var expected = Frame(12, payload);
        Parallel.For(0, 64, _ => Frame(12, payload).ShouldBe(expected));
    }

    // Repeats at all distances.
    private static byte[] Text(int length, int seed)
    {
        var random = new Random(seed);
        var text = new byte[length];
        for (var i = 0; i < length;)
        {
            if (i > 20 && random.Next(4) > 0)
            {
                var from = random.Next(i);
                for (var n = random.Next(3, 40); n > 0 && i < length; n--)
                {
                    text[i++] = text[from++];
                }
            }
            else
            {
                text[i++] = (byte)random.Next('a', 'z');
            }
        }

        return text;
    }

    private static byte[] Frame(int windowBits, byte[] payload)
    {
        var framing = DeflateFraming.For(windowBits);
        var destination = new byte[framing.MaxSize(payload.Length)];
        return destination[..framing.Frame(payload, FrameKind.Binary, destination)];
    }

    // The framework's own client, whose inflater refuses what points outside its window.
    private static async Task<byte[]> ReceiveAsync(byte[] frame, int windowBits, int length)
    {
        using var stream = new DuplexMemory(frame);
        using var client = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions
        {
            DangerousDeflateOptions = new WebSocketDeflateOptions
            {
                ServerMaxWindowBits = windowBits,
                ServerContextTakeover = false,
                ClientContextTakeover = false,
            },
        });
        var received = new byte[length + 1];
        var count = 0;
        while (true)
        {
            var result = await client.ReceiveAsync(received.AsMemory(count), TestContext.Current.CancellationToken);
            count += result.Count;
            if (result.EndOfMessage)
            {
                return received[..count];
            }
        }
    }
}
