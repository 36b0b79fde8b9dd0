using System.Net.Sockets;
using Broker.Actors;
using Broker.Actors.Sessions;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Clients that ask faster than they read, or than they may: the broker reads from them no faster.
public abstract partial class WebSocketContract
{
    private const int Small = 4_096;

    [Fact]
    public async Task Pace_WhenAClientAsksFarAheadOfWhatItReads_AllIsAnsweredAndItIsNeverSlow()
    {
        _options.OutboxBytes = 65_536;
        using var client = await OpenAsync(receiveBuffer: 65_536);
        var session = await Server.Gate.NextAsync();
        const int Count = 100_000;
        var sending = Task.Run(async () =>
        {
            for (var n = 0; n < Count; n += 1_000)
            {
                await client.SendAsync([.. Enumerable.Range(n, 1_000).SelectMany(i => ClientFrame.Text($"ping {i,-100}"))]);
            }
        });

        // Nothing is read until the broker has stopped reading.
        await Server.Gate.MeetAsync(Limit.Answers);
        for (var n = 0; n < Count; n++)
        {
            (await client.ReadAsync()).Text.ShouldBe($"ping {n,-100}");
        }

        await sending;
        session.Overflow.IsCompleted.ShouldBeFalse();
        await session.DoAsync(transport => transport.QueuedBytes.ShouldBe(0));
    }

    [Fact]
    public async Task Pace_WhenAClientAsksAndNeverReads_HoldsABoundedAmount()
    {
        _options.OutboxBytes = 65_536;
        using var client = await OpenAsync(receiveBuffer: Small);
        var session = await Server.Gate.NextAsync();
        var flood = Task.Run(async () =>
        {
            var frames = Enumerable.Range(0, 1_000).SelectMany(_ => ClientFrame.Text(new string('x', 100))).ToArray();
            while (true)
            {
                await client.SendAsync(frames);
            }
        });
        await Server.Gate.MeetAsync(Limit.Answers);

        using var other = await OpenAsync();
        await other.SendAsync(ClientFrame.Text("hello"));
        (await other.ReadAsync()).ToString().ShouldBe("text hello");
        await session.DoAsync(transport =>
        {
            transport.QueuedBytes.ShouldBeLessThanOrEqualTo(_options.PauseAtBytes + 200);
            transport.Abort();
        });
        await Should.ThrowAsync<SocketException>(flood);
        session.Overflow.IsCompleted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(Limit.FramesPerSecond)]
    [InlineData(Limit.BytesPerSecond)]
    public async Task Pace_WhenAClientSendsFasterThanItMay_IsReadNoFasterAndLosesNothing(Limit limit)
    {
        // One and a half seconds' worth at once.
        (_options.FramesPerSecond, _options.BytesPerSecond) = limit == Limit.FramesPerSecond ? (20, 0) : (0, 20 * 106);
        using var client = await OpenAsync();
        await client.SendAsync([.. Enumerable.Range(0, 30).SelectMany(n => ClientFrame.Text($"{n,-100}"))]);

        await Server.Gate.MeetAsync(limit);
        for (var n = 0; n < 30; n++)
        {
            (await client.ReadAsync()).Text.ShouldBe($"{n,-100}");
        }
    }

    [Fact]
    public async Task Pace_WhenAClientFloodsWithPings_IsReadNoFaster()
    {
        _options.FramesPerSecond = 20;
        using var client = await OpenAsync();
        await client.SendAsync([.. Enumerable.Range(0, 25).SelectMany(_ => ClientFrame.Build(0x89, "p"u8.ToArray()))]);

        await Server.Gate.MeetAsync(Limit.FramesPerSecond);
        for (var n = 0; n < 25; n++)
        {
            (await client.ReadAsync()).ToString().ShouldStartWith("pong");
        }
    }

    [Fact]
    public async Task Pace_WhenAPausedClientGoesAway_ItsSessionEnds()
    {
        (_options.BytesPerSecond, _options.CloseTimeoutMs) = (5, 100);
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync(ClientFrame.Text("hello"));
        await Server.Gate.MeetAsync(Limit.BytesPerSecond);
        var (heard, now) = (0L, 1L);
        await session.DoAsync(transport => (heard, now) = (transport.LastHeardMs, transport.Loop.NowMs));
        heard.ShouldBe(now, "it is not silent: nobody listens");
        client.Reset();

        (await session.Closed).ShouldBeFalse();
    }

    [Fact]
    public async Task Pace_WhenAPausedSessionCloses_TheHandshakeGoesOn()
    {
        _options.FramesPerSecond = 1;
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync([.. ClientFrame.Text("a"), .. ClientFrame.Text("b"), .. ClientFrame.Close(1000)]);
        await Server.Gate.MeetAsync(Limit.FramesPerSecond);
        await session.DoAsync(transport => transport.Close(Disconnect.Shutdown));

        (await client.ReadToEndAsync())[..3].ShouldBe(["text a", "text b", "close 1001"]);
        (await session.Closed).ShouldBeFalse();
    }

    [Fact]
    public async Task Handshakes_ThatNeverEnd_MakeRoomForNewOnes()
    {
        if (!JudgesHeads)
        {
            return;   // another server reads the heads of this way, and bounds them
        }

        _options.MaxOpenHandshakes = 3;
        var halves = new List<RawClient>();
        for (var n = 0; n < 4; n++)
        {
            halves.Add(await RawClient.ConnectAsync(Server.EndPoint));
            await halves[^1].SendAsync("GET /echo HTTP/1.1\r\nHost"u8.ToArray());
        }

        (await await Task.WhenAny(halves[..3].Select(EndAsync))).ShouldBeEmpty();   // the oldest that was looked at, never the newest
        await Server.Gate.MeetAsync(Limit.OpenHandshakes);
        using var client = await OpenAsync();
        await client.SendAsync(ClientFrame.Text("hello"));
        (await client.ReadAsync()).ToString().ShouldBe("text hello");
        halves.ForEach(half => half.Dispose());
    }
}
