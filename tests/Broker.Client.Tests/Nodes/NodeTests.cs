using System.Collections.Concurrent;
using Broker.Client.Http;
using Broker.Client.Tests.Fakes;
using Broker.Node.Tests.Nodes;
using Broker.TestKit;
using Broker.TestKit.Tokens;

namespace Broker.Client.Tests.Nodes;

/// <summary>The client against a real node.</summary>
[Trait("Needs", "server")]
public sealed class NodeTests
{
    private const string Secret = "the app shop's secret, of 32 bytes";
    private const string ApiKey = "key of shop, 16 characters";

    private readonly ConcurrentQueue<BrokerClientStateChange> _changes = new();

    [Fact]
    public async Task Client_SubscribesPublishesAndAsks()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var ann = new BrokerClient(Options(node, app: "demo", user: "ann"));
        await using var bob = new BrokerClient(Options(node, app: "demo", user: "bob"));
        var room = ann.Subscribe("room", new SubscribeOptions { IsPresent = true, Info = JsonData.Of("Ann") });
        await room.WhenSubscribedAsync();
        await using var reading = new Reading(room);
        await using (var other = bob.Subscribe("room", new SubscribeOptions { IsPresent = true }))
        {
            await other.WhenSubscribedAsync();
            (await NextOfOthersAsync(reading, "ann")).ShouldBe(new ChannelItem.Joined("bob", JsonData.Null));
            var published = await bob.PublishAsync("room", "said", JsonData.Parse("""{"text":"¡hola!"}"""), new PublishOptions { IdempotencyKey = "once" });
            published.Receivers.ShouldBe(2);
            (await bob.PublishAsync("room", "said", JsonData.Of("again"), new PublishOptions { IdempotencyKey = "once" })).ShouldBe(published);
            (await reading.NextAsync()).ShouldBe(new ChannelItem.Event("said", JsonData.Parse("""{"text":"¡hola!"}"""), published.Position));

            var presence = await ann.PresenceAsync("room");
            presence.Members.OrderBy(member => member.User, StringComparer.Ordinal).ShouldBe([new Member("ann", JsonData.Of("Ann"), 1), new Member("bob", JsonData.Null, 1)]);
            var history = await ann.HistoryAsync("room");
            history.Position.ShouldBe(published.Position);
            history.Events.ShouldHaveSingleItem().Name.ShouldBe("said");
        }

        (await reading.NextAsync()).ShouldBe(new ChannelItem.Left("bob"));
        (await ann.PingAsync()).ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Client_WithoutAUser_CannotBePresent()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var client = new BrokerClient(Options(node));
        var reading = new Reading(client.Subscribe("room", new SubscribeOptions { IsPresent = true }));

