using System.Text;
using BenchmarkDotNet.Attributes;
using Broker.Actors.Dialects;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Dialects.RocketWs;
using Broker.Actors.Sessions;
using Broker.Transport.Framing;

namespace Broker.Benchmarks.Dialects;

/// <summary>A publish without an answer, from the masked bytes of its frame to the emit: framing, JSON-RPC, the dialect.</summary>
[MemoryDiagnoser]
public class Decode
{
    private readonly SilentContext _context = new();
    private readonly MessageReader _reader = new(1 << 20, isDeflateAgreed: false);
    private byte[] _nativeFrame = [];
    private byte[] _rocketWsFrame = [];
    private byte[] _received = [];
    private IDialectSession _native = null!;
    private IDialectSession _rocketWs = null!;

    /// <summary>Bytes of the event's data.</summary>
    [Params(128, 4096)]
    public int DataBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var data = new string('x', DataBytes - 8);
        _nativeFrame = Frame($$$$"""{"jsonrpc":"2.0","method":"publish","params":{"channel":"ch00012","event":"m","data":{"m":"{{{{data}}}}"}}}""");
        _rocketWsFrame = Frame($$$$"""{"jsonrpc":"2.0","method":"send_data","params":{"channel":"ch00012","data":{"m":"{{{{data}}}}"}}}""");
        _received = new byte[Math.Max(_nativeFrame.Length, _rocketWsFrame.Length)];
        _native = new NativeDialect(new NativeOptions()).Open(_context);
        _rocketWs = new RocketWsDialect(new RocketWsOptions()).Open(_context);
    }

    [Benchmark]
    public long Native() => Read(_nativeFrame, _native);

    [Benchmark]
    public long RocketWs() => Read(_rocketWsFrame, _rocketWs);

    private long Read(byte[] frame, IDialectSession session)
    {
        frame.CopyTo(_received, 0);   // reading unmasks in place
        var bytes = _received.AsSpan(0, frame.Length);
        if (_reader.Read(ref bytes, out var payload) != ReadOutcome.Text)
        {
            throw new InvalidOperationException("The frame was not read.");
        }

        session.Received(payload, FrameKind.Text);
        return _context.Emitted;
    }

    /// <summary>A client's frame with the mask 01 02 03 04.</summary>
    private static byte[] Frame(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        byte[] head = payload.Length < 126
            ? [0x81, (byte)(0x80 | payload.Length), 1, 2, 3, 4]
            : [0x81, 0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length, 1, 2, 3, 4];
        for (var i = 0; i < payload.Length; i++)
        {
            payload[i] ^= (byte)((i % 4) + 1);
        }

        return [.. head, .. payload];
    }
}
