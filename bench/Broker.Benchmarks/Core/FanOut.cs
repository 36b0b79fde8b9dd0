using System.Globalization;
using BenchmarkDotNet.Attributes;
using Broker.Actors;
using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Transport.Framing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Benchmarks.Core;

/// <summary>
/// An emit's way through one loop without sockets: session, shard, channel, room, outboxes. Figures are per emit, in
/// ticks of 100 emits spread over the channels; an emit is delivered to every subscriber of its channel.
/// </summary>
[MemoryDiagnoser]
public class FanOut
{
    private const int EmitsPerTick = 100;

    private readonly byte[] _data = new byte[128];
    private LocalNode _node = null!;
    private SessionActor _publisher = null!;
    private ChannelName[] _channels = [];
    private int _next;

    [Params(1, 1_000)]
    public int Channels { get; set; }

    [Params(1, 100)]
    public int SubscribersPerChannel { get; set; }

    [Params(0, 1_000)]
    public int HistorySize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _data.AsSpan().Fill((byte)'1');
        var space = new Namespace("default", "*") { Options = new ChannelOptions { HistorySize = HistorySize } };
        _node = new LocalNode(new LocalNodeOptions { Loops = 1 }, new Namespaces([space], []), NullLoggerFactory.Instance);
        _node.Loops[0].Turn(0);
        var dialect = new PlainDialect();
        _channels = [.. Enumerable.Range(0, Channels).Select(i => new ChannelName("default", i.ToString("d5", CultureInfo.InvariantCulture)))];
        foreach (var channel in _channels)
        {
            for (var i = 0; i < SubscribersPerChannel; i++)
            {
                Open(dialect).Subscribe(channel, new SubscribeRequest(Version: 0), call: null);
            }
        }

        _publisher = Open(dialect);
        _node.Loops[0].Turn(0);
    }

    [GlobalCleanup]
    public void Cleanup() => _node.Dispose();

    [Benchmark(OperationsPerInvoke = EmitsPerTick)]
    public void Emit()
    {
        for (var i = 0; i < EmitsPerTick; i++)
        {
            _publisher.Emit(_channels[_next], new EmitRequest("message", _data, echo: true), call: null);
            _next = (_next + 1) % _channels.Length;
        }

        _node.Loops[0].Turn(0);
    }

    private SessionActor Open(PlainDialect dialect) =>
        _node.Open(dialect, "default", new SilentTransport(_node.Loops[0], PlainFraming.Instance, _node.Outboxes));
}
