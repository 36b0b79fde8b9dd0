using System.IO.Compression;

namespace Broker.Transport.Deflate;

/// <summary>
/// Deflates whole messages, each by itself (RFC 7692 section 7.2.1, no context takeover), so that nothing in one points
/// further back than the receiver's window.
/// </summary>
internal static class MessageDeflater
{
    private const int FullWindowBits = 15;
    private const int SmallestBlockBits = 10;   // below, most of a message is the blocks' own codes
    private const int TailSize = 4;

    private static readonly ZLibCompressionOptions Usual = new() { CompressionLevel = 3 };

    // Repeats the last byte at most, which every window holds.
    private static readonly ZLibCompressionOptions Windowless =
        new() { CompressionLevel = 3, CompressionStrategy = ZLibCompressionStrategy.RunLengthEncoding };

    [ThreadStatic]
    private static BoundedSink? t_sink;

    /// <summary>Deflates into the buffer; the bytes written, or 0 when that would take more than <paramref name="bound"/> bytes.</summary>
    /// <param name="windowBits">8 to 15: the receiver's window is two to this power.</param>
    public static int Deflate(ReadOnlySpan<byte> payload, int windowBits, byte[] destination, int bound)
    {
        var sink = t_sink ??= new BoundedSink();
        sink.Reset(destination, bound);
        try
        {
            if (windowBits is FullWindowBits or < SmallestBlockBits)
            {
                return DeflateBlock(payload, windowBits == FullWindowBits ? Usual : Windowless, sink) ? sink.Written - TailSize : 0;
            }

            // The platform's compressor has no window setting before .NET 11: blocks no longer than the window, each on its own.
            var blockSize = 1 << windowBits;
            for (; payload.Length > blockSize; payload = payload[blockSize..])
            {
                if (!DeflateBlock(payload[..blockSize], Usual, sink))
                {
                    return 0;
                }
            }

            return DeflateBlock(payload, Usual, sink) ? sink.Written - TailSize : 0;
        }
        finally
        {
            sink.Reset([], 0);
        }
    }

    private static bool DeflateBlock(ReadOnlySpan<byte> block, ZLibCompressionOptions options, BoundedSink sink)
    {
        var deflater = new DeflateStream(sink, options, leaveOpen: true);
        deflater.Write(block);
        deflater.Flush();   // Z_SYNC_FLUSH: ends on a byte, with an empty block
        var written = sink.Written;
        var fits = !sink.IsOver;
        deflater.Dispose();   // writes a final block, which no message has
        sink.Cut(sink.Written - written);
        return fits;
    }
}
