using System.Text.Json;
using Broker.Client.Tests.Fakes;

namespace Broker.Client.Tests.Requests;

/// <summary>What is asked of a client is answered once, whatever becomes of its connections.</summary>
public sealed class RequestTests
{
    private const string Done = """{"epoch":"e","offset":7,"receivers":2}""";

    [Fact]
    public async Task Publish_SaysWhatTheDialectAsksFor_AndReadsItsAnswer()
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync(
            "chat", "said", JsonData.Parse("""{"text": "¡hola!"}"""), new PublishOptions { IdempotencyKey = "k", Token = "t" });
        var socket = await test.Connector.NextAsync();
        var request = await socket.ExpectAsync("publish");
        request.GetProperty("params").GetRawText().ShouldBe("""{"channel":"chat","event":"said","data":{"text": "¡hola!"},"idempotencyKey":"k","token":"t"}""");
        socket.Answer(request, Done);

        (await publishing).ShouldBe(new Published(new ChannelPosition("e", 7), 2));
    }

    [Fact]
    public async Task Publish_OfNull_HasData()
    {
        await using var test = new ClientUnderTest();
        _ = test.Client.PublishAsync("chat", "said", JsonData.Null);
        var request = await (await test.Connector.NextAsync()).ExpectAsync("publish");

        request.GetProperty("params").GetProperty("data").ValueKind.ShouldBe(JsonValueKind.Null);
        request.GetProperty("params").GetProperty("idempotencyKey").GetString()!.Length.ShouldBe(32);
        request.GetProperty("params").TryGetProperty("token", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Publishes_BeforeThereIsAConnection_GoOutInOrderBehindSubscribes()
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HttpRequestException("refused"));
        var publishing = Enumerable.Range(0, 20).Select(number => test.Client.PublishAsync("chat", "n", JsonData.Of(number))).ToArray();
        test.Client.Subscribe("chat");

        var socket = await test.ReconnectAsync();
        await socket.SubscribedAsync(0);
        for (var number = 0; number < 20; number++)
        {
            var request = await socket.ExpectAsync("publish");
            request.GetProperty("params").GetProperty("data").GetInt32().ShouldBe(number);
            socket.Answer(request, Done);
        }

        await Task.WhenAll(publishing);
    }

    [Fact]
    public async Task Publish_WhoseConnectionIsLostBeforeTheAnswer_IsRepeatedWithItsKey()
    {
        await using var test = new ClientUnderTest();
        var answered = test.Client.PublishAsync("chat", "n", JsonData.Of(1));
        var first = test.Client.PublishAsync("chat", "n", JsonData.Of(2));
        var second = test.Client.PublishAsync("chat", "n", JsonData.Of(3));
        var socket = await test.Connector.NextAsync();
        socket.Answer(await socket.ExpectAsync("publish"), Done);
        var keys = new[] { KeyOf(await socket.ExpectAsync("publish")), KeyOf(await socket.ExpectAsync("publish")) };
        await answered;
        socket.Break();

        socket = await test.ReconnectAsync();
        foreach (var key in keys)
        {
            var again = await socket.ExpectAsync("publish");
            KeyOf(again).ShouldBe(key);
            socket.Answer(again, Done);
        }

        await Task.WhenAll(first, second);
        keys[0].ShouldNotBe(keys[1]);
    }

    [Fact]
    public async Task Publish_ThatWasSentLongerAgoThanTheBrokerKnowsItsKey_IsNotRepeated()
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1));
        var socket = await test.Connector.NextAsync();
        await socket.ExpectAsync("publish");
        test.Time.Advance(TimeSpan.FromSeconds(100));
        socket.Break();
        socket = await test.ReconnectAsync();

        (await Should.ThrowAsync<BrokerTimeoutException>(publishing)).MayHaveBeenDone.ShouldBeTrue();
        var ping = test.Client.PingAsync();
        socket.Answer(await socket.ExpectAsync("ping"), "{}");
        await ping;
    }

    [Fact]
    public async Task Question_ThatWasSentLongAgo_IsRepeated()
    {
        await using var test = new ClientUnderTest();
        var asking = test.Client.HistoryAsync("chat");
        var socket = await test.Connector.NextAsync();
        await socket.ExpectAsync("history");
        test.Time.Advance(TimeSpan.FromMinutes(5));
        socket.Break();
        socket = await test.ReconnectAsync();
        socket.Answer(await socket.ExpectAsync("history"), """{"epoch":"e","offset":3,"events":[]}""");

        (await asking).Position.Offset.ShouldBe(3);
    }

    [Fact]
    public async Task Publish_WithoutAConnection_TimesOutAsNotDone()
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HttpRequestException("nobody listens"));
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1), new PublishOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        await test.UntilAsync(BrokerClientState.Waiting);
        test.Time.Advance(TimeSpan.FromMilliseconds(100));

        var failure = await Should.ThrowAsync<BrokerTimeoutException>(publishing);
        failure.MayHaveBeenDone.ShouldBeFalse();
        failure.InnerException!.Message.ShouldBe("nobody listens");

        var socket = await test.AdvanceAsync(TimeSpan.FromSeconds(1));
        var ping = test.Client.PingAsync();
        socket.Answer(await socket.ExpectAsync("ping"), "{}");
        await ping;
    }

    [Fact]
    public async Task Publish_WithoutAnAnswer_TimesOutAsMaybeDone()
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1), new PublishOptions { Timeout = TimeSpan.FromSeconds(3) });
        var socket = await test.Connector.NextAsync();
        await socket.ExpectAsync("publish");
        test.Time.Advance(TimeSpan.FromSeconds(3));

        (await Should.ThrowAsync<BrokerTimeoutException>(publishing)).MayHaveBeenDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Publish_ThatIsCancelled_IsNotSentLater()
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HttpRequestException("refused"));
        using var cancelled = new CancellationTokenSource();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1), cancellationToken: cancelled.Token);
        await test.UntilAsync(BrokerClientState.Waiting);
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(publishing);

        var socket = await test.AdvanceAsync(TimeSpan.FromSeconds(1));
        var ping = test.Client.PingAsync();
        socket.Answer(await socket.ExpectAsync("ping"), "{}");
        await ping;
    }

    [Theory]
    [InlineData(BrokerErrorCode.Unavailable, 0.25)]
    [InlineData(BrokerErrorCode.OutcomeUnknown, 0.25)]
    [InlineData(BrokerErrorCode.TooManyPublishes, 1.25)]
    public async Task Publish_ThatTheBrokerCannotTakeNow_IsRepeatedAfterAWait(BrokerErrorCode code, double seconds)
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1));
        var socket = await test.Connector.NextAsync();
        var request = await socket.ExpectAsync("publish");
        socket.Refuse(request, (int)code);
        await test.Time.TimerAsync(TimeSpan.FromSeconds(seconds));
        test.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        socket.Unread.ShouldBe(0);
        test.Time.Advance(TimeSpan.FromMilliseconds(1));

        var again = await socket.ExpectAsync("publish");
        KeyOf(again).ShouldBe(KeyOf(request));
        socket.Answer(again, Done);
        (await publishing).Receivers.ShouldBe(2);
    }

    [Theory]
    [InlineData(BrokerErrorCode.Unavailable)]
    [InlineData(BrokerErrorCode.OutcomeUnknown)]
    public async Task Publish_ThatIsRefusedUntilItsTimeLimit_SaysByWhat(BrokerErrorCode code)
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1), new PublishOptions { Timeout = TimeSpan.FromMilliseconds(200) });
        var socket = await test.Connector.NextAsync();
        var request = await socket.ExpectAsync("publish");
        socket.Refuse(request, (int)code);
        await test.Time.TimerAsync(TimeSpan.FromMilliseconds(250));
        test.Time.Advance(TimeSpan.FromMilliseconds(200));

        (await Should.ThrowAsync<BrokerRefusedException>(publishing)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task Publish_ThatIsSentAgainAfterARefusalAndNotAnswered_MayHaveBeenDone()
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1), new PublishOptions { Timeout = TimeSpan.FromSeconds(1) });
        var socket = await test.Connector.NextAsync();
        var request = await socket.ExpectAsync("publish");
        socket.Refuse(request, (int)BrokerErrorCode.Unavailable);
        await test.Time.TimerAsync(TimeSpan.FromMilliseconds(250));
        test.Time.Advance(TimeSpan.FromMilliseconds(250));
        await socket.ExpectAsync("publish");
        test.Time.Advance(TimeSpan.FromSeconds(1));

        (await Should.ThrowAsync<BrokerTimeoutException>(publishing)).MayHaveBeenDone.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-32003)]
    [InlineData(-32006)]
    [InlineData(-32020)]
    [InlineData(-32021)]
    [InlineData(-32022)]
    [InlineData(-32602)]
    [InlineData(-32603)]
    [InlineData(-32999)]
    public async Task Publish_ThatIsRefused_ThrowsTheDialectsCode(int code)
    {
        await using var test = new ClientUnderTest();
        var publishing = test.Client.PublishAsync("chat", "n", JsonData.Of(1));
        var socket = await test.Connector.NextAsync();
        socket.Refuse(await socket.ExpectAsync("publish"), code);

        var refused = await Should.ThrowAsync<BrokerRefusedException>(publishing);
        ((int)refused.Code).ShouldBe(code);
        refused.Detail.ShouldBe("because");
    }

    [Fact]
    public async Task Requests_OverTheirNumber_AreRefusedAtOnce()
    {
        await using var test = new ClientUnderTest(self => self.Options(queuedRequests: 2));
        var first = test.Client.PublishAsync("chat", "n", JsonData.Of(1));
        _ = test.Client.PingAsync();

        await Should.ThrowAsync<BrokerQueueFullException>(test.Client.PublishAsync("chat", "n", JsonData.Of(2)));

        var socket = await test.Connector.NextAsync();
        socket.Answer(await socket.ExpectAsync("publish"), Done);
        await first;
        var second = test.Client.PublishAsync("chat", "n", JsonData.Of(2));
        await socket.ExpectAsync("ping");
        socket.Answer(await socket.ExpectAsync("publish"), Done);
        await second;
    }

    [Fact]
    public async Task Requests_OverTheirBytes_AreRefusedAtOnce()
    {
        await using var test = new ClientUnderTest(self => self.Options(queuedBytes: 2_000));
        _ = test.Client.PublishAsync("chat", "n", JsonData.Of(new string('x', 1_500)));

        await Should.ThrowAsync<BrokerQueueFullException>(test.Client.PublishAsync("chat", "n", JsonData.Of(new string('x', 500))));
        _ = test.Client.PublishAsync("chat", "n", JsonData.Of("small"));
        var socket = await test.Connector.NextAsync();
        await socket.ExpectAsync("publish");
        await socket.ExpectAsync("publish");
    }

    [Fact]
    public async Task Publish_LargerThanTheBrokerTakes_IsNotSent()
    {
        await using var test = new ClientUnderTest();

        (await Should.ThrowAsync<ArgumentException>(test.Client.PublishAsync("chat", "n", JsonData.Of(new string('x', 65_536))))).Message.ShouldContain("RequestBytes");
    }

    [Fact]
    public async Task History_AsksAndReads()
    {
        await using var test = new ClientUnderTest();
        var asking = test.Client.HistoryAsync("chat", new HistoryOptions { Since = new ChannelPosition("e", 4), Limit = 2, IsBackward = true, Token = "t" });
        var socket = await test.Connector.NextAsync();
        var request = await socket.ExpectAsync("history");
        request.GetProperty("params").GetRawText().ShouldBe("""{"channel":"chat","since":{"epoch":"e","offset":4},"limit":2,"direction":"backward","token":"t"}""");
        socket.Answer(request, """{"epoch":"f","offset":9,"events":[{"event":"n","data":null,"epoch":"e","offset":6},{"event":"m","data":[1],"epoch":"e","offset":5}]}""");

        var page = await asking;
        page.Position.ShouldBe(new ChannelPosition("f", 9));
        page.Events.ShouldBe([
            new ChannelItem.Event("n", JsonData.Null, new ChannelPosition("e", 6)),
            new ChannelItem.Event("m", JsonData.Parse("[1]"), new ChannelPosition("e", 5)),
        ]);
    }

    [Fact]
    public async Task Presence_AsksAndReads()
    {
        await using var test = new ClientUnderTest();
        var asking = test.Client.PresenceAsync("room");
        var socket = await test.Connector.NextAsync();
        var request = await socket.ExpectAsync("presence");
        request.GetProperty("params").GetRawText().ShouldBe("""{"channel":"room"}""");
        socket.Answer(request, """{"members":[{"user":"ann","info":{"name":"Ann"},"connections":2},{"user":"bob","info":null,"connections":1}],"users":2,"connections":3,"subscribers":4}""");

        var presence = await asking;
        presence.Members.ShouldBe([new Member("ann", JsonData.Parse("""{"name":"Ann"}"""), 2), new Member("bob", JsonData.Null, 1)]);
        (presence.Users, presence.Connections, presence.Subscribers).ShouldBe((2, 3, 4));
    }

    private static string KeyOf(JsonElement request) => request.GetProperty("params").GetProperty("idempotencyKey").GetString()!;
}
