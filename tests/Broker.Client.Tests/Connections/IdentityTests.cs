using Broker.Client.Tests.Fakes;

namespace Broker.Client.Tests.Connections;

/// <summary>Who a client is: said first on each connection, and renewed before it expires.</summary>
public sealed class IdentityTests
{
    private int _asked;

    [Fact]
    public async Task Connect_ByAToken_ComesBeforeAllElse()
    {
        await using var test = new ClientUnderTest(self => self.Options(app: "shop", token: "t"));
        var asking = test.Client.PingAsync();
        var socket = await test.Connector.NextAsync();
        var connect = await socket.ExpectAsync("connect");
        connect.GetProperty("params").GetRawText().ShouldBe("""{"app":"shop","token":"t"}""");
        socket.Unread.ShouldBe(0);
        socket.Answer(connect, Connected(null));
        socket.Answer(await socket.ExpectAsync("ping"), "{}");

        await asking;
    }

    [Fact]
    public async Task Token_FromAProvider_IsRenewedOnTheSameConnectionBeforeItExpires()
    {
        await using var test = Provided();
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        await IntroducedAsync(socket, "t1", 100_000);
        await test.UntilAsync(BrokerClientState.Connected);

        // 30 s before; then at half its time, where that is sooner.
        test.Time.Advance(TimeSpan.FromSeconds(69));
        socket.Unread.ShouldBe(0);
        test.Time.Advance(TimeSpan.FromSeconds(1));
        await IntroducedAsync(socket, "t2", 10_000);
        await test.Time.TimerAsync(TimeSpan.FromSeconds(5));
        test.Time.Advance(TimeSpan.FromSeconds(5));
        await IntroducedAsync(socket, "t3", 100_000);
        test.Connector.Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Provider_ThatFailsToRenew_IsAskedAgain()
    {
        var isBroken = false;
        await using var test = new ClientUnderTest(self => self.Options(
            tokenProvider: _ => isBroken ? throw new HttpRequestException("no tokens today") : ValueTask.FromResult($"t{++_asked}")));
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        await IntroducedAsync(socket, "t1", 100_000);
        await test.UntilAsync(BrokerClientState.Connected);
        isBroken = true;
        test.Time.Advance(TimeSpan.FromSeconds(70));
        await test.Time.TimerAsync(TimeSpan.FromMilliseconds(350));
        isBroken = false;
        test.Time.Advance(TimeSpan.FromSeconds(1));

        await IntroducedAsync(socket, "t2", 100_000);
    }

    [Fact]
    public async Task Token_OfAnotherUser_MakesANewConnection()
    {
        await using var test = Provided();
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        await IntroducedAsync(socket, "t1", 100_000);
        await test.UntilAsync(BrokerClientState.Connected);
        test.Time.Advance(TimeSpan.FromSeconds(70));
        socket.Refuse(await socket.ExpectAsync("connect"), (int)BrokerErrorCode.Forbidden);

        socket = await test.ReconnectAsync();
        await IntroducedAsync(socket, "t3", 100_000);
        await test.UntilAsync(BrokerClientState.Connected);
    }

    [Fact]
    public async Task Expired_WithAProvider_ComesBackByANewToken()
    {
        await using var test = Provided();
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        await IntroducedAsync(socket, "t1", 100_000);
        socket.Close(3005, "expired");

        socket = await test.ReconnectAsync();
        socket.Refuse(await socket.ExpectAsync("connect"), (int)BrokerErrorCode.TokenExpired);
        socket = await test.ReconnectAsync();
        await IntroducedAsync(socket, "t3", 100_000);
        await test.UntilAsync(BrokerClientState.Connected);
    }

    [Theory]
    [InlineData(BrokerErrorCode.Forbidden)]
    [InlineData(BrokerErrorCode.UnknownApp)]
    [InlineData(BrokerErrorCode.InvalidToken)]
    [InlineData(BrokerErrorCode.TokenExpired)]
    [InlineData(BrokerErrorCode.TokenMisplaced)]
    public async Task Connect_ThatIsRefusedForGood_ClosesTheClient(BrokerErrorCode code)
    {
        await using var test = new ClientUnderTest(self => self.Options(token: "secret-of-ann"));
        var connecting = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        socket.Refuse(await socket.ExpectAsync("connect"), (int)code);

        var closed = await Should.ThrowAsync<BrokerClosedException>(connecting);
        closed.InnerException.ShouldBeOfType<BrokerRefusedException>().Code.ShouldBe(code);
        closed.ToString().ShouldNotContain("secret-of-ann");
        await socket.Disposed;
    }

    [Theory]
    [InlineData(BrokerErrorCode.Unavailable)]
    [InlineData(BrokerErrorCode.AppFull)]
    [InlineData(BrokerErrorCode.TokenNotYetValid)]
    [InlineData(BrokerErrorCode.InternalError)]
    public async Task Connect_ThatIsRefusedForNow_IsRepeatedOnANewConnection(BrokerErrorCode code)
    {
        await using var test = new ClientUnderTest(self => self.Options(token: "t"));
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        socket.Refuse(await socket.ExpectAsync("connect"), (int)code);

        socket = await test.ReconnectAsync();
        await IntroducedAsync(socket, "t", null);
        await test.UntilAsync(BrokerClientState.Connected);
    }

    [Fact]
    public async Task Connect_WithoutAnAnswer_IsGivenUpAfterItsTimeLimit()
    {
        await using var test = new ClientUnderTest(self => self.Options(token: "t"));
        _ = test.Client.ConnectAsync();
        var socket = await test.Connector.NextAsync();
        await socket.ExpectAsync("connect");
        test.Time.Advance(TimeSpan.FromMinutes(10));

        (await test.UntilAsync(BrokerClientState.Waiting)).End!.Cause.ShouldBeOfType<BrokerTimeoutException>();
        await socket.Disposed;
    }

    [Fact]
    public async Task Provider_ThatFails_IsAFailedAttempt()
    {
        await using var test = new ClientUnderTest(self => self.Options(
            tokenProvider: _ => ++_asked == 1 ? throw new HttpRequestException("no tokens today") : ValueTask.FromResult("t")));
        _ = test.Client.ConnectAsync();
        var waiting = await test.UntilAsync(BrokerClientState.Waiting);
        waiting.End!.Cause!.Message.ShouldBe("no tokens today");
        test.Connector.Attempts.ShouldBe(0);
        test.Time.Advance(waiting.RetryIn);

        await IntroducedAsync(await test.Connector.NextAsync(), "t", null);
        await test.UntilAsync(BrokerClientState.Connected);
    }

    private ClientUnderTest Provided() => new(self => self.Options(tokenProvider: _ => ValueTask.FromResult($"t{++_asked}")));

    private static async Task IntroducedAsync(FakeSocket socket, string token, long? expiresInMs)
    {
        var connect = await socket.ExpectAsync("connect");
        connect.GetProperty("params").GetProperty("token").GetString().ShouldBe(token);
        socket.Answer(connect, Connected(expiresInMs));
    }

    private static string Connected(long? expiresInMs) =>
        $$"""{"session":"s","app":"shop","user":"ann"{{(expiresInMs is null ? "" : $",\"expiresInMs\":{expiresInMs}")}}}""";
}
