using System.Net;
using Broker.Client.Http;
using Broker.Client.Tests.Fakes;

namespace Broker.Client.Tests.Http;

/// <summary>Calls of the HTTP API: what they send, what they read, and when they are repeated.</summary>
public sealed class BrokerHttpClientTests : IDisposable
{
    private const string Done = """{"epoch":"e","offset":7,"receivers":2}""";

    private readonly FakeApi _api = new();

    [Fact]
    public async Task Publish_SaysWhatTheApiAsksFor()
    {
        using var client = _api.Client("key of shop", "shop", url: "https://broker.test/behind/");
        _api.Answer(Done);

        (await client.PublishAsync("chat", "said", JsonData.Of("hola"), "k")).ShouldBe(new Published(new ChannelPosition("e", 7), 2));
        var (request, body) = _api.Calls.ShouldHaveSingleItem();
        request.RequestUri!.AbsoluteUri.ShouldBe("https://broker.test/behind/api/publish");
        request.Headers.GetValues("X-API-Key").ShouldBe(["key of shop"]);
        request.Content!.Headers.ContentType!.ToString().ShouldBe("application/json");
        body.GetRawText().ShouldBe("""{"app":"shop","channel":"chat","event":"said","data":"hola","idempotencyKey":"k"}""");
    }

