using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Broker.Actors.Dialects.RocketWs;

namespace Broker.TestKit.RocketWs;

/// <summary>
/// The protocol's test vectors, each by its number: A, B and C are WebSocket clients, T is the message source. Whatever
/// speaks RocketWS inherits them. That nothing comes is seen by what comes next.
/// </summary>
public abstract class RocketWsVectors
{
    private static readonly RocketWsOptions V02 = new();
    private static readonly RocketWsOptions V01 = new() { Version = "0.1" };

    /// <summary>Starts a server without any channel; whoever asked ends it.</summary>
    protected abstract Task<IRocketWsServer> StartAsync(RocketWsOptions options);

    [Fact]
    public async Task Vector_01_Subscribe()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await a.SendAsync("""{"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"channel":"chat"}}""");
        await ExpectAsync(a, """{"jsonrpc":"2.0","result":"subscribed","id":0}""");
    }

    [Fact]
    public async Task Vector_02_SubscribeTwice_DeliversOnce()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await CallAsync(a, "subscribe", """{"channel":"chat"}""", "1");
        await ExpectResultAsync(a, "\"subscribed\"", "1");
        await EmitAsync(server, "chat", """{"n":1}""", expectedReceivers: 1);
        await EmitAsync(server, "chat", """{"n":2}""", expectedReceivers: 1);
        await ExpectPushAsync(a, """{"n":1}""");
        await ExpectPushAsync(a, """{"n":2}""");
    }

    [Fact]
    public async Task Vector_03_Unsubscribe()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await CallAsync(a, "unsubscribe", """{"channel":"chat"}""");
        await ExpectResultAsync(a, "\"unsubscribed\"");
        await EmitAsync(server, "chat", "{}", expectedReceivers: 0);
    }

    [Fact]
    public async Task Vector_04_UnsubscribeFromNothing()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "unsubscribe", """{"channel":"never"}""", "2");
        await ExpectResultAsync(a, "\"unsubscribed\"", "2");
    }

    [Fact]
    public async Task Vector_05_SendData_ReachesTheOthers()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        var b = await JoinAsync(server, "chat");
        await CallAsync(a, "send_data", """{"channel":"chat","data":{"message":"hola!"}}""");
        await ExpectPushAsync(b, """{"message":"hola!"}""");
        await ExpectResultAsync(a, "\"emitted: 1\"");
        await EmitAsync(server, "chat", """{"fence":1}""", expectedReceivers: 2);
        await ExpectPushAsync(a, """{"fence":1}""");
    }

    [Fact]
    public async Task Vector_06_SendData_Alone()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await CallAsync(a, "send_data", """{"channel":"chat","data":{}}""");
        await ExpectResultAsync(a, "\"emitted: 0\"");
    }

    [Fact]
    public async Task Vector_07_SendData_ByANonSubscriber()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        var b = await JoinAsync(server, "chat");
        await CallAsync(a, "send_data", """{"channel":"chat","data":{"m":1}}""");
        var error = await ExpectErrorAsync(a, -32000, "Server error");
        error["data"]!["type"]!.GetValue<string>().ShouldBe("RPCMethodError");
        error["data"]!["message"]!.GetValue<string>().ShouldEndWith("is not a subscriber of the channel `chat`");
        await EmitAsync(server, "chat", """{"fence":1}""", expectedReceivers: 1);
        await ExpectPushAsync(b, """{"fence":1}""");
    }

    [Fact]
    public async Task Vector_08_SendData_OfText()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await CallAsync(a, "send_data", """{"channel":"chat","data":"str"}""");
        var error = await ExpectErrorAsync(a, -32000, "Server error");
        error["data"]!["type"]!.GetValue<string>().ShouldBe("ValueError");
        error["data"]!["message"]!.GetValue<string>().ShouldBe("emit: passed data is not a dict-like: str");
        error["data"]!["args"]!.ToJsonString().ShouldBe("""["emit: passed data is not a dict-like: str"]""");
    }

    [Fact]
    public async Task Vector_09_SendData_WithoutData()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await CallAsync(a, "send_data", """{"channel":"chat"}""");
        await ExpectErrorAsync(a, -32602, "Invalid params");
    }

    [Fact]
    public async Task Vector_10_Subscribe_WithoutChannel()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "subscribe", "{}", "3");
        await ExpectErrorAsync(a, -32602, "Invalid params", "3");
    }

    [Fact]
    public async Task Vector_11_Subscribe_WithAnUnknownParameter()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "subscribe", """{"channel":"chat","x":1}""");
        await ExpectErrorAsync(a, -32602, "Invalid params");
    }

    [Fact]
    public async Task Vector_12_UnknownMethod()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "nope", "{}", "4");
        await ExpectErrorAsync(a, -32601, "Method not found", "4");
    }

    [Fact]
    public async Task Vector_13_Emit_IsNoMethodOfWebSockets()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "emit", """{"channel":"chat","data":{}}""", "5");
        await ExpectErrorAsync(a, -32601, "Method not found", "5");
    }

    [Fact]
    public async Task Vector_14_NotJson()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await a.SendAsync("{bad");
        await ExpectAsync(a, """{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}""");
        await ExpectOpenAsync(a);
    }

    [Fact]
    public Task Vector_15_WithoutMethod() => InvalidAsync("""{"jsonrpc":"2.0","params":{}}""");

    [Fact]
    public Task Vector_16_ANumber() => InvalidAsync("1");

    [Fact]
    public Task Vector_17_AFifthMember() =>
        InvalidAsync("""{"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"channel":"chat"},"extra":1}""");

    [Fact]
    public Task Vector_18_AFractionAsId() =>
        InvalidAsync("""{"jsonrpc":"2.0","id":1.5,"method":"subscribe","params":{"channel":"chat"}}""");

    [Fact]
    public async Task Vector_19_Notification()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await a.SendAsync("""{"jsonrpc":"2.0","method":"subscribe","params":{"channel":"n"}}""");
        await CallAsync(a, "send_data", """{"channel":"n","data":{}}""", "1");
        await ExpectResultAsync(a, "\"emitted: 0\"", "1");
        await ExpectOpenAsync(a);
    }

    [Fact]
    public async Task Vector_20_NullAsId()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "subscribe", """{"channel":"chat"}""", "null");
        await ExpectAsync(a, """{"jsonrpc":"2.0","result":"subscribed","id":null}""");
    }

    [Fact]
    public async Task Vector_21_TextAsId()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "subscribe", """{"channel":"chat"}""", "\"x\"");
        await ExpectAsync(a, """{"jsonrpc":"2.0","result":"subscribed","id":"x"}""");
    }

    [Fact]
    public async Task Vector_22_Heartbeat()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await a.SendAsync("""{"jsonrpc":"2.0","id":6,"method":"heartbeat"}""");
        await ExpectResultAsync(a, """{"heartbeat":"ok"}""", "6");
    }

    [Fact]
    public async Task Vector_23_Batch()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await a.SendAsync(
            """[{"jsonrpc":"2.0","id":1,"method":"heartbeat","params":{}},{"jsonrpc":"2.0","method":"heartbeat","params":{}},{"jsonrpc":"2.0","id":2,"method":"nope"}]""");
        await ExpectAsync(
            a,
            """[{"jsonrpc":"2.0","result":{"heartbeat":"ok"},"id":1},{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":2}]""");
    }

    [Fact]
    public Task Vector_24_AnEmptyBatch() => InvalidAsync("[]");

    [Fact]
    public async Task Vector_25_AnAddressIsIgnored()
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await CallAsync(a, "subscribe", """{"channel":"chat","address":["1.2.3.4",9]}""");
        await ExpectResultAsync(a, "\"subscribed\"");
        await EmitAsync(server, "chat", """{"n":1}""", expectedReceivers: 1);
        await ExpectPushAsync(a, """{"n":1}""");
        (await SubscribersAsync(server, "total_subscribers", """{"channel":"chat"}""")).ShouldHaveSingleItem().ShouldNotContain("1.2.3.4");
    }

    [Fact]
    public async Task Vector_26_Emit()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        var b = await JoinAsync(server, "chat");
        await EmitAsync(server, "chat", """{"message":"hola!"}""", expectedReceivers: 2);
        await ExpectPushAsync(a, """{"message":"hola!"}""");
        await ExpectPushAsync(b, """{"message":"hola!"}""");
    }

    [Fact]
    public async Task Vector_27_Emit_ToAnUnknownChannel()
    {
        await using var server = await StartAsync(V02);
        await EmitAsync(server, "none", "{}", expectedReceivers: 0);
        await ExpectPostAsync(server, Request("available_channels", "{}"), Result("[]"));
    }

    [Fact]
    public async Task Vector_28_Emit_OfDataWithOurNames()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await EmitAsync(server, "chat", """{"__type":"mine","__ts":"x","type":"t"}""", expectedReceivers: 1);
        await ExpectPushAsync(a, """{"type":"t"}""");
    }

    [Fact]
    public async Task Vector_29_NotifyAll_OncePerSubscription()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat", "c2");
        var b = await JoinAsync(server, "chat");
        var c = await server.ConnectAsync();
        await ExpectPostAsync(server, Request("notify_all", """{"data":{"message":"sys"}}"""), Result("\"notified: 3\""));
        await ExpectPushAsync(a, """{"message":"sys"}""", "broadcast");
        await ExpectPushAsync(a, """{"message":"sys"}""", "broadcast");
        await ExpectPushAsync(b, """{"message":"sys"}""", "broadcast");
        await ExpectOpenAsync(a);
        await ExpectOpenAsync(b);
        await ExpectOpenAsync(c);
    }

    [Fact]
    public async Task Vector_30_NotifyAll_OfAnArray()
    {
        await using var server = await StartAsync(V02);
        var answer = await PostAsync(server, Request("notify_all", """{"data":[1]}"""));
        answer["error"]!["code"]!.GetValue<int>().ShouldBe(-32000);
        answer["error"]!["data"]!["message"]!.GetValue<string>().ShouldBe("notify_all: passed data is not dict-like: [1]");
    }

    [Fact]
    public async Task Vector_31_TotalSubscribers_OncePerSubscription()
    {
        await using var server = await StartAsync(V02);
        await JoinAsync(server, "chat", "c2");
        var pairs = await SubscribersAsync(server, "total_subscribers", "{}");
        pairs.Length.ShouldBe(2);
        pairs[0].ShouldBe(pairs[1]);
        var pair = JsonNode.Parse(pairs[0])!.AsArray();
        pair.Count.ShouldBe(2);
        pair[0]!.GetValueKind().ShouldBe(JsonValueKind.String);
        pair[1]!.GetValue<int>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Vector_32_TotalSubscribers_OfAnUnknownChannel()
    {
        await using var server = await StartAsync(V02);
        await JoinAsync(server, "chat");
        await ExpectPostAsync(server, Request("total_subscribers", """{"channel":"zip"}"""), Result("[]"));
    }

    [Fact]
    public async Task Vector_33_AvailableChannels()
    {
        await using var server = await StartAsync(V02);
        await JoinAsync(server, "chat");
        await ExpectPostAsync(server, Request("available_channels", "{}"), Result("""["chat"]"""));
        await ExpectPostAsync(server, """{"jsonrpc":"2.0","id":0,"method":"available_channels"}""", Result("""["chat"]"""));
    }

    [Fact]
    public async Task Vector_34_AvailableChannels_AfterTheLastHasGone()
    {
        await using var server = await StartAsync(V02);
        var a = await JoinAsync(server, "chat");
        await a.CloseAsync();

        // The close has no answer that says when the channel is gone: asked again until it is.
        var deadline = DateTime.UtcNow.AddSeconds(5);
        JsonNode answer;
        do
        {
            answer = await PostAsync(server, Request("available_channels", "{}"));
        }
        while (answer["result"]!.AsArray().Count > 0 && DateTime.UtcNow < deadline);

        ShouldBeSame(answer, Result("[]"));
    }

    [Fact]
    public async Task Vector_35_Ping()
    {
        await using var server = await StartAsync(V02);
        await ExpectPostAsync(server, """{"jsonrpc":"2.0","id":0,"method":"ping"}""", Result("""{"ping":"ok"}"""));
    }

    [Fact]
    public async Task Vector_36_ANotification_HasNoContent()
    {
        await using var server = await StartAsync(V02);
        var answer = await server.RequestAsync("POST", "/", """{"jsonrpc":"2.0","method":"ping"}""");
        answer.Status.ShouldBe(204);
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Vector_37_Batch()
    {
        await using var server = await StartAsync(V02);
        await ExpectPostAsync(
            server,
            """[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"ping"},{"jsonrpc":"2.0","id":2,"method":"nope"}]""",
            """[{"jsonrpc":"2.0","result":{"ping":"ok"},"id":1},{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":2}]""");
    }

    [Fact]
    public async Task Vector_38_Batch_WithAMemberThatIsNoRequest()
    {
        await using var server = await StartAsync(V02);
        await ExpectPostAsync(
            server,
            """[{"jsonrpc":"2.0","id":1,"method":"ping"},1]""",
            """[{"jsonrpc":"2.0","result":{"ping":"ok"},"id":1},{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request"},"id":null}]""");
    }

    [Fact]
    public async Task Vector_39_Version1()
    {
        await using var server = await StartAsync(V02);
        await ExpectPostAsync(
            server, """{"id":1,"method":"ping","params":[]}""", """{"result":{"ping":"ok"},"error":null,"id":1}""");
    }

    [Fact]
    public async Task Vector_40_Subscribe_IsNoMethodOfTheSource()
    {
        await using var server = await StartAsync(V02);
        await ExpectPostAsync(
            server,
            Request("subscribe", """{"channel":"chat"}"""),
            """{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":0}""");
    }

    [Fact]
    public async Task Vector_41_AnEmptyBody()
    {
        await using var server = await StartAsync(V02);
        await ExpectPostAsync(server, "", """{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}""");
    }

    [Fact]
    public async Task Vector_42_OtherMethodsAndPaths()
    {
        await using var server = await StartAsync(V02);
        (await server.RequestAsync("GET", "/", "")).Status.ShouldBe(405);
        (await server.RequestAsync("POST", "/x", Request("ping", "{}"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Vector_43_LegacyReplyText()
    {
        await using var server = await StartAsync(new RocketWsOptions { LegacyReplyText = true });
        var answer = await server.RequestAsync("POST", "/", Request("ping", "{}"));
        answer.Status.ShouldBe(200);
        answer.ContentType.ShouldBe("text/html; charset=utf-8");
        answer.Body.ShouldContain("'result': {'ping': 'ok'}");
    }

    [Fact]
    public async Task Vector_44_Version01_TheSenderHearsItself()
    {
        await using var server = await StartAsync(V01);
        var a = await JoinAsync(server, "chat");
        var b = await JoinAsync(server, "chat");
        await CallAsync(a, "send_data", """{"channel":"chat","data":{"message":"hola!"}}""");
        await ExpectAsync(a, """{"message":"hola!","type":"message"}""");
        await ExpectAsync(b, """{"message":"hola!","type":"message"}""");
        await ExpectResultAsync(a, "\"emitted: 2\"");
    }

    [Fact]
    public async Task Vector_45_Version01_Emit()
    {
        await using var server = await StartAsync(V01);
        var a = await JoinAsync(server, "chat");
        await EmitAsync(server, "chat", """{"type":"mine"}""", expectedReceivers: 1);
        await ExpectAsync(a, """{"type":"message"}""");
    }

    [Fact]
    public async Task Vector_46_Version01_NotifyAll()
    {
        await using var server = await StartAsync(V01);
        var a = await JoinAsync(server, "chat");
        await ExpectPostAsync(server, Request("notify_all", """{"data":{"m":1}}"""), Result("\"notified: 1\""));
        await ExpectAsync(a, """{"m":1,"type":"broadcast"}""");
    }

    [Fact]
    public async Task Vector_47_Version01_GetSubscribers()
    {
        await using var server = await StartAsync(V01);
        await JoinAsync(server, "chat");
        (await SubscribersAsync(server, "get_subscribers", """{"channel":"chat"}""")).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Vector_48_Version01_HasNoPing()
    {
        await using var server = await StartAsync(V01);
        await ExpectPostAsync(
            server, Request("ping", "{}"), """{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":0}""");
    }

    private static string Request(string method, string parameters, string id = "0") =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";

    private static string Result(string result, string id = "0") => $$"""{"jsonrpc":"2.0","result":{{result}},"id":{{id}}}""";

    private static async Task<IRocketWsClient> JoinAsync(IRocketWsServer server, params string[] channels)
    {
        var client = await server.ConnectAsync();
        foreach (var channel in channels)
        {
            await CallAsync(client, "subscribe", $$"""{"channel":"{{channel}}"}""");
            await ExpectResultAsync(client, "\"subscribed\"");
        }

        return client;
    }

    private static Task CallAsync(IRocketWsClient client, string method, string parameters, string id = "0") =>
        client.SendAsync(Request(method, parameters, id));

    private static async Task<JsonNode> ReceiveAsync(IRocketWsClient client) => JsonNode.Parse(await client.ReceiveAsync())!;

    private static async Task ExpectAsync(IRocketWsClient client, string expected) => ShouldBeSame(await ReceiveAsync(client), expected);

    private static Task ExpectResultAsync(IRocketWsClient client, string result, string id = "0") => ExpectAsync(client, Result(result, id));

    private static async Task<JsonNode> ExpectErrorAsync(IRocketWsClient client, int code, string message, string id = "0")
    {
        var reply = await ReceiveAsync(client);
        (reply["id"]?.ToJsonString() ?? "null").ShouldBe(id);
        reply["error"]!["code"]!.GetValue<int>().ShouldBe(code);
        reply["error"]!["message"]!.GetValue<string>().ShouldBe(message);
        return reply["error"]!;
    }

    /// <summary>A push of version 0.2: the data with the type, and a time within a few seconds of the server's clock.</summary>
    private async Task ExpectPushAsync(IRocketWsClient client, string data, string type = "message")
    {
        var push = (await ReceiveAsync(client)).AsObject();
        var seconds = push["__ts"].ShouldNotBeNull().GetValue<long>();
        Math.Abs(seconds - UnixSeconds).ShouldBeLessThanOrEqualTo(5, push.ToJsonString());
        push.Remove("__ts");
        var expected = JsonNode.Parse(data)!.AsObject();
        expected["__type"] = type;
        ShouldBeSame(push, expected.ToJsonString());
    }

    /// <summary>The connection answers, and nothing else has come.</summary>
    private static async Task ExpectOpenAsync(IRocketWsClient client)
    {
        await CallAsync(client, "heartbeat", "{}", "\"open?\"");
        await ExpectResultAsync(client, """{"heartbeat":"ok"}""", "\"open?\"");
    }

    private async Task InvalidAsync(string text)
    {
        await using var server = await StartAsync(V02);
        var a = await server.ConnectAsync();
        await a.SendAsync(text);
        await ExpectAsync(a, """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request"},"id":null}""");
        await ExpectOpenAsync(a);
    }

    private static async Task<JsonNode> PostAsync(IRocketWsServer server, string body)
    {
        var answer = await server.RequestAsync("POST", "/", body);
        answer.Status.ShouldBe(200);
        answer.ContentType.ShouldNotBeNull().ShouldStartWith("application/json");
        return JsonNode.Parse(answer.Body)!;
    }

    private static async Task ExpectPostAsync(IRocketWsServer server, string body, string expected) =>
        ShouldBeSame(await PostAsync(server, body), expected);

    private static Task EmitAsync(IRocketWsServer server, string channel, string data, int expectedReceivers) => ExpectPostAsync(
        server,
        Request("emit", $$"""{"channel":"{{channel}}","data":{{data}}}"""),
        Result(string.Create(CultureInfo.InvariantCulture, $"\"emitted: {expectedReceivers}\"")));

    private static async Task<string[]> SubscribersAsync(IRocketWsServer server, string method, string parameters) =>
        [.. (await PostAsync(server, Request(method, parameters)))["result"]!.AsArray().Select(pair => pair!.ToJsonString())];

    private static void ShouldBeSame(JsonNode actual, string expected) =>
        JsonNode.DeepEquals(actual, JsonNode.Parse(expected)).ShouldBeTrue($"{actual.ToJsonString()} should be {expected}");

    /// <summary>The server's clock.</summary>
    protected virtual long UnixSeconds => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
