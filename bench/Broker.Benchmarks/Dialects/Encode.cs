using BenchmarkDotNet.Attributes;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.RocketWs;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using Broker.Messages;
using Broker.Transport.Deflate;
using Broker.Transport.Framing;

namespace Broker.Benchmarks.Dialects;

/// <summary>An event to the bytes of its frame: done once, whatever the number of subscribers.</summary>
[MemoryDiagnoser]
public class Encode
{
    private readonly PayloadWriter _payload = new();
    private readonly byte[] _frame = new byte[16 * 1024];
    private readonly NativeDialect _native = new(new NativeOptions());
    private readonly RocketWsDialect _rocketWs = new(new RocketWsOptions());
    private ChannelEvent _event = null!;

    /// <summary>Bytes of the event's data.</summary>
    [Params(128, 4096)]
    public int DataBytes { get; set; }

    [GlobalSetup]
    public void Setup() => _event = new ChannelEvent
    {
        Channel = new ChannelName("default", "ch00012"),
        Epoch = new Epoch(0x1234_5678_9abc_def0, 1),
        PreviousTerm = 1,
        Offset = 123_456,
        AtMs = 1_767_225_600_000,
        Name = "m",
        Data = System.Text.Encoding.UTF8.GetBytes($$"""{"m":"{{new string('x', DataBytes - 8)}}"}"""),
    };

    [Benchmark(Baseline = true)]
    public int Native() => Frame(_native, PlainFraming.Instance);

    [Benchmark]
    public int RocketWs() => Frame(_rocketWs, PlainFraming.Instance);

    [Benchmark]
    public int NativeDeflated() => Frame(_native, DeflateFraming.For(15));

    private int Frame(IDialect dialect, IFraming framing)
    {
        _payload.Clear();
        dialect.Encode(_event, version: 0, _payload);
        return framing.Frame(_payload.WrittenSpan, FrameKind.Text, _frame);
    }
}