    [Fact]
    public async Task Call_ByAToken_AsksItsProviderEachTime()
    {
        var asked = 0;
        using var client = _api.Client(tokenProvider: _ => ValueTask.FromResult($"t{++asked}"));
        _api.Fail(new HttpRequestException("refused"));
        _api.Answer("""{"epoch":"e","offset":7,"events":[]}""");
        var asking = client.HistoryAsync("chat", new HistoryOptions { Limit = 0 });
        await PassAsync(0.1);
        await asking;

        _api.Calls.Select(call => call.Request.Headers.Authorization!.ToString()).ShouldBe(["Bearer t1", "Bearer t2"]);
        _api.Calls[0].Body.GetRawText().ShouldBe("""{"channel":"chat","limit":0}""");
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "too_many_requests")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "unavailable")]
    [InlineData(HttpStatusCode.GatewayTimeout, "outcome_unknown")]
    public async Task Publish_ThatCannotBeTakenNow_IsRepeatedWithItsKeyNotBeforeTheBrokerAsks(HttpStatusCode status, string code)
    {
        using var client = _api.Client();
        _api.Problem(status, code, "3");
        _api.Answer(Done);
        var publishing = client.PublishAsync("chat", null, JsonData.Of(1));
        await PassAsync(3.1);
        (await publishing).Receivers.ShouldBe(2);

        var keys = _api.Calls.Select(call => call.Body.GetProperty("idempotencyKey").GetString()!).ToArray();
        keys.Length.ShouldBe(2);
        keys[0].ShouldBe(keys[1]);
        keys[0].Length.ShouldBe(32);
        _api.Calls[0].Body.TryGetProperty("event", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task RetryAfter_AsADate_IsWaitedFor()
    {
        using var client = _api.Client();
        _api.Problem(HttpStatusCode.ServiceUnavailable, "unavailable", _api.Time.GetUtcNow().AddSeconds(4).ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        _api.Answer(Done);
        var publishing = client.PublishAsync("chat", null, JsonData.Of(1));
        await PassAsync(4.1);
        await publishing;
    }

    [Fact]
    public async Task RetryAfter_BeyondTheTimeLimit_IsToldAtOnce()
    {
        using var client = _api.Client();
        _api.Problem(HttpStatusCode.ServiceUnavailable, "unavailable", "60");

        var refused = await Should.ThrowAsync<BrokerProblemException>(client.PublishAsync("chat", null, JsonData.Of(1)));
        refused.RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        refused.Problem.MayHaveBeenDone.ShouldBeFalse();
    }

    [Fact]
    public async Task Waits_WithoutRetryAfter_Double()
    {
        using var client = _api.Client();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            _api.Answer(HttpStatusCode.BadGateway, "<html>");
        }

        _api.Answer(Done);
        var publishing = client.PublishAsync("chat", null, JsonData.Of(1));
        foreach (var wait in new[] { 0.1, 0.2, 0.4, 0.8 })
        {
            await PassAsync(wait);
        }

        await publishing;
        _api.Calls.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, "bad_parameter")]
    [InlineData(HttpStatusCode.Unauthorized, "invalid_credentials")]
    [InlineData(HttpStatusCode.Forbidden, "forbidden")]
    [InlineData(HttpStatusCode.NotFound, "unknown_app")]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, "data_too_large")]
    [InlineData(HttpStatusCode.InternalServerError, "internal_error")]
    public async Task Problem_ThatStays_IsThrownAtOnce(HttpStatusCode status, string code)
    {
        using var client = _api.Client("key of shop");
        _api.Problem(status, code);

        var refused = await Should.ThrowAsync<BrokerProblemException>(client.PublishAsync("chat", null, JsonData.Of(1)));
        refused.Problem.ShouldBe(new BrokerProblem(code, (int)status, "It is so.", "because", "/data"));
        refused.ToString().ShouldNotContain("key of shop");
        _api.Calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Answer_OfSomethingElse_IsAProblem()
    {
        using var client = _api.Client();
        _api.Answer("<html>");
        (await Should.ThrowAsync<BrokerProblemException>(client.PublishAsync("chat", null, JsonData.Of(1)))).Problem.Code.ShouldBe("unknown");
        _api.Answer(HttpStatusCode.NotFound, "<html>");
        (await Should.ThrowAsync<BrokerProblemException>(client.PublishAsync("chat", null, JsonData.Of(1)))).Problem.Status.ShouldBe(404);
    }

    [Fact]
    public async Task Call_WithoutAnAnswer_TimesOutAfterItsAttempts()
    {
        using var client = _api.Client();
        var publishing = client.PublishAsync("chat", null, JsonData.Of(1));
        await PassAsync(10);     // an attempt
        await PassAsync(0.1);
        await PassAsync(10);
        await PassAsync(0.2);
        await _api.Time.TimerAsync(TimeSpan.FromSeconds(10));
        _api.Time.Advance(TimeSpan.FromSeconds(9.7));

        (await Should.ThrowAsync<BrokerTimeoutException>(publishing)).MayHaveBeenDone.ShouldBeTrue();
        _api.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Call_ThatIsCancelled_EndsAtOnce()
    {
        using var client = _api.Client();
        using var cancelled = new CancellationTokenSource();
        var publishing = client.PublishAsync("chat", null, JsonData.Of(1), cancellationToken: cancelled.Token);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(publishing);
        _api.Time.HasTimers.ShouldBeFalse();
    }

    [Fact]
    public async Task Broadcast_RepeatsForThoseChannelsThatCouldNotTakeIt()
    {
        using var client = _api.Client();
        _api.Answer($$"""{"results":[{"channel":"a","epoch":"e","offset":1,"receivers":1},{{Entry("b", 503, "unavailable")}},{{Entry("c", 403, "forbidden")}},{{Entry("d", 504, "outcome_unknown")}}]}""");
        _api.Answer($$"""{"results":[{"channel":"b","epoch":"e","offset":2,"receivers":0},{{Entry("d", 503, "unavailable")}}]}""");
        _api.Answer("""{"results":[{"channel":"d","epoch":"e","offset":3,"receivers":0}]}""");
        var publishing = client.BroadcastAsync(["a", "b", "c", "d"], "n", JsonData.Of(1));
        await PassAsync(0.1);
        await PassAsync(0.2);
        var outcomes = await publishing;

        outcomes.Select(outcome => outcome.Channel).ShouldBe(["a", "b", "c", "d"]);
        outcomes.Select(outcome => outcome.Published?.Position.Offset).ShouldBe([1, 2, null, 3]);
        outcomes[2].Problem!.Code.ShouldBe("forbidden");
        _api.Calls.Select(call => call.Body.GetProperty("channels").GetRawText()).ShouldBe(["""["a","b","c","d"]""", """["b","d"]""", """["d"]"""]);
        _api.Calls.Select(call => call.Body.GetProperty("idempotencyKey").GetString()).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Batch_KeepsItsOrderAndItsKeys()
    {
        using var client = _api.Client(app: "shop");
        _api.Answer($$"""{"results":[{{Entry("a", 503, "unavailable")}},{"channel":"a","epoch":"e","offset":1,"receivers":1}]}""");
        _api.Answer(HttpStatusCode.Forbidden, "");
        var publishing = client.PublishAsync([new BatchEntry("a", "n", JsonData.Of(1), "k"), new BatchEntry("a", null, JsonData.Of(2))]);
        await PassAsync(0.1);
        var outcomes = await publishing;

        outcomes[0].Problem!.Code.ShouldBe("unavailable");
        outcomes[1].Published!.Position.Offset.ShouldBe(1);
        _api.Calls[0].Body.GetProperty("app").GetString().ShouldBe("shop");
        _api.Calls[0].Body.GetProperty("batch")[0].GetRawText().ShouldBe("""{"channel":"a","event":"n","data":1,"idempotencyKey":"k"}""");
        _api.Calls[1].Body.GetProperty("batch").GetRawText().ShouldBe("""[{"channel":"a","event":"n","data":1,"idempotencyKey":"k"}]""");
    }

    [Fact]
    public async Task Batch_OfNothing_AsksNobody()
    {
        using var client = _api.Client();

        (await client.PublishAsync([])).ShouldBeEmpty();
        _api.Calls.ShouldBeEmpty();
    }

    public void Dispose() => _api.Dispose();

    private static string Entry(string channel, int status, string code) =>
        $$$"""{"channel":"{{{channel}}}","error":{"type":"urn:broker:problem:{{{code}}}","title":"It is so.","status":{{{status}}},"code":"{{{code}}}"}}""";

    /// <summary>Waits until the client waits for so long, and lets it.</summary>
    private async Task PassAsync(double seconds)
    {
        await _api.Time.TimerAsync(TimeSpan.FromSeconds(seconds));
        _api.Time.Advance(TimeSpan.FromSeconds(seconds));
    }
}
