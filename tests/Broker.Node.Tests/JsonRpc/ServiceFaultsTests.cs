using System.Globalization;
using Broker.Actors;
using Broker.Node.Tests.Campaign;
using Broker.TestKit.WebSockets;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Node.Tests.JsonRpc;

/// <summary>What a service, or its client, does wrong costs the call that did it, and leaves nothing behind.</summary>
[Trait("Needs", "server")]
public sealed class ServiceFaultsTests
{
    private const string InternalError = """{"id":1,"result":null,"error":"internal error"}""";

    public static TheoryData<string> States { get; } =
    [
        "",                                                    // nothing asked
        """{"method":"hang"}""",                               // a call that runs
        """{"id":1,"method":"ask_back","params":[1]}""",       // a call that waits for its client
        """{"method":"flood","params":[1000,300]}""",          // a client that does not read
    ];

    [Theory]
    [InlineData("cycle", "[]")]
    [InlineData("broken", "[]")]
    [InlineData("long", "[600000]")]
    [InlineData("null_task", "[]")]
    [InlineData("throw_later", "[]")]
    public async Task Method_ThatGivesGarbageOrThrows_CostsItsOwnCall(string method, string parameters)
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");

        (await client.AskAsync($$"""{"id":1,"method":"{{method}}","params":{{parameters}}}""")).ShouldBe(InternalError);

        await client.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task Method_ThatGivesNoResultForOne_SaysSo()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");

