namespace Broker.Node.Tests.JsonRpc;

/// <summary>The protocol's test vectors, each by its number, over sockets. That nothing comes is seen by what comes next.</summary>
[Trait("Needs", "server")]
public sealed class JsonRpcVectorsTests(VectorNode node) : IClassFixture<VectorNode>
{
    [Theory]
    [InlineData("01", """{"id":1,"method":"hello","params":["a"]}""", """{"id":1,"result":["hi, a"],"error":null}""")]
    [InlineData("04", """{"id":0,"method":"hello","params":["a"]}""", """{"id":0,"result":["hi, a"],"error":null}""")]
    [InlineData("05", """{"id":"","method":"hello","params":["a"]}""", """{"id":"","result":["hi, a"],"error":null}""")]
    [InlineData("06", """{"id":"x","method":"hello","params":["a"]}""", """{"id":"x","result":["hi, a"],"error":null}""")]
    [InlineData("07", """{"id":[1],"method":"hello","params":["a"]}""", """{"id":[1],"result":["hi, a"],"error":null}""")]
    [InlineData("08", """{"id":2,"method":"fail","params":[]}""", """{"id":2,"result":null,"error":"boom"}""")]
    [InlineData("10", """{"id":3,"method":"opt","params":[1]}""", """{"id":3,"result":[1,2],"error":null}""")]
    [InlineData("11", """{"id":4,"method":"fail"}""", """{"id":4,"result":null,"error":"boom"}""")]
    [InlineData("12", """{"id":5,"method":"noret","params":[]}""", """{"id":5,"result":null,"error":"no result"}""")]
    [InlineData("14", """{"id":6,"method":"nope","params":[]}""", """{"id":6,"result":null,"error":"unknown method: nope"}""")]
    [InlineData("19", """{"id":10,"method":"hello","params":[1,2,3]}""", """{"id":10,"result":null,"error":"invalid params"}""")]
    [InlineData("20", """{"id":11,"method":"hello","params":{"name":"bob"}}""", """{"id":11,"result":null,"error":"invalid params"}""")]
    [InlineData("21", """{"id":12,"method":"boom","params":[]}""", """{"id":12,"result":null,"error":"internal error"}""")]
    [InlineData("30", """{"id":13,"method":"hello","params":["a"],"extra":1}""", """{"id":13,"result":["hi, a"],"error":null}""")]
    public async Task Vector_OfARequest_IsAnswered(string number, string request, string response)
    {
        await using var c = await node.Node.ConnectAsync();

        (await c.AskAsync(request)).ShouldBe(response, number);

        await c.ShouldBeSilentAsync();
    }

    [Theory]
    [InlineData("02", """{"id":null,"method":"hello","params":["a"]}""", "hello null")]
    [InlineData("03", """{"method":"hello","params":["a"]}""", "hello null")]
    [InlineData("09", """{"id":null,"method":"fail","params":[]}""", null)]
    [InlineData("13", """{"method":"noret","params":[]}""", "noret")]
    [InlineData("15", """{"method":"nope","params":[]}""", null)]
    [InlineData("28", """{"id":99,"result":"x","error":null}""", null)]
    public async Task Vector_OfWhatIsNotAnswered_IsSilence(string number, string message, string? did)
    {
        await using var c = await node.Node.ConnectAsync();
        await c.SendAsync(message);

        await c.ShouldBeSilentAsync();

        c.Service.Rest().ShouldBe(did is null ? ["opened"] : ["opened", did], number);
    }

    [Theory]
    [InlineData("16", """{"id":7,"method":"_secret","params":[]}""", 7)]
    [InlineData("17", """{"id":8,"method":"_onclose","params":[]}""", 8)]
    [InlineData("18", """{"id":9,"method":"_notify","params":["x",[]]}""", 9)]
    public async Task Vector_OfAPrivateName_IsRefused(string number, string request, int id)
    {
        await using var c = await node.Node.ConnectAsync();

        (await c.AskAsync(request)).ShouldBe($$"""{"id":{{id}},"result":null,"error":"method names cannot start with _"}""", number);

        await c.ShouldBeSilentAsync();
        c.Service.Rest().ShouldBe(["opened"]);
    }

