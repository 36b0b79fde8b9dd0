using System.Net;
using System.Text;
using Broker.Actors;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.WebRocket;

/// <summary>What a hub does beside the protocol's tables.</summary>
[Trait("Needs", "server")]
public sealed class WebRocketEndpointTests
{
    private const string ReadWrite = """{"auth":{"access":"read-write","secret":"rw-secret"}}""";
    private const string Back = """{"authenticate":{"user":"back","secret":"rw-secret"}}""";

    [Fact]
    public async Task FirstTry_OnLoopback_TakesEverybodyInBothVersions()
    {
        await using var node = await BrokerNode.StartAsync();
        await using var one = await RocketClient.ConnectAsync(node.Socket("/webrocket"), "read-write", "anything");
        await using var two = await RocketClient.ConnectAsync(node.Socket("/webrocket"), "frontend", "anything");
        await using var three = await RocketClient.ConnectAsync(node.Socket("/webrocket"), "backend", "");
        await two.AskAsync("""{"subscribe":{"channel":"chat"}}""", """{"subscribed":"chat"}""");

        await one.AskAsync("""{"publish":{"event":"a","channel":"chat","data":1}}""", """{"ok":true}""");
        await three.AskAsync("""{"broadcast":{"event":"b","channel":"chat","data":2}}""", """{"broadcasted":"chat"}""");

        await two.ExpectAsync("""{"event":"a","channel":"chat","data":1}""");
        await two.ExpectAsync("""{"event":"b","channel":"chat","data":2}""");
        await two.AskAsync("""{"broadcast":{"event":"b","channel":"chat"}}""", """{"err":"ACCESS_DENIED"}""");
    }

    [Theory]
    [InlineData("", "Broker:Urls", "http://0.0.0.0:0")]
    [InlineData("X-Forwarded-For: 192.0.2.1\r\n", "Broker:Loops", "1")]
    [InlineData("X-Forwarded-For: 192.0.2.1\r\n", "Broker:Apps:0:Id", "default")]
    public async Task FirstTry_FromElsewhere_IsRefused(string header, string name, string value)
    {
        await using var node = await BrokerNode.StartAsync((name, value));

        (await StatusAsync(node, "/webrocket", header)).ShouldBe(403);
    }

    [Fact]
    public async Task FirstTry_OnceThereAreHubs_IsGone()
    {
        await using var node = await StartAsync();

        (await StatusAsync(node, "/webrocket")).ShouldBe(404);
        (await StatusAsync(node, WebRocketHubs.Own)).ShouldBe(101);
    }

    [Fact]
    public async Task FirstTry_WhereTheAppHasCredentials_IsGone()
    {
        await using var node = await BrokerNode.StartAsync(("Broker:Apps:0:Id", "default"), ("Broker:Apps:0:ApiKeys:0", "a key of 16 characters"));

        (await StatusAsync(node, "/webrocket")).ShouldBe(404);
    }

    [Theory]
    [InlineData("?v=1", """{"subscribe":{}}""", """{"err":"access_denied"}""")]
    [InlineData("?v=2", """{"subscribe":{}}""", """{"err":"ACCESS_DENIED"}""")]
    [InlineData("?x=1&v=1", """{"subscribe":{}}""", """{"err":"access_denied"}""")]
    [InlineData("?v=3", """{"subscribe":{}}""", """{"err":"ACCESS_DENIED"}""")]
    [InlineData("", """{"subscribe":{}}""", """{"err":"ACCESS_DENIED"}""")]
    [InlineData("", "{bad", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("", """{"auth":{}}""", """{"err":"invalid_data"}""")]
    [InlineData("", """{"publish":{}}""", """{"err":"access_denied"}""")]
    [InlineData("", """{"authenticate":{}}""", """{"err":"INVALID_PAYLOAD"}""")]
    [InlineData("?v=2", """{"publish":1}""", """{"err":"INVALID_PAYLOAD"}""")]
    public async Task Version_IsTheQuerysElseTheFirstMessagesElseTheSecond(string query, string first, string answer)
    {
        await using var node = await StartAsync();
        await using var client = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own + query));

