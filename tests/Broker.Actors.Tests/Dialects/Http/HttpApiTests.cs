using System.Text;
using System.Text.Json;
using Broker.Actors.Dialects.Http;
using Broker.Actors.Loops;
using Broker.Actors.Rights;
using Broker.Messages;
using Broker.TestKit.Nodes;

namespace Broker.Actors.Tests.Dialects.Http;

public sealed class HttpApiTests : IDisposable
{
    private readonly TestNode _node = TestNode.Threaded(loops: 2);
    private readonly HttpApi _api;

    public HttpApiTests() => _api = new HttpApi(new HttpApiOptions { BatchEntries = 3, DataBytes = 16, JsonDepth = 4 }, _node.Node.Ingress);

    [Fact]
    public async Task Publish_ToOneChannel_AnswersWhereItStands()
    {
        var (problem, answer) = await CallAsync(_api.PublishAsync, """{"channel":"c","data":1}""");

        problem.ShouldBeNull();
        answer.GetProperty("offset").GetInt64().ShouldBe(1);
        answer.GetProperty("receivers").GetInt32().ShouldBe(0);
        Epoch.TryParse(answer.GetProperty("epoch").GetString(), out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Publish_CarriesTheDataAsItCame()
    {
        var reader = _node.Connect();
        reader.Subscribe("c");
        await reader.Lines.WaitForAsync("ok sub c @0");

        await CallAsync(_api.PublishAsync, """{"data": { "a":1e0 } , "event":"n","channel":"c"}""");

        await reader.Lines.WaitForAsync("""c#1 n={ "a":1e0 }""");
    }

    [Fact]
    public async Task Publish_ToSeveralChannels_AnswersForEach()
    {
        var (problem, answer) = await CallAsync(_api.PublishAsync, $$"""{"channels":["a","{{new string('x', 300)}}","b"],"data":1}""");

        problem.ShouldBeNull();
        var results = answer.GetProperty("results").EnumerateArray().ToArray();
        results.Select(result => result.TryGetProperty("offset", out _)).ShouldBe([true, false, true]);
        results[1].GetProperty("error").GetProperty("code").GetString().ShouldBe("invalid_channel");
    }

    [Fact]
    public async Task Batch_KeepsItsOrderInAChannel()
    {
        var reader = _node.Connect();
        reader.Subscribe("c");
        await reader.Lines.WaitForAsync("ok sub c @0");

        var (_, answer) = await CallAsync(_api.BatchAsync, """{"batch":[{"channel":"c","event":"e","data":1},{"channels":["c"],"event":"e","data":2},{"channel":"d","data":3}]}""");

        answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("offset").GetInt64()).ShouldBe([1, 2, 1]);
        await reader.Lines.WaitForAsync("c#2 e=2");
        reader.Events.ShouldBe(["c#1 e=1", "c#2 e=2"]);
    }

    [Fact]
    public async Task Publish_AgainWithTheSameKey_AnswersAsBefore()
    {
        const string body = """{"channel":"c","data":1,"idempotencyKey":"k"}""";

        var (_, first) = await CallAsync(_api.PublishAsync, body);
        var (_, second) = await CallAsync(_api.PublishAsync, body);

        second.GetRawText().ShouldBe(first.GetRawText());
    }

    [Theory]
    [InlineData("", "bad_json", null)]
    [InlineData("1", "bad_json", null)]
    [InlineData("[]", "bad_json", null)]
    [InlineData("""{"channel":"c","data":1}x""", "bad_json", null)]
    [InlineData("""{"channel":"c","data":}""", "bad_json", null)]
    [InlineData("""{"channel":"c","data":[[[[1]]]]}""", "bad_json", null)]
    [InlineData("""{"channel":"c"}""", "bad_parameter", "/data")]
    [InlineData("""{"data":1}""", "bad_parameter", "/channel")]
    [InlineData("""{"channel":7,"data":1}""", "bad_parameter", "/channel")]
    [InlineData("""{"channel":"\ud800","data":1}""", "bad_parameter", "/channel")]
    [InlineData("""{"channel":"c","channels":["d"],"data":1}""", "bad_parameter", "/channels")]
    [InlineData("""{"channels":"c","data":1}""", "bad_parameter", "/channels")]
    [InlineData("""{"channels":["c",7],"data":1}""", "bad_parameter", "/channels/1")]
    [InlineData("""{"channel":"c","data":1,"event":7}""", "bad_parameter", "/event")]
    [InlineData("""{"channel":"c","data":1,"idempotencyKey":7}""", "bad_parameter", "/idempotencyKey")]
    [InlineData("""{"channel":"c","data":1,"app":7}""", "bad_parameter", "/app")]
    [InlineData("""{"channel":"c","data":1,"a/b~":7}""", "bad_parameter", "/a~1b~0")]
    [InlineData("""{"channel":"c","data":"0123456789abcdef"}""", "data_too_large", "/data")]
    [InlineData("""{"channels":["a","b","c","d"],"data":1}""", "too_many_entries", "")]
    [InlineData("""{"channel":"c","data":1,"idempotencyKey":""}""", "invalid_idempotency_key", "/idempotencyKey")]
    [InlineData("""{"channel":"c","data":1,"app":"nowhere"}""", "unknown_app", "/app")]
    public async Task Publish_OfAMistake_SaysWhatAndWhere(string body, string code, string? pointer)
    {
        var (problem, _) = await CallAsync(_api.PublishAsync, body);

        problem.ShouldNotBeNull().Code.ShouldBe(code);
        problem.Pointer.ShouldBe(pointer);
    }

    [Theory]
    [InlineData("""{}""", "/batch")]
    [InlineData("""{"batch":{}}""", "/batch")]
    [InlineData("""{"batch":[1]}""", "/batch/0")]
    [InlineData("""{"batch":[{"channel":"c","data":1},{"channel":"c"}]}""", "/batch/1/data")]
    [InlineData("""{"batch":[{"channel":"c","data":1,"app":"default"}]}""", "/batch/0/app")]
    [InlineData("""{"batch":[{"channels":[7],"data":1}]}""", "/batch/0/channels/0")]
    public async Task Batch_OfAMistake_PublishesNothing(string body, string pointer)
    {
        var (problem, _) = await CallAsync(_api.BatchAsync, body);

        problem.ShouldNotBeNull().Pointer.ShouldBe(pointer);
        (await CallAsync(_api.PublishAsync, """{"channel":"c","data":1}""")).Answer.GetProperty("offset").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Body_ThatIsNotUtf8_IsRefused()
    {
        var answer = new PayloadWriter();

        var problem = await _api.PublishAsync(new ApiCall((byte[])[.. "{\"channel\":\"c\",\"data\":\""u8, 0xFF, .. "\"}"u8], null, new Known(Backend), answer));

        problem.ShouldNotBeNull().Code.ShouldBe("bad_json");
    }

    [Theory]
    [InlineData("""{"channel":"c","since":{"epoch":"x","offset":1}}""", "/since")]
    [InlineData("""{"channel":"c","limit":-1}""", "/limit")]
    [InlineData("""{"channel":"c","direction":"up"}""", "/direction")]
    public async Task History_OfAMistake_SaysWhere(string body, string pointer) =>
        (await CallAsync(_api.HistoryAsync, body)).Problem.ShouldNotBeNull().Pointer.ShouldBe(pointer);

    [Theory]
    [InlineData("""{}""", "/user")]
    [InlineData("""{"user":"u","code":1000}""", "/code")]
    [InlineData("""{"user":"u","code":"3020"}""", "/code")]
    [InlineData("""{"user":"u","reason":7}""", "/reason")]
    public async Task Disconnect_OfAMistake_SaysWhere(string body, string pointer) =>
        (await CallAsync(_api.DisconnectAsync, body)).Problem.ShouldNotBeNull().Pointer.ShouldBe(pointer);

    [Fact]
    public async Task Disconnect_WithAReasonThatNoFrameHolds_IsRefused() =>
        (await CallAsync(_api.DisconnectAsync, $$"""{"user":"u","reason":"{{new string('ü', 62)}}"}""")).Problem.ShouldNotBeNull().Pointer.ShouldBe("/reason");

    [Fact]
    public async Task OperatorsCommands_OfAUser_AreForbidden()
    {
        var user = new Known(new Identity.User("ann"));

        foreach (var (method, body) in new (Func<ApiCall, ValueTask<ApiProblem?>>, string)[]
        {
            (_api.ChannelsAsync, "{}"),
            (_api.DisconnectAsync, """{"user":"bob"}"""),
            (_api.UnsubscribeAsync, """{"user":"bob","channel":"c"}"""),
        })
        {
            (await CallAsync(method, body, user)).Problem.ShouldNotBeNull().Code.ShouldBe("forbidden");
        }
    }

    [Fact]
    public async Task Caller_WhoIsNobodyKnown_GetsItsProblem()
    {
        var (problem, _) = await CallAsync(_api.PublishAsync, """{"channel":"c","data":1}""", new Unknown());

        problem.ShouldBe(ApiProblem.InvalidCredentials);
    }

    [Fact]
    public async Task Publish_FasterThanItsCallerMay_IsNotDone()
    {
        var (problem, _) = await CallAsync(_api.PublishAsync, """{"channel":"c","data":1}""", new Known(Backend, publishes: 0));

        problem.ShouldBe(ApiProblem.TooManyRequests);
        var (_, history) = await CallAsync(_api.HistoryAsync, """{"channel":"c"}""");
        history.GetProperty("events").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Batch_FasterThanItsCallerMay_IsDoneAsFarAsItMay()
    {
        var (problem, answer) = await CallAsync(
            _api.BatchAsync, """{"batch":[{"channels":["a","b"],"data":1},{"channel":"c","data":2}]}""", new Known(Backend, publishes: 2));

        problem.ShouldBeNull();
        answer.GetProperty("results").EnumerateArray().Select(entry => entry.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : "")
            .ShouldBe(["", "", "too_many_requests"]);
    }

    public void Dispose() => _node.Dispose();

    private static Identity Backend { get; } = new Identity.Backend("tests");

    private static async Task<(ApiProblem? Problem, JsonElement Answer)> CallAsync(
        Func<ApiCall, ValueTask<ApiProblem?>> method, string body, IApiCaller? caller = null)
    {
        var answer = new PayloadWriter();
        var problem = await method(new ApiCall(Encoding.UTF8.GetBytes(body), App: null, caller ?? new Known(Backend), answer));
        return (problem, problem is null ? JsonDocument.Parse(answer.WrittenMemory.ToArray()).RootElement : default);
    }

    private sealed class Known(Identity known, int publishes = int.MaxValue) : IApiCaller
    {
        private int _left = publishes;

        public ApiProblem? Identify(string app, out Identity identity)
        {
            identity = known;
            return null;
        }

        public bool MayPublishNow(string app, Identity identity) => _left-- > 0;
    }

    private sealed class Unknown : IApiCaller
    {
        public ApiProblem? Identify(string app, out Identity identity)
        {
            identity = Identity.Anonymous.Instance;
            return ApiProblem.InvalidCredentials;
        }

        public bool MayPublishNow(string app, Identity identity) => throw new InvalidOperationException("Nobody knows who asks.");
    }
}