        (await client.AskAsync("""{"id":1,"method":"null_result"}""")).ShouldBe("""{"id":1,"result":null,"error":"no result"}""");
    }

    [Theory]
    [InlineData("block")]
    [InlineData("hang")]
    public async Task Method_ThatTakesTooLong_IsAnsweredForAndTheNextRuns(string method)
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:CallTime", "00:00:01"));
        await using var client = await node.ConnectAsync("faulty");
        await using var other = await node.ConnectAsync("faulty");
        await client.SendAsync($$"""{"id":1,"method":"{{method}}"}""");
        await client.SendAsync("""{"id":2,"method":"opt","params":[1]}""");
        await other.ShouldBeSilentAsync();

        (await client.NextAsync()).ShouldBe("""{"id":1,"result":null,"error":"the call took too long"}""");
        (await client.NextAsync()).ShouldBe("""{"id":2,"result":[1,2],"error":null}""");

        Met(node, Limit.CallTime).ShouldBe(1);
        if (method == "hang")
        {
            (await client.Service.NextAsync()).ShouldBe("cancelled");
        }
    }

    [Theory]
    [InlineData("bad")]
    [InlineData("slow")]
    public async Task Opening_ThatFailsOrHangs_ClosesAndIsToldOnce(string prefix)
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:CallTime", "00:00:00.200"));
        await using var client = await node.ConnectAsync("faulty", prefix);
        await client.SendAsync("""{"method":"note","params":[1]}""");

        await client.ShouldBeClosedAsync(1011);

        (await client.Service.NextAsync()).ShouldBe("closed null");
        await node.Service("faulty").WhenEmpty();
        client.Service.Rest().ShouldBeEmpty();
    }

    [Fact]
    public async Task Closing_ThatFails_LeavesNothing()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty", "cross");
        await client.ShouldBeSilentAsync();
        await client.Socket.CloseAsync();

        await ShouldBeEmptyAsync(node);
    }

    [Fact]
    public async Task Answer_OfTheClient_ComesWhileTheMethodThatAskedRuns()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");

        (await client.AskAsync("""{"id":"a","method":"ask_back","params":[21]}""")).ShouldBe("""{"id":1,"method":"double","params":[21]}""");
        (await client.AskAsync("""{"id":1,"result":42,"error":null}""")).ShouldBe("""{"id":"a","result":42,"error":null}""");
        await client.AskAsync("""{"id":"b","method":"ask_back","params":[21]}""");
        (await client.AskAsync("""{"id":2,"result":"many"}""")).ShouldBe("""{"id":"b","result":null,"error":"not a number"}""");
    }

    [Fact]
    public async Task Answer_ThatDoesNotCome_IsNotWaitedForLongerThanAllowed()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:AnswerTime", "00:00:00.100"));
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"id":"a","method":"ask_back","params":[21]}""");
        await client.NextAsync();

        (await client.NextAsync()).ShouldBe("""{"id":"a","result":null,"error":"no answer in time"}""");
        await client.SendAsync("""{"id":1,"result":42,"error":null}""");
        await client.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task Request_WithAnIdAndATimeOfItsOwn_HasThem()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");

        (await client.AskAsync("""{"id":1,"method":"ask_for","params":[100]}""")).ShouldBe("""{"id":"mine","method":"never","params":[]}""");
        (await client.NextAsync()).ShouldBe("""{"id":1,"result":"TimedOut null","error":null}""");
        await client.AskAsync("""{"id":2,"method":"ask_for","params":[20000]}""");
        (await client.AskAsync("""{"id":"mine","result":[1]}""")).ShouldBe("""{"id":2,"result":"None [1]","error":null}""");
        (await client.AskAsync("""{"id":3,"method":"ask_back","params":[1]}""")).ShouldBe("""{"id":1,"method":"double","params":[1]}""");
    }

    [Fact]
    public async Task Method_ThatAnswersLater_IsAnsweredByHand()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");

        (await client.AskAsync("""{"id":[7],"method":"later"}""")).ShouldBe("""{"id":[7],"result":"later","error":null}""");
        await client.ShouldBeSilentAsync();
    }

    [Fact]
    public async Task Service_CanClose()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"method":"leave"}""");

        await client.ShouldBeClosedAsync(1000);
    }

    [Fact]
    public async Task Calls_MoreThanMayWait_AreReadLaterAndAllRun()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:QueuedCalls", "2"), ("Broker:JsonRpc:CallTime", "00:00:01"));
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"id":1,"method":"hang"}""");
        for (var i = 0; i < 20; i++)
        {
            await client.SendAsync($$"""{"method":"note","params":[{{i}}]}""");
        }

        (await client.NextAsync()).ShouldBe("""{"id":1,"result":null,"error":"the call took too long"}""");
        await client.ShouldBeSilentAsync();

        client.Service.Rest().Where(line => line != "cancelled").ShouldBe(Enumerable.Range(0, 20).Select(i => $"note {i}"));
        Met(node, Limit.QueuedCalls).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Bytes_MoreThanMayWait_AreReadLater()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:QueuedBytes", "1024"), ("Broker:JsonRpc:CallTime", "00:00:01"));
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"method":"hang"}""");
        for (var i = 0; i < 4; i++)
        {
            await client.SendAsync($$"""{"method":"note","params":[{{i}}],"padding":"{{new string('x', 1_000)}}"}""");
        }

        await client.ShouldBeSilentAsync();

        client.Service.Rest().Where(line => line != "cancelled").ShouldBe(Enumerable.Range(0, 4).Select(i => $"note {i}"));
        Met(node, Limit.QueuedCalls).ShouldBeGreaterThan(0);
    }

    /// <summary>It is read on then for the answer, which could not come else; what is no answer is one call too many.</summary>
    [Fact]
    public async Task Calls_MoreThanMayWait_WhileTheServiceWaitsForAnAnswer_Close()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:QueuedCalls", "2"));
        await using var client = await node.ConnectAsync("faulty");
        await client.AskAsync("""{"id":1,"method":"ask_back","params":[1]}""");
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("""{"method":"note","params":[1]}""");
        }

        await client.ShouldBeClosedAsync(3510);
        await ShouldBeEmptyAsync(node);
        Met(node, Limit.QueuedCalls).ShouldBe(1);
    }

    [Fact]
    public async Task Calls_AsManyAsMayWait_WhileTheServiceWaitsForAnAnswer_LetItThrough()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:JsonRpc:QueuedCalls", "2"));
        await using var client = await node.ConnectAsync("faulty");
        await client.AskAsync("""{"id":"a","method":"ask_back","params":[1]}""");
        await client.SendAsync("""{"method":"note","params":[1]}""");
        await client.SendAsync("""{"method":"note","params":[2]}""");

        (await client.AskAsync("""{"id":1,"result":2}""")).ShouldBe("""{"id":"a","result":2,"error":null}""");
        (await client.Service.NextAsync()).ShouldBe("note 1");
        (await client.Service.NextAsync()).ShouldBe("note 2");
    }

    /// <summary>A client that does not read, or a service that sends faster than the loop takes it: the same end.</summary>
    [Fact]
    public async Task Service_ThatSendsMoreThanItsClientTakes_LosesTheClient()
    {
        await using var node = await ServicesNode.StartAsync();
        using var raw = await RawClient.OpenAsync(node.Node.EndPoint(), "/jsonrpc/faulty?flooded", receiveBuffer: 4_096);
        await raw.SendAsync(ClientFrame.Text("""{"method":"flood","params":[100000,400]}"""));

        (await node.Recorders.Of("flooded").NextAsync()).ShouldBe("closed null");

        await ShouldBeEmptyAsync(node);
        Met(node, Limit.Outbox).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Answer_ThatRepeatsMoreThanMayWait_EndsTheConnection()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:Limits:FrameBytes", "65536"), ("Broker:Limits:OutboxBytes", "65536"));
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync($$"""{"id":1,"method":"{{new string('m', 40_000)}}"}""");

        await client.ShouldBeClosedAsync(3008);
        await ShouldBeEmptyAsync(node);
    }

    [Theory]
    [MemberData(nameof(States))]
    public async Task Connection_CutInAnyState_LeavesNothing(string sent)
    {
        await using var node = await ServicesNode.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"cut{i}");
            var raw = await RawClient.OpenAsync(node.Node.EndPoint(), "/jsonrpc/faulty?" + query);
            if (sent.Length > 0)
            {
                await raw.SendAsync(ClientFrame.Text(sent));
            }

            raw.Reset();
            raw.Dispose();
        }

        await ShouldBeEmptyAsync(node);

        for (var i = 0; i < 5; i++)
        {
            node.Recorders.Of(string.Create(CultureInfo.InvariantCulture, $"cut{i}")).Rest().Where(line => line != "cancelled").ShouldBe(["closed null"]);
        }
    }

    [Fact]
    public async Task Calls_SentBeforeTheClose_AreRun()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"method":"note","params":[1]}""");
        await client.SendAsync("""{"method":"note","params":[2]}""");
        await client.Socket.CloseAsync();

        (await client.Service.NextAsync()).ShouldBe("note 1");
        (await client.Service.NextAsync()).ShouldBe("note 2");
        (await client.Service.NextAsync()).ShouldBe("closed null");
    }

    [Fact]
    public async Task Calls_SentBeforeWhatIsNoMessage_AreAnswered()
    {
        await using var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"id":1,"method":"opt","params":[1]}""");
        await client.SendAsync("5");
        await client.SendAsync("""{"id":2,"method":"opt","params":[1]}""");

        (await client.NextAsync()).ShouldBe("""{"id":1,"result":[1,2],"error":null}""");
        await client.ShouldBeClosedAsync(1002);
    }

    [Fact]
    public async Task Binary_IsNotTaken()
    {
        await using var node = await ServicesNode.StartAsync();
        using var raw = await RawClient.OpenAsync(node.Node.EndPoint(), "/jsonrpc/faulty");
        await raw.SendAsync(ClientFrame.Binary([1, 2, 3]));

        (await raw.ReadToEndAsync()).ShouldBe(["close 1003"]);
    }

    [Fact]
    public async Task Depth_MoreThanAllowed_IsNoMessage()
    {
        await using var node = await ServicesNode.StartAsync(("Broker:Limits:JsonDepth", "8"));
        await using var client = await node.ConnectAsync("faulty");
        await client.SendAsync("""{"id":1,"method":"opt","params":[[[[[[[[[1]]]]]]]]]}""");

        await client.ShouldBeClosedAsync(1007);
        Met(node, Limit.JsonDepth).ShouldBe(1);
    }

    [Fact]
    public async Task Stop_WhileACallWaitsForItsClient_AnswersItAndTellsTheService()
    {
        var node = await ServicesNode.StartAsync();
        await using var client = await node.ConnectAsync("faulty");
        await client.AskAsync("""{"id":"a","method":"ask_back","params":[1]}""");

        var stopping = node.Node.StopAsync();

        (await client.NextAsync()).ShouldBe("""{"id":"a","result":null,"error":"connection closed"}""");
        await client.ShouldBeClosedAsync(1001);
        await stopping;
        (await client.Service.NextAsync()).ShouldBe("closed null");
        await node.DisposeAsync();
    }

    private static long Met(ServicesNode node, Limit limit) => node.Node.Services.GetRequiredService<LocalNode>().Counters.Limits[limit];

    private static async Task ShouldBeEmptyAsync(ServicesNode node)
    {
        await node.Node.WaitForSessionsAsync(0);
        await node.Service("faulty").WhenEmpty().WaitAsync(TimeSpan.FromSeconds(20));
        node.Service("faulty").Peers.Count.ShouldBe(0);
        node.Service("faulty").Running.ShouldBe(0);
    }
}
