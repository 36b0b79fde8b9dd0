using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.RocketWs;
using Broker.Actors.Dialects.WebRocket;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.TestKit.Dialects;

namespace Broker.Actors.Tests.Dialects;

/// <summary>Whatever comes, no dialect throws, and all that it sends is JSON.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Frames =
    [
        """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"chat"}}""",
        """{"jsonrpc":"2.0","id":"x","method":"send_data","params":{"channel":"chat","data":{"a":[1,"\u00e9\ud83d\ude00"],"__ts":null}}}""",
        """{"jsonrpc":"2.0","id":null,"method":"publish","params":{"channel":"chat","event":"\u0065","data":{"a":1e5},"idempotencyKey":"k"}}""",
        """{"jsonrpc":"2.0","id":2,"method":"subscribe","params":{"channel":"c","since":{"epoch":"feed.1","offset":3},"presence":{"info":{}}}}""",
        """{"jsonrpc":"2.0","id":3,"method":"history","params":{"channel":"chat","limit":10,"direction":"backward"}}""",
        """{"jsonrpc":"2.0","id":4,"method":"connect","params":{"app":"demo","user":"ann"}}""",
        """[{"jsonrpc":"2.0","id":5,"method":"heartbeat"},{"jsonrpc":"2.0","method":"ping"},[],7]""",
        """{"jsonrpc":"2.0","id":6,"method":"emit","params":["chat",{"a":"b"}]}""",
        """{"id":7,"method":"notify_all","params":[[1,{"a":"it's"}]]}""",
        """{"auth":{"access":"read-write","secret":"x"}}""",
        """{"authenticate":{"user":"ann","secret":"x"}}""",
        """{"subscribe":{"channel":"chat"}}""",
        """{"publish":{"event":"\u0065","channel":"chat","data":{"a":1},"x":[1]}}""",
        """{"broadcast":{"event":"e","channel":"ch\u0061t"}}""",
        """{"unsubscribe":{"channel":"chat"}}""",
        """{"direct":{"event":"e","client":"0123456789012345678901234567890123456789","data":1}}""",
        """{"logout":true}""",
    ];

    /// <summary>Bytes that hit the grammar's nerves more often than others.</summary>
    private static readonly byte[] Nerves = "\"\\{}[]:,u0dDeE.-+ \n\0"u8.ToArray();

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Received_OfDamagedFrames_AnswersInJson(int seed)
    {
        var random = new Random(seed);
        foreach (var dialect in (IDialect[])
            [new NativeDialect(new NativeOptions()), new RocketWsDialect(new RocketWsOptions()), WebRocket(WebRocketVersion.V1), WebRocket(WebRocketVersion.V2)])
        {
            var session = new FakeBroker().Connect(dialect);
            for (var round = 0; round < 10_000; round++)
            {
                var kind = random.Next(2) == 0 ? FrameKind.Text : FrameKind.Binary;
                var frame = Damage(random);
                session.Receive(kind == FrameKind.Text ? Text(frame) : frame, kind);
                ShouldBeJson(session);
            }

            session.ClosedFor.ShouldBeNull();
        }
    }

    [Fact]
    public async Task PostAsync_OfDamagedBodies_AnswersInJson()
    {
        var random = new Random(21);
        var broker = new FakeBroker();
        var listener = broker.Connect(new RocketWsDialect(new RocketWsOptions()));
        listener.Receive(Frames[0]);
        var source = new RocketWsSource(new RocketWsOptions(), broker);
        var legacy = new RocketWsSource(new RocketWsOptions { LegacyReplyText = true }, broker);
        for (var round = 0; round < 5_000; round++)
        {
            var body = Damage(random);
            var reply = await source.PostAsync(body, "", UnhurriedPublisher.Instance);
            if (reply.Status == 200)
            {
                JsonDocument.Parse(reply.Body).Dispose();
            }

            ((await legacy.PostAsync(body, "", UnhurriedPublisher.Instance)).Status == reply.Status).ShouldBeTrue(Encoding.UTF8.GetString(body));
            ShouldBeJson(listener);
        }
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public void Received_OfAHundredThousandLevels_AnswersAParseError(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
        string[] frames =
        [
            deep,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"publish","params":{"channel":"c","event":"e","data":{{{deep}}}}}""",
            $$"""{"jsonrpc":"2.0","id":1,"method":"send_data","params":["c",{{deep}}]}""",
            $$"""[{"jsonrpc":"2.0","id":{{deep}},"method":"ping"}]""",
        ];
        foreach (var dialect in (IDialect[])[new NativeDialect(new NativeOptions()), new RocketWsDialect(new RocketWsOptions())])
        {
            var session = new FakeBroker().Connect(dialect);
            foreach (var frame in frames)
            {
                session.Receive(frame);
                Encoding.UTF8.GetString(session.Sent.Dequeue())
                    .ShouldBe("""{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}""");
            }
        }
    }

    private static byte[] Damage(Random random)
    {
        var frame = new List<byte>(Encoding.UTF8.GetBytes(Frames[random.Next(Frames.Length)]));
        for (var wounds = random.Next(4); wounds > 0 && frame.Count > 0; wounds--)
        {
            var at = random.Next(frame.Count);
            switch (random.Next(5))
            {
                case 0: frame[at] = (byte)random.Next(256); break;
                case 1: frame[at] = Nerves[random.Next(Nerves.Length)]; break;
                case 2: frame.Insert(at, Nerves[random.Next(Nerves.Length)]); break;
                case 3: frame.RemoveAt(at); break;
                default: frame.RemoveRange(at, Math.Min(random.Next(20), frame.Count - at)); break;
            }
        }

        return [.. frame];
    }

    /// <summary>What a transport would let through as text.</summary>
    private static byte[] Text(byte[] frame) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(frame));

    private static void ShouldBeJson(FakeSession session)
    {
        while (session.Sent.TryDequeue(out var sent))
        {
            JsonDocument.Parse(sent).Dispose();
        }
    }

    private static WebRocketDialect WebRocket(WebRocketVersion version)
    {
        HubSecret.TryRead("", out var open).ShouldBeTrue();
        var rights = new HubRights
        {
            Version = version,
            HasDirect = true,
            ReadWrite = new HubKey(HubKey.ReadWrite, IsUser: false, open, Permissions.All),
            Users = new[] { new HubKey("ann", IsUser: true, open, Permissions.All) }.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal),
        };
        return new WebRocketDialect(new WebRocketHub("$direct", rights, new NoGuard()));
    }

    private sealed class NoGuard : ISecretGuard
    {
        public bool MayTry(System.Net.IPAddress address) => true;

        public void Wrong(System.Net.IPAddress address)
        {
        }
    }
}