    [Theory]
    [InlineData("22", "{bad", 1007, "error decoding json")]
    [InlineData("23", """[{"id":1,"method":"hello","params":["a"]}]""", 1002, null)]
    [InlineData("24", "5", 1002, null)]
    [InlineData("25", "{}", 1002, null)]
    [InlineData("26", """{"id":1,"method":""}""", 1002, null)]
    [InlineData("27", """{"id":1,"method":5}""", 1002, null)]
    [InlineData("29", """{"result":"x"}""", 1002, null)]
    public async Task Vector_OfWhatIsNoMessage_IsClosedWithoutAFrame(string number, string message, int code, string? error)
    {
        await using var c = await node.Node.ConnectAsync();
        await c.SendAsync(message);

        await c.ShouldBeClosedAsync(code);

        (await c.Service.NextAsync()).ShouldBe("opened");
        (await c.Service.NextAsync()).ShouldBe("closed " + (error ?? "could not find 'method' or 'result' in message"), number);
        c.Service.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Vector_31_TwoRequestsAtOnce_AreAnsweredInOrder()
    {
        await using var c = await node.Node.ConnectAsync();
        await c.SendAsync("""{"id":1,"method":"hello","params":["a"]}""");
        await c.SendAsync("""{"id":2,"method":"hello","params":["b"]}""");

        (await c.NextAsync()).ShouldBe("""{"id":1,"result":["hi, a"],"error":null}""");
        (await c.NextAsync()).ShouldBe("""{"id":2,"result":["hi, b"],"error":null}""");
    }

    [Fact]
    public async Task Vector_32_WhatAMethodSends_ComesBeforeItsAnswer()
    {
        await using var c = await node.Node.ConnectAsync();

        await AskedAsync(c);
    }

    [Theory]
    [InlineData("33", """{"id":1,"result":"yo","error":null}""", "cb(\"yo\", null)")]
    [InlineData("35", """{"id":1,"result":null,"error":"bad"}""", "cb(null, \"bad\")")]
    [InlineData("36", """{"id":1,"result":0,"error":null}""", "cb(0, null)")]
    [InlineData("37", """{"id":1,"result":"yo"}""", "cb(\"yo\", null)")]
    public async Task Vector_OfAnAnswer_RunsTheCallbackOnce(string number, string response, string did)
    {
        await using var c = await node.Node.ConnectAsync();
        await AskedAsync(c);
        await c.SendAsync(response);

        (await c.Service.NextAsync()).ShouldBe(did, number);

        // 34: the same again.
        await c.SendAsync(response);
        await c.ShouldBeSilentAsync();
        c.Service.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Vector_38_AClose_FailsWhatWaits()
    {
        await using var c = await node.Node.ConnectAsync();
        await AskedAsync(c);
        await c.Socket.CloseAsync();

        string[] did = [await c.Service.NextAsync(), await c.Service.NextAsync()];

        did.ShouldBe(["cb(null, \"connection closed\")", "closed null"], ignoreOrder: true);
        c.Service.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Vector_39_MoreRequestsThanMayWait_LoseTheOldest()
    {
        await using var c = await node.Node.ConnectAsync();
        await c.SendAsync("""{"method":"ask_many","params":[33]}""");
        for (var i = 1; i <= 33; i++)
        {
            (await c.NextAsync()).ShouldBe($$"""{"id":{{i}},"method":"q","params":[{{i}}]}""");
        }

        for (var i = 1; i <= 33; i++)
        {
            await c.SendAsync($$"""{"id":{{i}},"result":{{i}},"error":null}""");
        }

        (await c.Service.NextAsync()).ShouldBe("opened");
        var did = new List<string>();
        for (var i = 1; i <= 33; i++)
        {
            did.Add(await c.Service.NextAsync());
        }

        did.ShouldBe(["cb1 dropped", .. Enumerable.Range(2, 32).Select(i => $"cb{i}({i}, null)")], ignoreOrder: true);
    }

    [Fact]
    public async Task Vector_40_WhatOpeningSends_ComesFirst()
    {
        await using var c = await node.Node.ConnectAsync(prefix: "greet");
        await c.SendAsync("""{"id":1,"method":"hello","params":["a"]}""");

        (await c.NextAsync()).ShouldBe("""{"id":null,"method":"hello","params":["me"]}""");
    }

    [Fact]
    public async Task Vector_41_EachConnection_HasItsOwnInstanceAndNumbers()
    {
        await using var one = await node.Node.ConnectAsync();
        await using var other = await node.Node.ConnectAsync();

        await AskedAsync(one);
        await AskedAsync(other);
    }

    [Theory]
    [InlineData("12", """{"id":5,"method":"noret","params":[]}""", 1011, "no result")]
    [InlineData("14", """{"id":6,"method":"nope","params":[]}""", 1002, "unknown method: nope")]
    [InlineData("15", """{"method":"nope","params":[]}""", 1002, "unknown method: nope")]
    [InlineData("16", """{"id":7,"method":"_secret","params":[]}""", 1002, "method names cannot start with _")]
    [InlineData("19", """{"id":10,"method":"hello","params":[1,2,3]}""", 1002, "invalid params")]
    [InlineData("21", """{"id":12,"method":"boom","params":[]}""", 1011, "internal error")]
    public async Task Vector_42_WhereCallErrorsClose_NothingIsAnswered(string number, string message, int code, string error)
    {
        await using var closing = await ServicesNode.StartAsync(("Broker:JsonRpc:CloseOnCallError", "true"));
        await using var c = await closing.ConnectAsync();
        await c.SendAsync(message);
        await c.SendAsync("""{"id":"never","method":"opt","params":[1]}""");

        await c.ShouldBeClosedAsync(code);

        (await c.Service.NextAsync()).ShouldBe("opened");
        var did = await c.Service.NextAsync();
        (did == "noret" ? await c.Service.NextAsync() : did).ShouldBe("closed " + error, number);
    }

    /// <summary>Vector 32, where the others of a server's requests begin.</summary>
    private static async Task AskedAsync(ServiceClient c)
    {
        await c.SendAsync("""{"id":1,"method":"ask","params":[]}""");
        (await c.NextAsync()).ShouldBe("""{"id":null,"method":"n","params":[2]}""");
        (await c.NextAsync()).ShouldBe("""{"id":1,"method":"q","params":[1]}""");
        (await c.NextAsync()).ShouldBe("""{"id":1,"result":1,"error":null}""");
        (await c.Service.NextAsync()).ShouldBe("opened");
    }
}