        (await Should.ThrowAsync<BrokerRefusedException>(reading.NextAsync())).Code.ShouldBe(BrokerErrorCode.NotIdentified);
        (await client.PublishAsync("room", "n", JsonData.Of(1))).Receivers.ShouldBe(0);
    }

    [Fact]
    public async Task Client_ThatIsSentOff_ComesBackAndMissesNothing()
    {
        // The client's clock stands still, so that it stays away while others publish.
        var time = new ManualTime();
        await using var node = await BrokerNode.StartAsync();
        using var http = Http(node, "demo");
        await using var client = new BrokerClient(Options(node, app: "demo", user: "ann", time: time));
        var subscription = client.Subscribe("chat");
        await subscription.WhenSubscribedAsync();
        await using var reading = new Reading(subscription);
        await PublishAsync(http, 1, 3);
        await reading.EventsAsync(1, 2, 3);

        (await http.DisconnectAsync("ann", mayReturn: true, "have a break")).Count.ShouldBe(1);
        var waiting = await UntilAsync(BrokerClientState.Waiting);
        waiting.End.ShouldBe(new ConnectionEnd(3020, "have a break", MayReturn: true));
        await PublishAsync(http, 4, 9);
        time.Advance(waiting.RetryIn);

        (await reading.NextAsync<ChannelItem.Resumed>()).Since.Offset.ShouldBe(3);
        await PublishAsync(http, 10, 10);
        await reading.EventsAsync(4, 5, 6, 7, 8, 9, 10);
    }

    [Fact]
    public async Task Client_ThatStaysAwayForLongerThanTheHistory_IsToldSo()
    {
        var time = new ManualTime();
        await using var node = await BrokerNode.StartAsync(
            [.. Shop, ("Broker:Namespaces:1:App", "shop"), ("Broker:Namespaces:1:Pattern", "chat"), ("Broker:Namespaces:1:HistorySize", "5")]);
        using var http = new BrokerHttpClient(new BrokerHttpOptions { Url = new Uri(node.Url), App = "shop", ApiKey = ApiKey });
        await using var client = new BrokerClient(Options(node, app: "shop", token: Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\"")), time: time));
        var subscription = client.Subscribe("chat");
        await subscription.WhenSubscribedAsync();
        await using var reading = new Reading(subscription);
        await PublishAsync(http, 1, 1);
        await reading.EventsAsync(1);
        await http.DisconnectAsync("ann", mayReturn: true);
        var waiting = await UntilAsync(BrokerClientState.Waiting);
        await PublishAsync(http, 2, 20);
        time.Advance(waiting.RetryIn);

        var gap = await reading.NextAsync<ChannelItem.Gap>();
        (gap.Reason, gap.Since.Offset, gap.Position.Offset).ShouldBe((GapReason.NotRecovered, 1, 20));
        await PublishAsync(http, 21, 21);
        await reading.EventsAsync(21);
    }

    [Fact]
    public async Task Client_ThatIsSentAway_StaysAway()
    {
        await using var node = await BrokerNode.StartAsync();
        using var http = Http(node, "demo");
        await using var client = new BrokerClient(Options(node, app: "demo", user: "mallory"));
        await client.ConnectAsync();
        await http.DisconnectAsync("mallory", mayReturn: false, "banned");

        (await UntilAsync(BrokerClientState.Closed)).End.ShouldBe(new ConnectionEnd(3520, "banned", MayReturn: false));
        (await Should.ThrowAsync<BrokerClosedException>(client.PingAsync())).End.Code.ShouldBe(3520);
    }

    [Fact]
    public async Task Subscription_ThatABackendEnds_Throws()
    {
        await using var node = await BrokerNode.StartAsync();
        using var http = Http(node, "demo");
        await using var client = new BrokerClient(Options(node, app: "demo", user: "ann"));
        var subscription = client.Subscribe("room");
        await subscription.WhenSubscribedAsync();
        (await http.UnsubscribeAsync("ann", "room")).Count.ShouldBe(1);

        (await Should.ThrowAsync<BrokerUnsubscribedException>(new Reading(subscription).NextAsync())).Code.ShouldBe(2000);
    }

    [Fact]
    public async Task Reader_ThatIsSlow_IsToldAndCanReadTheRestFromTheHistory()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var client = new BrokerClient(Options(node));
        var subscription = client.Subscribe("chat", new SubscribeOptions { BufferedItems = 100 });
        await subscription.WhenSubscribedAsync();
        await Task.WhenAll(Enumerable.Range(1, 600).Select(number => client.PublishAsync("chat", "n", JsonData.Of(number))));
        await WaitAsync(() => subscription.Position?.Offset == 600);

        await using var reading = new Reading(subscription);
        var gap = await reading.NextAsync<ChannelItem.Gap>();
        (gap.Reason, gap.Since.Offset, gap.Position.Offset, gap.Lost).ShouldBe((GapReason.Overflow, 0, 500, 500));
        await reading.EventsAsync([.. Enumerable.Range(501, 100).Select(offset => (long)offset)]);
        var missed = await client.HistoryAsync("chat", new HistoryOptions { Since = gap.Since, Limit = (int)gap.Lost! });
        missed.Events.Select(one => one.Position.Offset).ShouldBe(Enumerable.Range(1, 500).Select(offset => (long)offset));
    }

    [Fact]
    public async Task Token_IsRenewedAgainAndAgainOverTheOpenConnection()
    {
        await using var node = await BrokerNode.StartAsync(Shop);
        var asked = 0;
        await using var client = new BrokerClient(Options(node, app: "shop", tokenProvider: _ =>
        {
            Interlocked.Increment(ref asked);
            return ValueTask.FromResult(Jwt.HS256(Secret, Jwt.Claims(Now + 5_000, "\"sub\":\"ann\"")));
        }));
        var subscription = client.Subscribe("orders");
        await subscription.WhenSubscribedAsync();
        await WaitAsync(() => Volatile.Read(ref asked) >= 4);   // more than its first token's life
        await client.PublishAsync("orders", "n", JsonData.Of(1));
        await using var reading = new Reading(subscription);
        await reading.EventsAsync(1);

        _changes.Select(change => change.State).ShouldBe([BrokerClientState.Connecting, BrokerClientState.Connected]);
    }

    [Fact]
    public async Task Token_ThatNobodyRenews_EndsTheClient()
    {
        await using var node = await BrokerNode.StartAsync(Shop);
        await using var client = new BrokerClient(Options(node, app: "shop", token: Jwt.HS256(Secret, Jwt.Claims(Now + 2_000, "\"sub\":\"ann\""))));
        await client.ConnectAsync();

        (await UntilAsync(BrokerClientState.Waiting)).End!.Code.ShouldBe(3005);
        (await UntilAsync(BrokerClientState.Closed)).End!.Cause.ShouldBeOfType<BrokerRefusedException>().Code.ShouldBe(BrokerErrorCode.TokenExpired);
    }

    [Fact]
    public async Task ChannelToken_IsRefreshedAndNoEventIsMissed()
    {
        await using var node = await BrokerNode.StartAsync(Shop);
        var asked = 0;
        await using var client = new BrokerClient(Options(node, app: "shop", token: Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\""))));
        var subscription = client.Subscribe("private-7", new SubscribeOptions
        {
            TokenProvider = (channel, _) =>
            {
                Interlocked.Increment(ref asked);
                return ValueTask.FromResult(Jwt.HS256(Secret, Jwt.Claims(Now + 5_000, $"\"channel\":\"{channel}\"")));
            },
        });
        await subscription.WhenSubscribedAsync();
        await WaitAsync(() => Volatile.Read(ref asked) >= 4);
        await client.PublishAsync(
            "private-7", "n", JsonData.Of(1), new PublishOptions { Token = Jwt.HS256(Secret, Jwt.Claims("\"channel\":\"private-7\"")) });
        await using var reading = new Reading(subscription);
        await reading.EventsAsync(1);

        (await Should.ThrowAsync<BrokerRefusedException>(new Reading(client.Subscribe("private-8")).NextAsync())).Code.ShouldBe(BrokerErrorCode.Forbidden);
    }

    [Fact]
    public async Task Handshake_ThatTheNodeRefuses_IsRepeatedAfterWhatItAsksFor()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Limits:SessionsPerAddress", "1"));
        await using var first = new BrokerClient(Options(node));
        await first.ConnectAsync();
        _changes.Clear();
        await using var second = new BrokerClient(Options(node));
        _ = second.ConnectAsync();

        var waiting = await UntilAsync(BrokerClientState.Waiting);
        waiting.End!.Cause!.Message.ShouldContain("HTTP status 429");
        waiting.RetryIn.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Handshake_FromAnOriginThatIsNotAllowed_ClosesTheClient()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var client = new BrokerClient(new BrokerClientOptions
        {
            Url = node.Socket("/rpc"),
            ConfigureSocket = socket => socket.SetRequestHeader("Origin", "https://evil.example"),
        });

        (await Should.ThrowAsync<BrokerClosedException>(client.ConnectAsync())).Message.ShouldContain("HTTP status 403");
    }

    [Fact]
    public async Task HttpClient_PublishesAndAdministers()
    {
        await using var node = await BrokerNode.StartAsync(Shop);
        using var http = new BrokerHttpClient(new BrokerHttpOptions { Url = new Uri(node.Url), App = "shop", ApiKey = ApiKey });
        await using var client = new BrokerClient(Options(node, app: "shop", token: Jwt.HS256(Secret, Jwt.Claims("\"sub\":\"ann\""))));
        var subscription = client.Subscribe("orders", new SubscribeOptions { IsPresent = true });
        await subscription.WhenSubscribedAsync();

        (await http.PublishAsync("orders", "n", JsonData.Of(1), "once")).Receivers.ShouldBe(1);
        (await http.PublishAsync("orders", "n", JsonData.Of(1), "once")).Position.Offset.ShouldBe(1);
        var broadcast = await http.BroadcastAsync(["orders", "news", new string('x', 300)], "n", JsonData.Of(2));
        broadcast.Select(outcome => outcome.Published?.Position.Offset).ShouldBe([2, 1, null]);
        broadcast[2].Problem!.Code.ShouldBe("invalid_channel");
        var batch = await http.PublishAsync([new BatchEntry("orders", "n", JsonData.Of(3)), new BatchEntry("orders", null, JsonData.Null)]);
        batch.Select(outcome => outcome.Published!.Position.Offset).ShouldBe([3, 4]);
        (await http.HistoryAsync("orders")).Events.Select(one => one.Data.ToString()).ShouldBe(["1", "2", "3", "null"]);
        (await http.PresenceAsync("orders")).Members.ShouldHaveSingleItem().User.ShouldBe("ann");
        (await http.ChannelsAsync("ord*")).Channels.ShouldHaveSingleItem().ShouldBe(new ChannelCount("orders", 1));

        using var wrong = new BrokerHttpClient(new BrokerHttpOptions { Url = new Uri(node.Url), App = "shop", ApiKey = "key of nobody at all" });
        (await Should.ThrowAsync<BrokerProblemException>(wrong.PublishAsync("orders", null, JsonData.Of(1)))).Problem.Code.ShouldBe("invalid_credentials");
        (await Should.ThrowAsync<BrokerProblemException>(http.PublishAsync("orders", new string('n', 200), JsonData.Of(1)))).Problem.Code.ShouldBe("event_name_too_long");
    }

    private static (string Name, string Value)[] Shop =>
    [
        ("Broker:Tokens:Leeway", "00:00:00"),
        ("Broker:Apps:0:Id", "shop"),
        ("Broker:Apps:0:Tokens:0:Key", Secret),
        ("Broker:Apps:0:ApiKeys:0", ApiKey),
        ("Broker:Namespaces:0:App", "shop"),
        ("Broker:Namespaces:0:Pattern", "private-*"),
        ("Broker:Namespaces:0:Subscribe", "Proof"),
        ("Broker:Namespaces:0:Publish", "Proof"),
    ];

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private BrokerClientOptions Options(
        BrokerNode node,
        string? app = null,
        string? user = null,
        string? token = null,
        Func<CancellationToken, ValueTask<string>>? tokenProvider = null,
        TimeProvider? time = null) => new()
        {
            Url = node.Socket("/rpc"),
            App = app,
            User = user,
            Token = token,
            TokenProvider = tokenProvider,
            RequestTimeout = FakeSocket.Patience,
            PublishTimeout = FakeSocket.Patience,
            ConnectTimeout = FakeSocket.Patience,
            Time = time ?? TimeProvider.System,
            StateChanged = _changes.Enqueue,
        };

    private static BrokerHttpClient Http(BrokerNode node, string app) => new(new BrokerHttpOptions { Url = new Uri(node.Url), App = app });

    private static async Task PublishAsync(BrokerHttpClient http, int first, int last)
    {
        for (var number = first; number <= last; number++)
        {
            (await http.PublishAsync("chat", "n", JsonData.Of(number))).Position.Offset.ShouldBe(number);
        }
    }

    /// <summary>The next item that is not about the reader's own user.</summary>
    private static async Task<ChannelItem> NextOfOthersAsync(Reading reading, string user)
    {
        while (true)
        {
            var item = await reading.NextAsync();
            if (item is not ChannelItem.Joined joined || joined.User != user)
            {
                return item;
            }
        }
    }

    private async Task<BrokerClientStateChange> UntilAsync(BrokerClientState state)
    {
        BrokerClientStateChange? found = null;
        await WaitAsync(() => (found = _changes.LastOrDefault(change => change.State == state)) is not null);
        return found!;
    }

    private static async Task WaitAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(FakeSocket.Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
