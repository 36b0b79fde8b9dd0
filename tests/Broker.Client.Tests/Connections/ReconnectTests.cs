using Broker.Actors.Sessions;
using Broker.Client.Connections;
using Broker.Client.Tests.Fakes;

namespace Broker.Client.Tests.Connections;

/// <summary>When a client comes back, and when it does not.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public async Task Waits_DoubleToTheirLongestAndAreSpread()
    {
        await using var test = new ClientUnderTest();
        for (var attempt = 0; attempt < 9; attempt++)
        {
            test.Connector.Fail(new HttpRequestException("refused"));
        }

        var connecting = test.Client.ConnectAsync();
        var waits = new List<double>();
        for (var attempt = 0; attempt < 9; attempt++)
        {
            var waiting = await test.UntilAsync(BrokerClientState.Waiting);
            waiting.End!.Cause.ShouldBeOfType<HttpRequestException>();
            waits.Add(waiting.RetryIn.TotalMilliseconds);
            test.Time.Advance(waiting.RetryIn);
        }

        await test.UntilAsync(BrokerClientState.Connected);
        await connecting;
        waits.ShouldBe([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    }

    [Fact]
    public void BackOff_IsAnywhereBetweenNothingAndItsLongest()
    {
        var waits = Enumerable.Range(0, 1_000).Select(seed => new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9), new Random(seed)).Next().TotalSeconds).ToArray();

        waits.ShouldAllBe(wait => wait >= 0 && wait < 1);
        waits.Count(wait => wait < 0.1).ShouldBeInRange(50, 150);
        waits.Count(wait => wait > 0.9).ShouldBeInRange(50, 150);
    }

    [Fact]
    public async Task Wait_AfterAConnectionThatLasted_IsAFirstOne()
    {
        await using var test = new ClientUnderTest();
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        var waits = new List<double>();
        foreach (var lasting in new[] { 0, 29, 30, 0 })
        {
            await test.UntilAsync(BrokerClientState.Connected);
            test.Time.Advance(TimeSpan.FromSeconds(lasting));
            socket.Close(1001, "shutdown");
            var waiting = await test.UntilAsync(BrokerClientState.Waiting);
            waits.Add(waiting.RetryIn.TotalMilliseconds);
            test.Time.Advance(waiting.RetryIn);
            socket = await test.Connector.NextAsync();
        }

        waits.ShouldBe([250, 500, 250, 500]);
    }

    [Fact]
    public async Task CloseCodes_AgreeWithTheBrokersCatalogue()
    {
        foreach (var code in Disconnect.Catalogue)
        {
            CloseCodes.MayReturn(code.Code).ShouldBe(code.MayReconnect, code.Reason);
        }

        foreach (var code in new[] { 1002, 1003, 1007, 1008, 1009, 1010, 3500, 3999, 4000, 4999 })
        {
            await using var test = new ClientUnderTest();
            var connecting = test.Client.ConnectAsync();
            var socket = await test.Connector.NextAsync();
            await connecting;
            var asking = test.Client.PingAsync();
            await socket.ExpectAsync("ping");
            socket.Close(code, "go away");
            var closed = await test.UntilAsync(BrokerClientState.Closed);

            closed.End.ShouldBe(new ConnectionEnd(code, "go away", MayReturn: false));
            (await Should.ThrowAsync<BrokerClosedException>(asking)).MayHaveBeenDone.ShouldBeTrue();
            (await Should.ThrowAsync<BrokerClosedException>(test.Client.ConnectAsync())).End.Code.ShouldBe(code);
            (await Should.ThrowAsync<BrokerClosedException>(test.Client.PingAsync())).MayHaveBeenDone.ShouldBeFalse();
            Should.Throw<BrokerClosedException>(() => test.Client.Subscribe("chat"));
            test.Connector.Attempts.ShouldBe(1);
            await socket.Disposed;
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(1006)]
    [InlineData(1011)]
    [InlineData(1012)]
    [InlineData(3005)]
    [InlineData(3008)]
    [InlineData(3012)]
    [InlineData(3020)]
    [InlineData(3499)]
    public async Task Closed_ByACodeThatInvites_ComesBack(int code)
    {
        await using var test = new ClientUnderTest();
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        socket.Close(code);
        await socket.Closed;

        var next = await test.ReconnectAsync();
        await test.UntilAsync(BrokerClientState.Connected);
        next.ShouldNotBe(socket);
        await socket.Disposed;
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Handshake_ThatIsForbidden_ClosesTheClient(int status)
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HandshakeRefusedException(status, TimeSpan.Zero, new HttpRequestException()));

        var closed = await Should.ThrowAsync<BrokerClosedException>(test.Client.ConnectAsync());
        closed.Message.ShouldContain($"HTTP status {status}");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Handshake_ThatIsRefusedForNow_IsRepeatedNotBeforeTheBrokerAsks(int status)
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HandshakeRefusedException(status, TimeSpan.FromSeconds(5), new HttpRequestException()));
        _ = test.Client.ConnectAsync();

        (await test.UntilAsync(BrokerClientState.Waiting)).RetryIn.ShouldBe(TimeSpan.FromMilliseconds(5_250));
    }

    [Fact]
    public async Task Connect_WithinItsTimeLimit_SaysWhatStoodInTheWay()
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HttpRequestException("nobody listens"));
        var connecting = test.Client.ConnectAsync();
        await test.UntilAsync(BrokerClientState.Waiting);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            test.Connector.Fail(new HttpRequestException("nobody listens"));
        }

        test.Time.Advance(TimeSpan.FromMinutes(10));
        (await Should.ThrowAsync<BrokerTimeoutException>(connecting)).InnerException!.Message.ShouldBe("nobody listens");
    }

    [Theory]
    [InlineData("no json at all")]
    [InlineData("[]")]
    [InlineData("""{"jsonrpc":"2.0","method":"event","params":{"channel":"chat"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":1}""")]
    [InlineData("""{"jsonrpc":"2.0"} {}""")]
    public async Task Message_ThatIsNoneOfTheDialect_EndsTheConnection(string message)
    {
        await using var test = new ClientUnderTest();
        await using var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(1);
        socket.Push(message);

        (await test.UntilAsync(BrokerClientState.Waiting)).End!.Cause.ShouldBeAssignableTo<System.Text.Json.JsonException>();
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"news","params":[1]}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"event","params":{"channel":"other","event":"n","data":1,"epoch":"e","offset":2}}""")]
    [InlineData("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}""")]
    [InlineData("""{"jsonrpc":"2.0","result":{},"id":999}""")]
    public async Task Message_ThatIsForNobody_IsIgnored(string message)
    {
        await using var test = new ClientUnderTest();
        var asking = test.Client.PingAsync();
        var socket = await test.Connector.NextAsync();
        var ping = await socket.ExpectAsync("ping");
        socket.Push(message);
        socket.Answer(ping, "{}");

        await asking;
    }

    [Fact]
    public async Task Handler_ThatThrows_ClosesTheClientWithWhatItThrew()
    {
        await using var test = new ClientUnderTest(self => self.Options(
            stateChanged: change => throw new InvalidOperationException($"cannot show {change.State}")));

        var closed = await Should.ThrowAsync<BrokerClosedException>(test.Client.ConnectAsync());
        closed.InnerException!.Message.ShouldBe("cannot show Connecting");
    }

    [Fact]
    public async Task Dispose_ClosesInGoodOrderAndLeavesNothingRunning()
    {
        var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        await using var reading = new Reading(subscription);
        var end = reading.TryNextAsync();
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(1);
        var asking = test.Client.PingAsync();
        await socket.ExpectAsync("ping");
        await test.Client.DisposeAsync();

        await socket.Closed;
        await socket.Disposed;
        (await end).ShouldBeNull();
        (await Should.ThrowAsync<BrokerClosedException>(asking)).End.Code.ShouldBe(1000);
        await Should.ThrowAsync<BrokerClosedException>(test.Client.PingAsync());
        test.Client.State.ShouldBe(BrokerClientState.Closed);
        await test.Client.DisposeAsync();
        await subscription.DisposeAsync();
        test.Time.HasTimers.ShouldBeFalse();
    }

    [Fact]
    public async Task Dispose_WhenTheBrokerDoesNotClose_EndsAfterItsTimeLimit()
    {
        var test = new ClientUnderTest();
        var connecting = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        await connecting;
        socket.AnswersClose = false;
        var disposing = test.Client.DisposeAsync().AsTask();
        await socket.Closed;
        await test.Time.TimerAsync(TimeSpan.FromSeconds(2));
        disposing.IsCompleted.ShouldBeFalse();
        test.Time.Advance(TimeSpan.FromSeconds(2));

        await disposing.WaitAsync(FakeSocket.Patience);
        await socket.Disposed;
        test.Time.HasTimers.ShouldBeFalse();
    }

    [Fact]
    public async Task Dispose_WhileItWaitsOrBeforeItBegan_EndsAtOnce()
    {
        await new ClientUnderTest().Client.DisposeAsync();

        var test = new ClientUnderTest();
        test.Connector.Fail(new HttpRequestException("refused"));
        var connecting = test.Client.ConnectAsync();
        await test.UntilAsync(BrokerClientState.Waiting);
        await test.Client.DisposeAsync();

        await Should.ThrowAsync<BrokerClosedException>(connecting);
        test.Time.HasTimers.ShouldBeFalse();
    }

    [Fact]
    public void Options_OutOfTheirRange_AreRefusedByName()
    {
        var url = new Uri("ws://broker.test/rpc");
        Func<BrokerClientOptions, object> make = options => new BrokerClient(options);

        Should.Throw<ArgumentException>(() => make(new() { Url = new Uri("http://broker.test") })).ParamName.ShouldBe("Url");
        Should.Throw<ArgumentException>(() => make(new() { Url = url, Token = "t", User = "u" })).ParamName.ShouldBe("Token");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, RequestTimeout = TimeSpan.Zero })).ParamName.ShouldBe("RequestTimeout");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, BackOffMax = TimeSpan.FromDays(2) })).ParamName.ShouldBe("BackOffMax");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, QueuedRequests = 0 })).ParamName.ShouldBe("QueuedRequests");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, QueuedBytes = 1 })).ParamName.ShouldBe("QueuedBytes");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, BufferedItems = 1_000_001 })).ParamName.ShouldBe("BufferedItems");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, RequestBytes = 1 })).ParamName.ShouldBe("RequestBytes");
        Should.Throw<ArgumentOutOfRangeException>(() => make(new() { Url = url, MessageBytes = 1 })).ParamName.ShouldBe("MessageBytes");
    }
}
