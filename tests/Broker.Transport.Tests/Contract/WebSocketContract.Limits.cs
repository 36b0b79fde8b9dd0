using Broker.Actors.Sessions;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Autobahn's categories 9 and 10, bounds, slow clients.
public abstract partial class WebSocketContract
{
    private const int Large = 64 * 1024 * 1024;

    [Fact]
    public async Task Size_WhenAMessageIsOf64MiB_ComesBackWhole()
    {
        _options.MaxMessageBytes = Large;
        _options.OutboxBytes = 2 * Large;
        using var client = await OpenAsync();
        var payload = new byte[Large];
        new Random(1).NextBytes(payload);
        var sending = Task.Run(() => client.SendAsync(ClientFrame.Binary(payload)));
        var echo = await client.ReadAsync();
        await sending;
        echo.Payload.AsSpan().SequenceEqual(payload).ShouldBeTrue();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(65536)]
    public async Task Size_WhenAMiBComesInFragments_ComesBackWhole(int size)
    {
        _options.MaxMessageBytes = 1 << 20;
        _options.OutboxBytes = 4 << 20;
        using var client = await OpenAsync();
        var text = new string('*', 1 << 20);
        var frames = new List<byte>();
        for (var start = 0; start < text.Length; start += size)
        {
            var piece = System.Text.Encoding.ASCII.GetBytes(text, start, Math.Min(size, text.Length - start));
            var isLast = start + size >= text.Length;
            frames.AddRange(start == 0 ? ClientFrame.Text(piece, isLast) : ClientFrame.Continuation(piece, isLast));
        }

        var sending = client.SendAsync([.. frames]);
        (await client.ReadAsync()).Text.ShouldBe(text);
        await sending;
    }

    [Fact]
    public async Task Size_WhenAMessageIsAtTheLimit_ComesBackWholeInFragmentsOf1300()
    {
        using var client = await OpenAsync();
        var payload = new byte[65536];
        for (var start = 0; start < payload.Length; start += 1300)
        {
            var piece = payload[start..Math.Min(start + 1300, payload.Length)];
            var isLast = start + 1300 >= payload.Length;
            await client.SendAsync(start == 0 ? ClientFrame.Binary(piece, isLast) : ClientFrame.Continuation(piece, isLast));
        }

        (await client.ReadAsync()).Payload.ShouldBe(payload);
    }

    [Fact]
    public async Task Size_WhenAFrameAnnouncesMoreThanTheLimit_FailsWith1009AtOnce()
    {
        using var client = await OpenAsync();
        await client.SendAsync(ClientFrame.Build(0x82, [], length: 65537));
        (await client.ReadToEndAsync()).ShouldBe(["close 1009"]);
    }

    [Fact]
    public async Task Size_WhenFragmentsPassTheLimit_FailsWith1009()
    {
        using var client = await OpenAsync();
        await client.SendAsync([.. ClientFrame.Binary(new byte[65536], isFinal: false), .. ClientFrame.Continuation([1], isFinal: true)]);
        (await client.ReadToEndAsync()).ShouldBe(["close 1009"]);
    }

    [Fact]
    public async Task Order_WhenManySmallMessagesCome_TheyComeBackInOrder()
    {
        using var client = await OpenAsync();
        const int Count = 5000;
        var all = new List<byte>();
        for (var n = 0; n < Count; n++)
        {
            all.AddRange(ClientFrame.Text($"message {n}"));
        }

        var sending = client.SendAsync([.. all]);
        for (var n = 0; n < Count; n++)
        {
            (await client.ReadAsync()).Text.ShouldBe($"message {n}");
        }

        await sending;
    }

    [Fact]
    public async Task Slow_WhenAClientDoesNotRead_TheSessionIsToldAndOthersNeverNotice()
    {
        _options.OutboxBytes = 65_536;
        _options.CloseTimeoutMs = 200;
        using var slow = await OpenAsync(receiveBuffer: 4096);
        var session = await Server.Gate.NextAsync();
        using var other = await OpenAsync();
        var payload = new byte[60_000];
        while (!session.Overflow.IsCompleted)
        {
            await session.DoAsync(transport => transport.Send(payload, FrameKind.Binary));
        }

        await other.SendAsync(ClientFrame.Text("hello"));
        (await other.ReadAsync()).ToString().ShouldBe("text hello");
        (await session.Closed).ShouldBeFalse();
        await session.DoAsync(transport => transport.QueuedBytes.ShouldBe(0));
        Server.Budget.UsedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Slow_WhenTheNodesBudgetIsUsedUp_TheConnectionIsCut()
    {
        _budgetBytes = 100_000;
        _options.OutboxBytes = 10_000_000;
        using var slow = await OpenAsync(receiveBuffer: 4096);
        var session = await Server.Gate.NextAsync();
        var payload = new byte[60_000];
        while (!session.Overflow.IsCompleted)
        {
            await session.DoAsync(transport => transport.Send(payload, FrameKind.Binary));
        }

        (await session.Closed).ShouldBeFalse();
        Server.Budget.UsedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Slow_WhenAClientReadsLate_GetsEverything()
    {
        _options.OutboxBytes = 32 << 20;
        using var client = await OpenAsync(receiveBuffer: 4096);
        var session = await Server.Gate.NextAsync();
        for (var n = 0; n < 100; n++)
        {
            var payload = new byte[100_000];
            payload[0] = (byte)n;
            await session.DoAsync(transport => transport.Send(payload, FrameKind.Binary));
        }

        for (var n = 0; n < 100; n++)
        {
            var frame = await client.ReadAsync();
            frame.Payload.Length.ShouldBe(100_000);
            frame.Payload[0].ShouldBe((byte)n);
        }
    }

    [Fact]
    public async Task Pause_WhenTheSessionPauses_NothingMoreIsDeliveredUntilItResumes()
    {
        var seen = new List<string>();
        Server.Gate.Intercept = (session, text) =>
        {
            seen.Add(text);
            session.Transport.PauseReading();
            return false;
        };
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync([.. ClientFrame.Text("a"), .. ClientFrame.Text("b")]);
        (await client.ReadAsync()).ToString().ShouldBe("text a");
        await client.SendAsync(ClientFrame.Text("c"));
        await session.DoAsync(transport =>
        {
            seen.ShouldBe(["a"]);
            transport.ResumeReading();
        });
        (await client.ReadAsync()).ToString().ShouldBe("text b");
        await session.DoAsync(transport =>
        {
            seen.ShouldBe(["a", "b"]);
            transport.ResumeReading();
        });
        (await client.ReadAsync()).ToString().ShouldBe("text c");
        await session.DoAsync(transport => transport.Abort());
    }

    [Fact]
    public async Task Pause_WhenThePausedSessionCloses_TheHandshakeGoesOn()
    {
        Server.Gate.Intercept = (session, _) =>
        {
            session.Transport.PauseReading();
            return false;
        };
        using var client = await OpenAsync();
        var session = await Server.Gate.NextAsync();
        await client.SendAsync([.. ClientFrame.Text("a"), .. ClientFrame.Text("b")]);
        (await client.ReadAsync()).ToString().ShouldBe("text a");
        await session.DoAsync(transport => transport.Close(Disconnect.Normal));
        (await client.ReadAsync()).ToString().ShouldBe("close 1000");
        await client.SendAsync(ClientFrame.Close(1000));
        (await client.TryReadAsync()).ShouldBeNull();
        (await session.Closed).ShouldBeFalse();
    }
}