        await client.AskAsync(first, answer);
        await client.AskAsync("{}", answer.Contains('_', StringComparison.Ordinal) && char.IsLower(answer[8]) ? """{"err":"invalid_data"}""" : """{"err":"INVALID_PAYLOAD"}""");
    }

    [Fact]
    public async Task Version_OfTheHub_IsTheOnlyOne()
    {
        await using var node = await StartAsync(("Broker:WebRocket:Hubs:0:Version", "1"));
        await using var client = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own + "?v=2"));

        await client.SendAsync(Back);
        await client.AskAsync("{}", """{"err":"invalid_data"}""");
        await client.AskAsync(ReadWrite, """{"ok":true}""");
    }

    [Fact]
    public async Task BinaryFrames_AreReadToo()
    {
        await using var node = await StartAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(node.Socket(WebRocketHubs.Own + "?v=1"), default);
        var buffer = new byte[256];
        foreach (var (bytes, answer) in new[] { (Encoding.UTF8.GetBytes(ReadWrite), """{"ok":true}"""), ([.. "{\"logout\":\""u8, 0xFF, .. "\"}"u8], """{"err":"invalid_data"}""") })
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, default);
            var read = await socket.ReceiveAsync(buffer, default);
            Encoding.UTF8.GetString(buffer, 0, read.Count).ShouldBe(answer);
        }
    }

    /// <summary>Half a surrogate pair is no text, and is answered as anything else that is none.</summary>
    [Fact]
    public async Task Names_MayBeWrittenWithEscapes()
    {
        await using var node = await StartAsync();
        await using var client = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "back", "rw-secret");

        await client.AskAsync("""{"subscribe":{"channel":"h\u0065llo\n"}}""", """{"subscribed":"hello\n"}""");
        await client.AskAsync("""{"\u0062roadcast":{"\u0065vent":"\u0065","channel":"hello\u000a"}}""", """{"event":"e","channel":"hello\n"}""");
        await client.ExpectAsync("""{"broadcasted":"hello\n"}""");
        await client.AskAsync("""{"subscribe":{"channel":"\ud800"}}""", """{"err":"INVALID_PAYLOAD"}""");
        await client.AskAsync("""{"broadcast":{"event":"\ud800","channel":"hello\n"}}""", """{"err":"INVALID_PAYLOAD"}""");
        await client.AskAsync("""{"authenticate":{"user":"\ud800","secret":""}}""", """{"err":"INVALID_PAYLOAD"}""");
    }

    [Fact]
    public async Task Limits_AreAnsweredInTheWordsOfEachVersion()
    {
        await using var node = await StartAsync(
            ("Broker:Limits:Subscriptions", "1"), ("Broker:Limits:ChannelNameBytes", "8"), ("Broker:Limits:EventNameLength", "4"),
            ("Broker:Limits:JsonDepth", "8"), ("Broker:Limits:FrameBytes", "1024"));
        await using var one = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "read-write", "rw-secret");
        await using var two = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "back", "rw-secret");
        const string deep = """{"logout":{"a":[[[[[[[[]]]]]]]]}}""";

        await one.AskAsync("""{"subscribe":{"channel":"a long name"}}""", """{"err":"invalid_channel_name"}""");
        await two.AskAsync("""{"subscribe":{"channel":"a long name"}}""", """{"err":"INVALID_PAYLOAD"}""");
        await one.AskAsync("""{"subscribe":{"channel":"first"}}""", """{"ok":true}""");
        await two.AskAsync("""{"subscribe":{"channel":"first"}}""", """{"subscribed":"first"}""");
        await one.AskAsync("""{"subscribe":{"channel":"second"}}""", """{"err":"too_many_subscriptions"}""");
        await two.AskAsync("""{"subscribe":{"channel":"second"}}""", """{"err":"TOO_MANY_SUBSCRIPTIONS"}""");
        await one.AskAsync("""{"publish":{"event":"event","channel":"first"}}""", """{"err":"invalid_data"}""");
        await two.AskAsync("""{"broadcast":{"event":"event","channel":"first"}}""", """{"err":"INVALID_PAYLOAD"}""");
        await one.AskAsync("""{"publish":{"event":"e","channel":"a long name"}}""", """{"err":"invalid_channel"}""");
        await two.AskAsync("""{"broadcast":{"event":"e","channel":"a long name"}}""", """{"err":"INVALID_CHANNEL"}""");
        await one.AskAsync(deep, """{"err":"invalid_data"}""");
        await two.AskAsync(deep, """{"err":"INVALID_PAYLOAD"}""");
        await two.SendAsync(new string(' ', 1_025));
        await two.Socket.WaitForCloseAsync();

        two.Socket.CloseStatus.ShouldBe(WebSocketCloseStatus.MessageTooBig);
        Counted(node, Limit.Subscriptions).ShouldBe(2);
        Counted(node, Limit.ChannelName).ShouldBe(4);
        Counted(node, Limit.EventName).ShouldBe(2);
        Counted(node, Limit.JsonDepth).ShouldBe(2);
        Counted(node, Limit.FrameBytes).ShouldBe(1);
    }

    [Theory]
    [InlineData("read-write", """{"publish":{"event":"e","channel":"c"}}""", """{"ok":true}""", """{"err":"too_many_publishes"}""")]
    [InlineData("back", """{"broadcast":{"event":"e","channel":"c"}}""", """{"broadcasted":"c"}""", """{"err":"TOO_MANY_PUBLISHES"}""")]
    public async Task Publishes_FasterThanAllowed_AreRefusedAndTheSessionStays(string who, string publish, string done, string refused)
    {
        await using var node = await StartAsync(("Broker:Limits:PublishesPerSecond", "1"));
        await using var other = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "front", "read-secret");
        await using var client = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), who, "rw-secret");
        await other.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"subscribed":"c"}""");

        var answers = new List<string>();
        do
        {
            answers.Add((await client.AskAsync(publish)).ToJsonString());
        }
        while (answers.Count < 1_000 && answers[^1] == done);

        answers[^1].ShouldBe(refused);
        answers.ShouldContain(done);
        Counted(node, Limit.PublishesPerSecond).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"auth":{"access":"read-write","secret":"bad"}}""", ReadWrite, """{"err":"invalid_credentials"}""", """{"err":"too_many_attempts"}""")]
    [InlineData("""{"authenticate":{"user":"back","secret":"bad"}}""", Back, """{"err":"INVALID_CREDENTIALS"}""", """{"err":"TOO_MANY_ATTEMPTS"}""")]
    [InlineData("""{"authenticate":{"user":"nobody","secret":"bad"}}""", Back, """{"err":"INVALID_USER"}""", """{"err":"TOO_MANY_ATTEMPTS"}""")]
    public async Task WrongSecrets_TooManyOfAnAddress_AreNotLookedAtUntilTimeHasPassed(string wrong, string right, string refused, string tooMany)
    {
        await using var node = await StartAsync(("Broker:Limits:WrongSecretsPerMinutePerAddress", "2"));
        await using var before = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "back", "rw-secret");
        await using var guesser = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own));
        await using var other = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own + "?v=1"));
        await using var open = await RocketClient.ConnectAsync(node.Socket("/wr-open"));

        await guesser.AskAsync(wrong, refused);
        await guesser.AskAsync(wrong, refused);
        await guesser.AskAsync(right, tooMany);
        await other.AskAsync(ReadWrite, """{"err":"too_many_attempts"}""");   // whichever connection of the address

        Counted(node, Limit.WrongSecrets).ShouldBe(2);
        await open.AskAsync("""{"auth":{"access":"read-write","secret":"any"}}""", """{"ok":true}""");   // nothing to guess
        await before.AskAsync("""{"authenticate":{"user":"back","secret":"rw-secret"}}""", """{"err":"TOO_MANY_ATTEMPTS"}""");
        await before.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"subscribed":"c"}""");   // who is in stays in
    }

    /// <summary>Each wrong one is given back by itself: with many a minute one comes back soon.</summary>
    [Fact]
    public async Task WrongSecrets_OnceTimeHasPassed_AreLookedAtAgain()
    {
        await using var node = await StartAsync(("Broker:Limits:WrongSecretsPerMinutePerAddress", "120"));
        await using var client = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own + "?v=1"));
        string answer;
        do
        {
            answer = (await client.AskAsync("""{"auth":{"access":"read-write","secret":"bad"}}""")).ToJsonString();
        }
        while (answer == """{"err":"invalid_credentials"}""");
        answer.ShouldBe("""{"err":"too_many_attempts"}""");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        do
        {
            answer = (await client.AskAsync(ReadWrite)).ToJsonString();
            patience.Token.ThrowIfCancellationRequested();
        }
        while (answer != """{"ok":true}""");
    }

    /// <summary>What belongs to a hub alone nobody reaches by another way, not even from this machine.</summary>
    [Fact]
    public async Task OwnChannels_AreNoOtherDialects()
    {
        await using var node = await StartAsync();
        await using var rocket = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "back", "rw-secret");
        await using var native = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await rocket.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"subscribed":"c"}""");
        foreach (var app in new[] { "$webrocket/wr", "$direct/wr" })
        {
            await native.CallAsync("connect", $$"""{"app":"{{app}}"}""");
            foreach (var (method, parameters) in new[]
            {
                ("subscribe", """{"channel":"c"}"""), ("history", """{"channel":"c"}"""), ("presence", """{"channel":"c"}"""),
                ("publish", """{"channel":"c","event":"e","data":1}"""),
            })
            {
                (await native.CallAsync(method, parameters)).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32003, $"{app} {method}");
            }

            foreach (var (method, body) in new[]
            {
                ("publish", """{"channel":"c","event":"e","data":1,"app":"APP"}"""), ("history", """{"channel":"c","app":"APP"}"""),
                ("channels", """{"app":"APP"}"""),
            })
            {
                (await node.ApiAsync(method, body.Replace("APP", app, StringComparison.Ordinal))).Status.ShouldBe(HttpStatusCode.NotFound, $"{app} {method}");
            }
        }

        await rocket.AskAsync("""{"broadcast":{"event":"e","channel":"c","data":2}}""", """{"event":"e","channel":"c","data":2}""");
    }

    /// <summary>However a connection ends, nothing of it is left: no session, no subscription, no room that is in use.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_KilledInAnyState_LeaveNothing(bool isPolite)
    {
        await using var node = await StartAsync(("Broker:WebRocket:Hubs:0:Direct", "true"));
        string[][] states =
        [
            [],
            ["{bad"],
            ["""{"auth":{"access":"read-write","secret":"bad"}}"""],
            [ReadWrite],
            [ReadWrite, """{"subscribe":{"channel":"c"}}"""],
            [ReadWrite, """{"subscribe":{"channel":"c"}}""", """{"logout":true}"""],
            [ReadWrite, """{"subscribe":{"channel":"c"}}""", """{"publish":{"event":"e","channel":"c"}}"""],
            [ReadWrite, """{"subscribe":{"channel":"c"}}""", """{"unsubscribe":{"channel":"c"}}"""],
            [Back],
            [Back, """{"subscribe":{"channel":"c"}}"""],
            [Back, """{"subscribe":{"channel":"c"}}""", """{"broadcast":{"event":"e","channel":"c"}}""", """{"logout":true}"""],
            [Back, """{"subscribe":{"channel":"c"}}""", """{"disconnect":true}"""],
        ];
        foreach (var messages in states)
        {
            var socket = await RawHttp.ConnectAsync(node.Port);
            await socket.SendAsync(RawHttp.Upgrade(WebRocketHubs.Own));
            await socket.ReadUntilAsync("\r\n\r\n");
            foreach (var message in messages)
            {
                await socket.SendFrameAsync(message);
            }

            if (isPolite)
            {
                await socket.SendAsync([0x88, 0x80, 0, 0, 0, 0]);
            }

            socket.Dispose();   // with answers unread: a reset
        }

        await using var probe = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "read-write", "rw-secret");
        var broker = node.Services.GetRequiredService<LocalNode>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (broker.SessionCount != 1 || broker.Loops.Sum(tally => tally.Subscriptions) != 0)
        {
            (await probe.AskAsync("""{"unsubscribe":{"channel":"c"}}""")).ToJsonString().ShouldBe("""{"ok":true}""");
            patience.Token.ThrowIfCancellationRequested();
        }

        await probe.AskAsync("""{"subscribe":{"channel":"c"}}""", """{"ok":true}""");
        broker.Loops.Sum(tally => tally.Subscriptions).ShouldBe(1);
    }

    [Fact]
    public async Task Metrics_TellOfTheDialect()
    {
        await using var node = await StartAsync();
        await using var client = await RocketClient.ConnectAsync(node.Socket(WebRocketHubs.Own), "back", "rw-secret");

        (await node.Http.GetStringAsync("/metrics")).ShouldContain("broker_sessions{dialect=\"webrocket\"");
    }

    private static Task<BrokerNode> StartAsync(params (string Name, string Value)[] settings) => BrokerNode.StartAsync([.. WebRocketHubs.Settings, .. settings]);

    private static long Counted(BrokerNode node, Limit limit) => node.Services.GetRequiredService<LocalNode>().Counters.Limits[limit];

    private static async Task<int> StatusAsync(BrokerNode node, string path, string header = "")
    {
        using var client = await RawHttp.ConnectAsync(node.Port);
        await client.SendAsync(RawHttp.Upgrade(path, header));
        return int.Parse((await client.ReadUntilAsync("\r\n")).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
