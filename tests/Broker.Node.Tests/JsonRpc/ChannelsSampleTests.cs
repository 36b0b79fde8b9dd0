using System.Text.Json;
using Broker.Actors;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Node.Tests.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>Clients of a service and of other dialects, in one channel.</summary>
[Trait("Needs", "server")]
public sealed class ChannelsSampleTests
{
    [Fact]
    public async Task Channel_IsTheSameAsOfOtherDialects()
    {
        await using var node = await BrokerNode.StartAsync(SampleLibrary.AsService("Channels", "channels"));
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/channels"));
        await using var native = await WebSocketClient.ConnectAsync(node.Socket("/rpc"));
        await native.CallAsync("subscribe", """{"channel":"chat"}""");
        (await AskAsync(client, 1, "subscribe", "[\"chat\"]")).GetProperty("result").GetInt64().ShouldBe(0);

        await client.SendAsync("""{"id":2,"method":"publish","params":["chat",{"n":1},"tick"]}""");

        string?[] came = [await client.ReceiveTextAsync(), await client.ReceiveTextAsync()];
        came.ShouldBe(["""{"id":null,"method":"event","params":["chat","tick",{"n":1}]}""", """{"id":2,"result":2,"error":null}"""], ignoreOrder: true);
        var event_ = (await native.ReceiveAsync()).GetProperty("params");
        event_.GetProperty("event").GetString().ShouldBe("tick");
        event_.GetProperty("data").GetProperty("n").GetInt32().ShouldBe(1);

        await native.CallAsync("publish", """{"channel":"chat","event":"tock","data":2}""");
        (await client.ReceiveTextAsync()).ShouldBe("""{"id":null,"method":"event","params":["chat","tock",2]}""");
        (await AskAsync(client, 3, "unsubscribe", "[\"chat\"]")).GetProperty("result").GetBoolean().ShouldBeTrue();
        await native.CallAsync("publish", """{"channel":"chat","event":"tock","data":3}""");
        (await AskAsync(client, 4, "unsubscribe", "[\"chat\"]")).GetProperty("result").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Refusals_AreErrors()
    {
        await using var node = await BrokerNode.StartAsync(
        [
            .. SampleLibrary.AsService("Channels", "channels"),
            ("Broker:Limits:ChannelNameBytes", "16"),
            ("Broker:Limits:Subscriptions", "1"),
            ("Broker:Namespaces:0:Pattern", "closed"),
            ("Broker:Namespaces:0:Subscribe", "Nobody"),
            ("Broker:Namespaces:0:Publish", "Nobody"),
        ]);
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/channels"));

        (await ErrorAsync(client, "subscribe", "[\"closed\"]")).ShouldBe("Forbidden");
        (await ErrorAsync(client, "publish", "[\"closed\",1]")).ShouldBe("Forbidden");
        (await ErrorAsync(client, "publish", $"[\"{new string('c', 17)}\",1]")).ShouldBe("InvalidChannel");
        await AskAsync(client, 1, "subscribe", "[\"one\"]");
        (await ErrorAsync(client, "subscribe", "[\"one\"]")).ShouldBe("AlreadySubscribed");
        (await ErrorAsync(client, "subscribe", "[\"two\"]")).ShouldBe("TooManySubscriptions");
    }

    [Fact]
    public async Task Broadcast_AndTheEndOfASubscription_AreNotifications()
    {
        await using var node = await BrokerNode.StartAsync(
        [
            .. SampleLibrary.AsService("Channels", "channels"),
            ("Broker:Apps:0:Id", "default"),
            ("Broker:Apps:0:ApiKeys:0", "the-app-default's-api-key"),
            ("Broker:Namespaces:0:Pattern", "*"),
        ]);
        await using var client = await WebSocketClient.ConnectAsync(node.Socket("/jsonrpc/channels"));
        await AskAsync(client, 1, "subscribe", "[\"chat\"]");
        var ingress = node.Services.GetRequiredService<LocalNode>().Ingress;

        await ingress.AskAsync(new Identity.Backend("test"), new NodeQuery.Broadcast("default", "{\"all\":1}"u8.ToArray(), OncePerClient: false));

        (await client.ReceiveTextAsync()).ShouldBe("""{"id":null,"method":"broadcast","params":["chat",{"all":1}]}""");
    }

    private static async Task<JsonElement> AskAsync(WebSocketClient client, int id, string method, string parameters)
    {
        await client.SendAsync($$"""{"id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        var answer = await client.ReceiveAsync();
        answer.GetProperty("id").GetInt32().ShouldBe(id);
        return answer;
    }

    private static async Task<string?> ErrorAsync(WebSocketClient client, string method, string parameters) =>
        (await AskAsync(client, 9, method, parameters)).GetProperty("error").GetString();
}
