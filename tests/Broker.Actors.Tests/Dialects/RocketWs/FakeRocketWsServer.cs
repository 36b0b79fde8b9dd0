using System.Text;
using Broker.Actors.Dialects.RocketWs;
using Broker.TestKit.Dialects;
using Broker.TestKit.RocketWs;

namespace Broker.Actors.Tests.Dialects.RocketWs;

/// <summary>The dialect and its message source over the small broker.</summary>
internal sealed class FakeRocketWsServer(RocketWsOptions options, FakeBroker broker) : IRocketWsServer
{
    private readonly RocketWsDialect _dialect = new(options);
    private readonly RocketWsSource _source = new(options, broker);

    public Task<IRocketWsClient> ConnectAsync() => Task.FromResult<IRocketWsClient>(new Client(broker.Connect(_dialect)));

    public async Task<RocketWsHttpAnswer> RequestAsync(string method, string path, string body)
    {
        // What the node's endpoint does before it asks the source.
        if (!path.Equals("/", StringComparison.Ordinal))
        {
            return new RocketWsHttpAnswer(404, ContentType: null, "");
        }

        if (!method.Equals("POST", StringComparison.Ordinal))
        {
            return new RocketWsHttpAnswer(405, ContentType: null, "");
        }

        var reply = await _source.PostAsync(Encoding.UTF8.GetBytes(body), "", UnhurriedPublisher.Instance);
        return new RocketWsHttpAnswer(reply.Status, reply.ContentType, Encoding.UTF8.GetString(reply.Body.Span));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Client(FakeSession session) : IRocketWsClient
    {
        public Task SendAsync(string text)
        {
            session.Receive(text);
            return Task.CompletedTask;
        }

        public Task<string> ReceiveAsync()
        {
            session.Sent.ShouldNotBeEmpty();
            return Task.FromResult(Encoding.UTF8.GetString(session.Sent.Dequeue()));
        }

        public Task CloseAsync()
        {
            session.Disconnect();
            return Task.CompletedTask;
        }
    }
}
