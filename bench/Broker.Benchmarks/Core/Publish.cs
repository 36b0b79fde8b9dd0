using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Broker.Actors;
using Broker.Actors.Channels;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Transport.Framing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Benchmarks.Core;

/// <summary>
/// What a node does in <c>bench/run</c>'s F2 but for its sockets: native publishes to channels of one subscriber each, as
/// many in a tick as one socket is read for. Figures are per publish; with many channels they are the cost of cache misses.
/// </summary>
[MemoryDiagnoser]
public class Publish
{
    private const int PublishesPerTick = 9_000;

    private LocalNode _node = null!;
    private SessionActor _publisher = null!;
    private byte[][] _requests = [];
    private int _next;

    [Params(10, 1_000)]
    public int Channels { get; set; }

    [Params(0, 1_000)]
    public int HistorySize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var space = new Namespace("default", "*") { Options = new ChannelOptions { HistorySize = HistorySize } };
        var options = new LocalNodeOptions { Loops = 1, HistoryMemory = 1L << 32 };
        _node = new LocalNode(options, new Namespaces([space], []), NullLoggerFactory.Instance);
        _node.Loops[0].Turn(0);
        var dialect = new NativeDialect(new NativeOptions());
        var data = new string('1', 128);
        var names = Enumerable.Range(0, Channels).Select(i => i.ToString("d5", CultureInfo.InvariantCulture)).ToArray();
        _requests = [.. names.Select(name => Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","method":"publish","params":{"channel":"{{{name}}}","event":"m","data":"{{{data}}}"}}"""))];
        foreach (var name in names)
        {
            Open(dialect).Received(
                Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"{{{name}}}"}}"""), FrameKind.Text);
        }

        _publisher = Open(dialect);
        _node.Loops[0].Turn(0);
    }

    [GlobalCleanup]
    public void Cleanup() => _node.Dispose();

    [Benchmark(OperationsPerInvoke = PublishesPerTick)]
    public void Tick()
    {
        for (var i = 0; i < PublishesPerTick; i++)
        {
            _publisher.Received(_requests[_next], FrameKind.Text);
            _next = (_next + 1) % _requests.Length;
        }

        _node.Loops[0].Turn(0);
    }

    private SessionActor Open(NativeDialect dialect) =>
        _node.Open(dialect, "default", new SilentTransport(_node.Loops[0], PlainFraming.Instance, _node.Outboxes));
}
