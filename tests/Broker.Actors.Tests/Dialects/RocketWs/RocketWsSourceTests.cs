using System.Text;
using Broker.Actors.Dialects.RocketWs;
using Broker.Messages;
using Broker.TestKit.Dialects;

namespace Broker.Actors.Tests.Dialects.RocketWs;

public sealed class RocketWsSourceTests
{
    // printf %s secret | sha256sum
    private const string Hashed = "sha256:2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    private readonly FakeBroker _broker = new();

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":0,"method":"emit","params":{"channel":"none","data":{}}}""", "{'jsonrpc': '2.0', 'result': 'emitted: 0', 'id': 0}")]
    [InlineData("""{"jsonrpc":"2.0","id":"abc","method":"ping"}""", "{'jsonrpc': '2.0', 'result': {'ping': 'ok'}, 'id': u'abc'}")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "{'jsonrpc': '2.0', 'result': {'ping': 'ok'}, 'id': None}")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"total_subscribers"}""", "{'jsonrpc': '2.0', 'result': [('127.0.0.1', 5001)], 'id': 1}")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"available_channels"}""", @"{'jsonrpc': '2.0', 'result': [u'caf\xe9'], 'id': 1}")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"nope"}""", "{'jsonrpc': '2.0', 'error': {'code': -32601, 'message': 'Method not found'}, 'id': 1}")]
    [InlineData("""{"id":1,"method":"ping","params":[]}""", "{'result': {'ping': 'ok'}, 'error': None, 'id': 1}")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"},1]""", "[{'jsonrpc': '2.0', 'result': {'ping': 'ok'}, 'id': 1}, {'jsonrpc': '2.0', 'error': {'code': -32600, 'message': 'Invalid Request'}, 'id': None}]")]
    [InlineData("""{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""", @"{'jsonrpc': '2.0', 'result': {'ping': 'ok'}, 'id': u'\\ud800'}")]
    public async Task PostAsync_WithLegacyReplyText_AnswersAsPythonPrints(string body, string expected)
    {
        _broker.Connect(new RocketWsDialect(new RocketWsOptions())).Receive("""{"jsonrpc":"2.0","method":"subscribe","params":["café"]}""");
        var reply = await new RocketWsSource(new RocketWsOptions { LegacyReplyText = true }, _broker).PostAsync(Encoding.UTF8.GetBytes(body), "", UnhurriedPublisher.Instance);
        reply.ContentType.ShouldBe("text/html; charset=utf-8");
        Encoding.UTF8.GetString(reply.Body.Span).ShouldBe(expected);
    }

    [Fact]
    public async Task PostAsync_WithNotifyAllOncePerClient_SendsOneCopyToEach()
    {
        var options = new RocketWsOptions { NotifyAllOncePerClient = true };
        var session = _broker.Connect(new RocketWsDialect(options));
        session.Receive("""[{"jsonrpc":"2.0","method":"subscribe","params":["a"]},{"jsonrpc":"2.0","method":"subscribe","params":["b"]}]""");
        var reply = await PostAsync(options, """{"jsonrpc":"2.0","id":0,"method":"notify_all","params":{"data":{"m":1}}}""");
        reply.ShouldBe("""{"jsonrpc":"2.0","result":"notified: 1","id":0}""");
        session.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task PostAsync_WhenTheBrokerRefuses_AnswersAServerError()
    {
        _broker.NextRefusal = Refusal.Unavailable;
        var reply = await PostAsync(new RocketWsOptions(), """{"jsonrpc":"2.0","id":0,"method":"emit","params":["a",{}]}""");
        reply.ShouldContain("\"code\":-32000,");
        reply.ShouldContain("\"type\":\"RPCMethodError\"");
        reply.ShouldContain("unavailable");
    }

    [Fact]
    public async Task PostAsync_OfAChannelNameThatIsTooLong_AnswersInvalidParams()
    {
        var reply = await PostAsync(
            new RocketWsOptions(), $$"""{"jsonrpc":"2.0","id":0,"method":"emit","params":["{{new string('x', 256)}}",{}]}""");
        reply.ShouldContain("\"code\":-32602,");
    }

    [Fact]
    public async Task PostAsync_OfABatchThatIsTooLarge_RefusesTheWhole()
    {
        var reply = await PostAsync(new RocketWsOptions { BatchRequests = 1 }, "[1,2]");
        reply.ShouldContain("\"code\":-32600,");
        reply.ShouldContain("a batch holds at most 1 requests");
    }

    [Theory]
    [InlineData("v=0.1", "-32601")]
    [InlineData("?x=1&v=0.1", "-32601")]
    [InlineData("v=0.2", "\"ok\"")]
    [InlineData("v=9", "\"ok\"")]
    public async Task PostAsync_SpeaksTheVersionOfTheQuery(string query, string expected)
    {
        var reply = await new RocketWsSource(new RocketWsOptions(), _broker).PostAsync("""{"jsonrpc":"2.0","id":0,"method":"ping"}"""u8.ToArray(), query, UnhurriedPublisher.Instance);
        Encoding.UTF8.GetString(reply.Body.Span).ShouldContain(expected);
    }

    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData(null, "Bearer x", false, false)]
    [InlineData("", null, false, false)]
    [InlineData("secret", null, true, false)]
    [InlineData("secret", "Bearer secret", false, true)]
    [InlineData("secret", "bearer  secret ", true, true)]
    [InlineData("secret", "Bearer Secret", true, false)]
    [InlineData("secret", "secret", true, false)]
    [InlineData(Hashed, "Bearer secret", false, true)]
    [InlineData(Hashed, "Bearer secreT", true, false)]
    [InlineData(Hashed, "Bearer " + Hashed, true, false)]
    public void Admits_ByTokenElseWhereItIsOpen(string? token, string? authorization, bool isOpen, bool expected) =>
        new RocketWsSource(new RocketWsOptions { SourceToken = token }, _broker).Admits(authorization, isOpen).ShouldBe(expected);

    private async Task<string> PostAsync(RocketWsOptions options, string body) =>
        Encoding.UTF8.GetString((await new RocketWsSource(options, _broker).PostAsync(Encoding.UTF8.GetBytes(body), "", UnhurriedPublisher.Instance)).Body.Span);
}
