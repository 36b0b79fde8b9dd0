using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.Node.Connections;
using Broker.Node.Hosting;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.Options;

namespace Broker.Node.Tests.Libraries;

/// <summary>A dialect that the broker's source knows nothing of, in a real node.</summary>
[Trait("Needs", "server")]
public sealed class LibraryDialectsTests
{
    private const string Hello = "hello: join CHANNEL, leave CHANNEL, say CHANNEL TEXT";

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Name", "Lines", "Broker:Dialects:0:Name must be of lower-case letters, digits and -." },
        { "Name", "native", "Broker:Dialects:0:Name \"native\" is one of the broker's own: native, rocketws, " },
        { "Name", "shout", "Broker:Dialects:0:Name must be what Broker.Samples.Lines.LinesDialect calls itself, \"lines\"; it is \"shout\"." },
        { "Assembly", "none.dll", "Broker:Dialects:0:Assembly \"none.dll\" is not there: no file " },
        { "Assembly", SampleLibrary.PathOf("JsonRpcChat"), "Broker:Dialects:0:Assembly Broker.Samples.JsonRpcChat.dll has no public class that is Broker.Actors.Dialects.IDialect." },
        { "Type", "Lines", "Broker:Dialects:0:Type \"Lines\" is none of Broker.Samples.Lines.dll that is Broker.Actors.Dialects.IDialect; there is Broker.Samples.Lines.LinesDialect." },
        { "Path", "lines", "Broker:Dialects:0:Path must be a path of its own, such as /shout." },
        { "Path", "/", "Broker:Dialects:0:Path must be a path of its own, such as /shout." },
        { "Path", "/lines?x", "Broker:Dialects:0:Path must be a path of its own, such as /shout." },
        { "Path", "/rpc", "Two dialects cannot have one path: /rpc is of native and of lines." },
        { "App", "shop", "Broker:Dialects:0:App \"shop\" is no app; there is default." },
    };

    [Fact]
    public async Task Dialect_OfALibrary_SharesItsChannelsWithTheOthers()
    {
        await using var node = await BrokerNode.StartAsync(SampleLibrary.AsDialect("Lines", "lines"));
        await using var native = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await native.CallAsync("subscribe", """{"channel":"chat"}""");
        await using var lines = await WebSocketClient.ConnectAsync(node.Socket("/lines"));
        (await lines.ReceiveTextAsync()).ShouldBe(Hello);
        (await AskAsync(lines, "join chat")).ShouldBe("joined chat");

        await lines.SendAsync("say chat hello you");

        string?[] came = [await lines.ReceiveTextAsync(), await lines.ReceiveTextAsync()];
        came.ShouldBe(["chat \"hello you\"", "said chat 2"], ignoreOrder: true);
        (await native.ReceiveAsync()).GetProperty("params").GetProperty("data").GetString().ShouldBe("hello you");
        await native.CallAsync("publish", """{"channel":"chat","event":"e","data":{"n":1}}""");
        (await lines.ReceiveTextAsync()).ShouldBe("chat {\"n\":1}");
        (await AskAsync(lines, "leave chat")).ShouldBe("left chat");
    }

    [Theory]
    [InlineData("sing chat", "error line it is none of join, leave and say")]
    [InlineData("", "error line it is none of join, leave and say")]
    [InlineData("leave chat", "error leave NotSubscribed")]
    [InlineData("join closed", "error join Forbidden")]
    [InlineData("say closed x", "error say Forbidden")]
    public async Task Dialect_OfALibrary_HasTheRightsOfChannels(string line, string answer)
    {
        await using var node = await BrokerNode.StartAsync(
        [
            .. SampleLibrary.AsDialect("Lines", "lines"),
            ("Broker:Namespaces:0:Pattern", "closed"), ("Broker:Namespaces:0:Subscribe", "Nobody"), ("Broker:Namespaces:0:Publish", "Nobody"),
        ]);
        await using var lines = await WebSocketClient.ConnectAsync(node.Socket("/lines"));
        await lines.ReceiveTextAsync();

        (await AskAsync(lines, line)).ShouldBe(answer);
    }

    [Fact]
    public async Task Dialect_OfALibrary_IsServedWhereListenersSay()
    {
        await using var node = await BrokerNode.StartAsync(
        [
            .. SampleLibrary.AsDialect("Lines", "lines"), ("Broker:Dialects:0:Path", "/some/where"),
            ("Broker:Listeners:0:Url", "http://127.0.0.1:0"), ("Broker:Listeners:0:Dialects:0", "lines"),
            ("Broker:Listeners:1:Url", "http://127.0.0.1:0"), ("Broker:Listeners:1:Dialects:0", "native"),
        ]);

        foreach (var path in (string[])["/some/where", "/"])
        {
            await using var lines = await WebSocketClient.ConnectAsync(node.Socket(path));
            (await lines.ReceiveTextAsync()).ShouldBe(Hello);
        }

        using var raw = await RawHttp.ConnectAsync(node.PortOf(1));
        await raw.SendAsync(RawHttp.Upgrade("/some/where"));
        (await raw.ReadUntilAsync("\r\n")).ShouldStartWith("HTTP/1.1 404");
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Start_WhenASettingIsWrong_StopsWithItsName(string name, string value, string message)
    {
        var settings = SampleLibrary.AsDialect("Lines", "lines").Where(setting => setting.Item1 != $"Broker:Dialects:0:{name}");

        var wrong = await Should.ThrowAsync<OptionsValidationException>(() => BrokerNode.StartAsync([.. settings, ($"Broker:Dialects:0:{name}", value)]));

        wrong.Failures.First().ShouldStartWith(message);
    }

    /// <summary>The other way to add one: a line of code in a host.</summary>
    [Fact]
    public async Task Dialect_AddedInCode_IsServed()
    {
        await using var node = await BrokerNode.StartAsync(builder =>
            new BrokerBuilder(builder.Services).AddDialect("upper", _ => new DialectRoute("/upper", new UpperDialect(), "default")));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/upper"));

        (await AskAsync(client, "hello")).ShouldBe("HELLO");
    }

    private static async Task<string?> AskAsync(WebSocketClient client, string line)
    {
        await client.SendAsync(line);
        return await client.ReceiveTextAsync();
    }

    private sealed class UpperDialect : IDialect
    {
        public string Name => "upper";

        public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload) => false;

        public bool Encode(RoomNotice notice, int version, PayloadWriter payload) => false;

        public IDialectSession Open(ISessionContext session) => new Session(session);

        /// <summary>Answers from another thread, as what takes time does.</summary>
        private sealed class Session(ISessionContext session) : IDialectSession
        {
            public void Received(ReadOnlySpan<byte> payload, Broker.Actors.Sessions.FrameKind kind)
            {
                var text = System.Text.Encoding.UTF8.GetString(payload);
                session.BeginCall();
                _ = Task.Run(() => session.Post(text.ToUpperInvariant()));
            }

            public void Posted(object message)
            {
                session.Send(System.Text.Encoding.UTF8.GetBytes((string)message));
                session.EndCall();
            }
        }
    }
}
