using Broker.Client.Tests.Fakes;

namespace Broker.Client.Tests.Subscriptions;

/// <summary>A subscription tells all that happens, or that something is missing.</summary>
public sealed class SubscriptionTests
{
    [Fact]
    public async Task Subscription_BringsWhatTheBrokerSaysInItsOrder()
    {
        await using var test = new ClientUnderTest();
        await using var subscription = test.Client.Subscribe("room", new SubscribeOptions { IsPresent = true, Info = JsonData.Parse("""{"name":"Ann"}""") });
        var socket = await test.Connector.NextAsync();
        var request = await socket.SubscribedAsync(4);
        request.GetRawText().ShouldBe("""{"channel":"room","presence":{"info":{"name":"Ann"}}}""");
        (await subscription.WhenSubscribedAsync()).ShouldBe(new ChannelPosition("e", 4));
        socket.Event("room", 5);
        socket.Notify("event", """{"channel":"room","event":"broadcast","data":{"to":"all"}}""");
        socket.Notify("joined", """{"channel":"room","user":"bob","info":null}""");
        socket.Notify("left", """{"channel":"room","user":"bob"}""");
        socket.Notify("reset", """{"channel":"room","epoch":"f","offset":2}""");
        socket.Notify("event", """{"channel":"room","event":"n","data":"x","epoch":"f","offset":3}""");

        await using var reading = new Reading(subscription);
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Event("n", JsonData.Of(5), new ChannelPosition("e", 5)));
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Broadcast(JsonData.Parse("""{"to":"all"}""")));
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Joined("bob", JsonData.Null));
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Left("bob"));
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Gap(GapReason.Reset, new ChannelPosition("e", 5), new ChannelPosition("f", 2), null));
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Event("n", JsonData.Of("x"), new ChannelPosition("f", 3)));
        subscription.Position.ShouldBe(new ChannelPosition("f", 3));
    }

    [Fact]
    public async Task Subscription_AfterALostConnection_AsksSinceItsPositionAndSaysThatNothingIsMissing()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        await using var reading = new Reading(subscription);
        var socket = await test.Connector.NextAsync();
        (await socket.SubscribedAsync(4)).TryGetProperty("since", out _).ShouldBeFalse();
        socket.Event("chat", 5);
        await reading.EventsAsync(5);
        socket.Break();

        socket = await test.ReconnectAsync();
        (await socket.SubscribedAsync(8, recovered: true)).GetProperty("since").GetRawText().ShouldBe("""{"epoch":"e","offset":5}""");
        foreach (var missed in new[] { 6, 7, 8, 9 })
        {
            socket.Event("chat", missed);
        }

        (await reading.NextAsync()).ShouldBe(new ChannelItem.Resumed(new ChannelPosition("e", 5)));
        await reading.EventsAsync(6, 7, 8, 9);
        socket.Close(1001);

        socket = await test.ReconnectAsync();
        (await socket.SubscribedAsync(20)).GetProperty("since").GetProperty("offset").GetInt64().ShouldBe(9);
        socket.Event("chat", 21);
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Gap(GapReason.NotRecovered, new ChannelPosition("e", 9), new ChannelPosition("e", 20), null));
        await reading.EventsAsync(21);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Subscription_SinceAKeptPosition_SaysWhetherItIsWhole(bool recovered)
    {
        await using var test = new ClientUnderTest();
        await using var reading = new Reading(test.Client.Subscribe("chat", new SubscribeOptions { Since = new ChannelPosition("e", 2) }));
        var socket = await test.Connector.NextAsync();
        (await socket.SubscribedAsync(3, recovered)).GetProperty("since").GetRawText().ShouldBe("""{"epoch":"e","offset":2}""");
        socket.Event("chat", recovered ? 3 : 4);

        var first = await reading.NextAsync();
        first.ShouldBe(recovered
            ? new ChannelItem.Resumed(new ChannelPosition("e", 2))
            : new ChannelItem.Gap(GapReason.NotRecovered, new ChannelPosition("e", 2), new ChannelPosition("e", 3), null));
        await reading.EventsAsync(recovered ? 3 : 4);
    }

    [Fact]
    public async Task Hole_ThatTheBrokerDoesNotTell_IsTold()
    {
        await using var test = new ClientUnderTest();
        await using var reading = new Reading(test.Client.Subscribe("chat"));
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(1);
        socket.Event("chat", 5);

        (await reading.NextAsync()).ShouldBe(new ChannelItem.Gap(GapReason.Skipped, new ChannelPosition("e", 1), new ChannelPosition("e", 4), 3));
        await reading.EventsAsync(5);
    }

    [Fact]
    public async Task Reader_ThatFallsBehind_IsToldWhatWasLeftOutAndGetsTheNewest()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat", new SubscribeOptions { BufferedItems = 3 });
        await using var reading = new Reading(subscription);
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(0);
        socket.Event("chat", 1);
        await reading.EventsAsync(1);
        for (var offset = 2; offset <= 9; offset++)
        {
            socket.Event("chat", offset);
        }

        await PassedAsync(test, socket);
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Gap(GapReason.Overflow, new ChannelPosition("e", 1), new ChannelPosition("e", 6), 5));
        await reading.EventsAsync(7, 8, 9);
        socket.Event("chat", 10);
        await reading.EventsAsync(10);
    }

    [Fact]
    public async Task Dispose_Unsubscribes_AndTheNextSubscriptionGetsNothingOfTheOldOne()
    {
        await using var test = new ClientUnderTest();
        var old = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(1);
        await old.WhenSubscribedAsync();
        await old.DisposeAsync();
        var unsubscribe = await socket.ExpectAsync("unsubscribe");
        unsubscribe.GetProperty("params").GetRawText().ShouldBe("""{"channel":"chat"}""");
        unsubscribe.TryGetProperty("id", out _).ShouldBeFalse("nobody waits for an answer");

        await using var reading = new Reading(test.Client.Subscribe("chat"));
        var request = await socket.ExpectAsync("subscribe");
        socket.Event("chat", 2);
        socket.Answer(request, """{"epoch":"e","offset":2,"recovered":false}""");
        socket.Event("chat", 3);
        await reading.EventsAsync(3);
    }

    [Fact]
    public async Task Enumeration_ThatEnds_Unsubscribes()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(0);
        socket.Event("chat", 1);
        await foreach (var item in subscription)
        {
            item.ShouldBeOfType<ChannelItem.Event>();
            break;
        }

        await socket.ExpectAsync("unsubscribe");
    }

    [Fact]
    public async Task Enumeration_ThatIsCancelled_Unsubscribes()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(0);
        using var cancelled = new CancellationTokenSource();
        var reading = ReadAsync(subscription, cancelled.Token);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(reading);
        await socket.ExpectAsync("unsubscribe");
    }

    [Fact]
    public async Task Dispose_BeforeThereIsAConnection_SubscribesToNothing()
    {
        await using var test = new ClientUnderTest();
        test.Connector.Fail(new HttpRequestException("refused"));
        var subscription = test.Client.Subscribe("chat");
        var waiting = subscription.WhenSubscribedAsync();
        await subscription.DisposeAsync();
        var asking = test.Client.PingAsync();
        var socket = await test.ReconnectAsync();
        socket.Answer(await socket.ExpectAsync("ping"), "{}");

        await asking;
        await Should.ThrowAsync<ObjectDisposedException>(waiting);
    }

    [Fact]
    public async Task Channel_OfASubscription_IsTakenOnceAndReadOnce()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        _ = subscription.GetAsyncEnumerator();

        Should.Throw<InvalidOperationException>(() => test.Client.Subscribe("chat"));
        Should.Throw<InvalidOperationException>(() => subscription.GetAsyncEnumerator());
    }

    [Theory]
    [InlineData(BrokerErrorCode.Forbidden)]
    [InlineData(BrokerErrorCode.NotIdentified)]
    [InlineData(BrokerErrorCode.TokenExpired)]
    [InlineData(BrokerErrorCode.TooManySubscriptions)]
    public async Task Subscribe_ThatIsRefused_ThrowsAndLeavesTheChannelFree(BrokerErrorCode code)
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var reading = new Reading(subscription);
        var socket = await test.Connector.NextAsync();
        socket.Refuse(await socket.ExpectAsync("subscribe"), (int)code);

        (await Should.ThrowAsync<BrokerRefusedException>(reading.NextAsync())).Code.ShouldBe(code);
        (await Should.ThrowAsync<BrokerRefusedException>(subscription.WhenSubscribedAsync())).Code.ShouldBe(code);
        test.Client.Subscribe("chat").Channel.ShouldBe("chat");
    }

    [Fact]
    public async Task Subscribe_ThatTheBrokerCannotTakeNow_IsRepeated()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        socket.Refuse(await socket.ExpectAsync("subscribe"), (int)BrokerErrorCode.Unavailable);
        await test.Time.TimerAsync(TimeSpan.FromMilliseconds(250));
        test.Time.Advance(TimeSpan.FromMilliseconds(250));
        await socket.SubscribedAsync(1);

        await subscription.WhenSubscribedAsync();
    }

    [Fact]
    public async Task Subscribe_WhoseOutcomeNobodyKnowsOrThatIsNotAnswered_TakesANewConnection()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        socket.Refuse(await socket.ExpectAsync("subscribe"), (int)BrokerErrorCode.OutcomeUnknown);
        socket = await test.ReconnectAsync();
        await socket.ExpectAsync("subscribe");
        test.Time.Advance(TimeSpan.FromMinutes(10));
        socket = await test.ReconnectAsync();
        await socket.SubscribedAsync(1);

        await subscription.WhenSubscribedAsync();
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(2501)]
    [InlineData(2502)]
    public async Task Subscription_ThatTheBrokerEnds_ThrowsAfterWhatCameBefore(int code)
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(0);
        socket.Event("chat", 1);
        socket.Notify("unsubscribed", $$"""{"channel":"chat","code":{{code}},"reason":"because"}""");
        socket.Event("chat", 2);
        await PassedAsync(test, socket);
        var reading = new Reading(subscription);
        await reading.EventsAsync(1);

        var ended = await Should.ThrowAsync<BrokerUnsubscribedException>(reading.NextAsync());
        (ended.Code, ended.Reason).ShouldBe((code, "because"));
        test.Client.Subscribe("chat").Channel.ShouldBe("chat");
    }

    [Fact]
    public async Task ChannelToken_ThatExpires_IsRefreshedOrTheChannelSubscribedAgain()
    {
        var asked = 0;
        await using var test = new ClientUnderTest();
        await using var reading = new Reading(test.Client.Subscribe("private-7", new SubscribeOptions
        {
            TokenProvider = (channel, _) => ValueTask.FromResult($"{channel} {++asked}"),
        }));
        var socket = await test.Connector.NextAsync();
        (await socket.SubscribedAsync(0, more: ",\"expiresInMs\":100000")).GetProperty("token").GetString().ShouldBe("private-7 1");
        await test.Time.TimerAsync(TimeSpan.FromSeconds(70));
        test.Time.Advance(TimeSpan.FromSeconds(70));
        var refresh = await socket.ExpectAsync("refresh");
        refresh.GetProperty("params").GetRawText().ShouldBe("""{"channel":"private-7","token":"private-7 2"}""");
        socket.Answer(refresh, """{"expiresInMs":100000}""");
        await test.Time.TimerAsync(TimeSpan.FromSeconds(70));
        socket.Event("private-7", 1);
        await reading.EventsAsync(1);

        socket.Notify("unsubscribed", """{"channel":"private-7","code":2501,"reason":"expired"}""");
        var again = await socket.SubscribedAsync(2, recovered: true);
        again.GetRawText().ShouldBe("""{"channel":"private-7","since":{"epoch":"e","offset":1},"token":"private-7 3"}""");
        socket.Event("private-7", 2);
        (await reading.NextAsync()).ShouldBe(new ChannelItem.Resumed(new ChannelPosition("e", 1)));
        await reading.EventsAsync(2);
    }

    [Fact]
    public async Task ChannelTokenProvider_ThatFails_IsAskedAgain()
    {
        var asked = 0;
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("private-7", new SubscribeOptions
        {
            TokenProvider = (_, _) => ++asked == 1 ? throw new HttpRequestException("no tokens today") : ValueTask.FromResult("t"),
        });
        var socket = await test.Connector.NextAsync();
        await test.Time.TimerAsync(TimeSpan.FromMilliseconds(250));
        test.Time.Advance(TimeSpan.FromMilliseconds(250));
        socket.Refuse(await socket.ExpectAsync("subscribe"), (int)BrokerErrorCode.TokenExpired);
        await test.Time.TimerAsync(TimeSpan.FromMilliseconds(500));
        test.Time.Advance(TimeSpan.FromMilliseconds(500));
        await socket.SubscribedAsync(0);

        await subscription.WhenSubscribedAsync();
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task Reader_OfAClientThatIsSentAway_GetsWhatCameBeforeAndThenWhy()
    {
        await using var test = new ClientUnderTest();
        var subscription = test.Client.Subscribe("chat");
        var socket = await test.Connector.NextAsync();
        await socket.SubscribedAsync(0);
        socket.Event("chat", 1);
        socket.Close(3520, "sent away by operator");
        await test.UntilAsync(BrokerClientState.Closed);
        var reading = new Reading(subscription);
        await reading.EventsAsync(1);

        (await Should.ThrowAsync<BrokerClosedException>(reading.NextAsync())).End.Code.ShouldBe(3520);
    }

    /// <summary>Waits until the client has taken what was sent before.</summary>
    private static async Task PassedAsync(ClientUnderTest test, FakeSocket socket)
    {
        var asking = test.Client.PingAsync();
        socket.Answer(await socket.ExpectAsync("ping"), "{}");
        await asking;
    }

    private static async Task ReadAsync(BrokerSubscription subscription, CancellationToken cancellationToken)
    {
        await foreach (var _ in subscription.WithCancellation(cancellationToken))
        {
        }
    }
}
