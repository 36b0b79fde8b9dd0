using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Queries;
using Broker.Actors.Rights;
using Broker.Cluster.RabbitMq.Source;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Tests.Source;

/// <summary>What a source emits, as texts <c>app/channel event data key</c>; takes each key once, as channels do, and answers as the test wants.</summary>
internal sealed class RecordedIngress : IIngress, ISourceApps
{
    private readonly Channel<string> _emitted = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<(ChannelName, string), bool> _keys = [];
    private int _underWay;

    /// <summary>Called for each attempt; what it answers with. Default: it is taken.</summary>
    public Func<ChannelName, string, Task<Refusal>> Answer { get; set; } = static (_, _) => Task.FromResult(Refusal.None);

    public Func<string, bool> MayPublish { get; set; } = static _ => true;

    /// <summary>Every one that was taken, repeats of a key left out.</summary>
    public ConcurrentQueue<string> All { get; } = [];

    public int MaxUnderWay { get; private set; }

    public async ValueTask<EmitResult> EmitAsync(Identity caller, ChannelName channel, string? name, ReadOnlyMemory<byte> data, string? key = null)
    {
        caller.ShouldBe(new Identity.Backend(channel.App));
        MaxUnderWay = Math.Max(MaxUnderWay, Interlocked.Increment(ref _underWay));
        var text = Encoding.UTF8.GetString(data.Span);
        var refusal = await Answer(channel, text);
        Interlocked.Decrement(ref _underWay);
        if (refusal == Refusal.None && (key is null || _keys.TryAdd((channel, key), true)))
        {
            var emitted = $"{channel} {name} {text} {key}";
            All.Enqueue(emitted);
            _emitted.Writer.TryWrite(emitted);
        }

        return EmitResult.Refused(refusal);
    }

    public async Task<string> NextAsync() =>
        await _emitted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    public bool Serves(string app) => app is "default" or "shop";

    public bool MayPublishNow(string app, Identity identity) => MayPublish(app);

    public Task<NodeAnswer> AskAsync(Identity caller, NodeQuery query) => throw new NotSupportedException();

    public Task<HistoryPage> HistoryAsync(Identity caller, ChannelName channel, Position? since, int limit, bool backward) => throw new NotSupportedException();

    public Task<PresencePage> PresenceAsync(Identity caller, ChannelName channel) => throw new NotSupportedException();
}
