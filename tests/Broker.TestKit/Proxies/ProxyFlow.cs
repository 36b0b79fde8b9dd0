using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Broker.TestKit.Proxies;

/// <summary>One way of one connection: reads, keeps as long as the delay says, writes. Who reads slowly is read from slowly.</summary>
internal sealed class ProxyFlow(Socket from, Socket to, FlowFaults faults, TimeProvider time)
{
    private const int ChunkBytes = 64 * 1024;
    private const int MaxChunks = 256;

    private readonly Channel<Chunk> _chunks = Channel.CreateBounded<Chunk>(
        new BoundedChannelOptions(MaxChunks) { SingleReader = true, SingleWriter = true });

    private volatile bool _hasLost;

    /// <summary>True: the stream has a hole, and no protocol over it can go on.</summary>
    public bool HasLost => _hasLost;

    /// <summary>Until the end has gone through.</summary>
    /// <exception cref="SocketException">Either side broke off.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var writing = WriteAsync(cancellationToken);

        // A reader may wait for ever for one whose other side is gone.
        await await Task.WhenAny(ReadAsync(cancellationToken), writing);
        await writing;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
            var count = await from.ReceiveAsync(buffer, cancellationToken);
            await _chunks.Writer.WriteAsync(new Chunk(buffer, count, time.GetTimestamp(), faults.Delay), cancellationToken);
            if (count == 0)
            {
                return;
            }
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (var chunk in _chunks.Reader.ReadAllAsync(cancellationToken))
        {
            // A timer may fire a moment early.
            while (chunk.Delay - time.GetElapsedTime(chunk.ReadAt) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)), time, cancellationToken);
            }

            if (faults.IsSwallowing)
            {
                _hasLost = true;
                faults.Swallowed(chunk.Count);
            }
            else if (chunk.Count == 0)
            {
                to.Shutdown(SocketShutdown.Send);
            }
            else
            {
                await SendAllAsync(chunk.Buffer.AsMemory(0, chunk.Count), cancellationToken);
            }

            ArrayPool<byte>.Shared.Return(chunk.Buffer);
        }
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, cancellationToken)..];
        }
    }

    /// <param name="Count">0: the end.</param>
    private readonly record struct Chunk(byte[] Buffer, int Count, long ReadAt, TimeSpan Delay);
}
