using System.Text.Json;
using Broker.Node.Tests.Nodes;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>What a service can do in its client's name, and with its host.</summary>
[Trait("Needs", "server")]
public sealed class ServiceChannelsTests
{
    private const string ApiKey = "the-app-default's-api-key";

    private static readonly (string, string)[] ForUsers =
    [
        ("Broker:Apps:0:Id", "default"),
        ("Broker:Apps:0:ApiKeys:0", ApiKey),
        ("Broker:Namespaces:0:Pattern", "users"),
        ("Broker:Namespaces:0:Subscribe", "User"),
        ("Broker:Namespaces:0:Publish", "User"),
        ("Broker:Namespaces:1:Pattern", "*"),
    ];

    [Fact]
    public async Task Client_ThatTheServiceKnows_HasAUsersRights()
    {
        await using var node = await ServicesNode.StartAsync(ForUsers);
        await using var client = await node.ConnectAsync("person");

        (await ResultAsync(client, "join", "[\"users\"]")).ShouldBe("Forbidden False");
        (await ResultAsync(client, "publish", "[\"users\",true]")).ShouldBe("Forbidden 0");
        (await ResultAsync(client, "login", "[\"ann\"]")).ShouldBe("None");
        (await ResultAsync(client, "join", "[\"users\"]")).ShouldBe("None False");
        (await ResultAsync(client, "publish", "[\"users\",false]")).ShouldBe("None 0");   // nobody but itself
        (await ResultAsync(client, "leave", "[\"users\"]")).ShouldBe("None");
        (await ResultAsync(client, "leave", "[\"users\"]")).ShouldBe("NotSubscribed");
    }

    [Fact]
    public async Task Key_OfAPublish_MakesARepeatTheSame()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("person");
        await using var native = await WebSocketClient.ConnectAsync(node.Node.Socket("/rpc"));
        await native.CallAsync("subscribe", """{"channel":"chat"}""");

        await ResultAsync(client, "publish", "[\"chat\",true,\"k\"]");
        await ResultAsync(client, "publish", "[\"chat\",true,\"k\"]");
        await ResultAsync(client, "publish", "[\"chat\",true]");

        (await native.ReceiveAsync()).GetProperty("params").GetProperty("offset").GetInt64().ShouldBe(1);
        (await native.ReceiveAsync()).GetProperty("params").GetProperty("offset").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Since_BringsWhatWasMissed()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var native = await WebSocketClient.ConnectAsync(node.Node.Socket("/rpc"));
        var first = (await native.CallAsync("publish", """{"channel":"chat","event":"e","data":1}""")).GetProperty("result");
        await native.CallAsync("publish", """{"channel":"chat","event":"e","data":2}""");
        await using var client = await node.ConnectAsync("person");

        var answer = await client.AskAsync($$"""{"id":1,"method":"join","params":["chat",1,{{first.GetProperty("epoch").GetRawText()}}]}""");

        // What was missed goes out with the answer of the channel, which the method then answers by.
        string[] came = [answer, await client.NextAsync()];
        came.ShouldBe(["""{"id":null,"method":"event","params":["chat","e",2]}""", """{"id":1,"result":"None True","error":null}"""], ignoreOrder: true);
    }

    [Fact]
    public async Task Subscription_ThatABackendEnds_IsANotification()
    {
        await using var node = await ServicesNode.StartAsync(ForUsers);
        await using var client = await node.ConnectAsync("person");
        await ResultAsync(client, "login", "[\"ann\"]");
        await ResultAsync(client, "join", "[\"users\"]");

        (await node.Node.SendApiAsync("unsubscribe", """{"user":"ann","channel":"users"}""", ("X-API-Key", ApiKey))).IsSuccessStatusCode.ShouldBeTrue();

        (await client.NextAsync()).ShouldBe("""{"id":null,"method":"unsubscribed","params":["users",2000,"unsubscribed by the server"]}""");
    }

    [Fact]
    public async Task Commands_AfterTheClose_AreAnswered()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("person");
        await client.SendAsync("""{"method":"publish_after_the_close"}""");
        await client.Socket.CloseAsync();

        (await client.Service.NextAsync()).ShouldBe("Unavailable");
        (await client.Service.NextAsync()).ShouldBe("ConnectionClosed");
        (await client.Service.NextAsync()).ShouldBe("disposed while its scope was open");
        await node.Service("person").WhenEmpty();
    }

    [Fact]
    public async Task Commands_MoreThanMayBeUnderWay_AreRefused()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("person");

        var refused = await client.AskAsync("""{"id":1,"method":"publish_many","params":[5000]}""");

        JsonDocument.Parse(refused).RootElement.GetProperty("result").GetInt32().ShouldBeInRange(1, 5_000 - 1_024);
        (await ResultAsync(client, "publish", "[\"chat\",true]")).ShouldBe("None 0");
    }

    [Fact]
    public async Task Instance_IsMadeInAScopeOfItsOwn_AndDisposed()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("person");
        (await client.AskAsync("""{"id":1,"method":"scoped"}""")).ShouldBe("""{"id":1,"result":true,"error":null}""");
        await client.Socket.CloseAsync();

        (await client.Service.NextAsync()).ShouldBe("disposed while its scope was open");
    }

    [Fact]
    public async Task Clients_AreReachedFromOutside()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var one = await node.ConnectAsync("faulty");
        await using var other = await node.ConnectAsync("faulty");
        await one.ShouldBeSilentAsync();
        await other.ShouldBeSilentAsync();

        node.Service("faulty").Peers.Notify("news", 1, "two");

        (await one.NextAsync()).ShouldBe("""{"id":null,"method":"news","params":[1,"two"]}""");
        (await other.NextAsync()).ShouldBe("""{"id":null,"method":"news","params":[1,"two"]}""");
        var asked = node.Service("faulty").Peers.Of<FaultyService>().First().RequestAsync("how_are_you");
        var answering = one.NextAsync();
        var asking = other.NextAsync();
        var reached = await Task.WhenAny(answering, asking) == answering ? one : other;
        await reached.SendAsync("""{"id":1,"result":"fine"}""");
        (await asked).As<string>().ShouldBe("fine");
        node.Service("faulty").Peers.Notify("bye");   // for the one that still reads
        await Task.WhenAll(answering, asking);
    }

    private static async Task<string?> ResultAsync(ServiceClient client, string method, string parameters)
    {
        var answer = JsonDocument.Parse(await client.AskAsync($$"""{"id":1,"method":"{{method}}","params":{{parameters}}}""")).RootElement;
        return answer.GetProperty("result").GetString();
    }
}
