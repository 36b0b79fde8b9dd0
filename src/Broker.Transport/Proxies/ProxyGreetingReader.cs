using System.Buffers;
using System.IO.Pipelines;
using Broker.Transport.Handshake;

namespace Broker.Transport.Proxies;

/// <summary>Reads the PROXY header that a pipe begins with.</summary>
public static class ProxyGreetingReader
{
    /// <summary>Consumes the header and nothing after it. Null, when the pipe begins with something else, ends, or is silent for too long.</summary>
    /// <param name="input">The connection's bytes, before TLS.</param>
    /// <param name="timeoutMs">Milliseconds until the header must be there.</param>
    public static async Task<ProxyHeader?> ReadAsync(PipeReader input, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var timeout = new CancellationTokenSource(timeoutMs);
        await using var registration = timeout.Token.Register(input.CancelPendingRead);
        while (true)
        {
            ReadResult result;
            try
            {
                result = await input.ReadAsync();
            }
            catch (IOException)
            {
                return null;   // reset before it said who it is
            }

            var outcome = Look(result.Buffer, out var header, out var length);
            if (outcome == HeadOutcome.Complete)
            {
                input.AdvanceTo(result.Buffer.GetPosition(length));
                return header;
            }

            if (outcome != HeadOutcome.Incomplete || result.IsCompleted || result.IsCanceled)
            {
                input.AdvanceTo(result.Buffer.Start);
                return null;
            }

            input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static HeadOutcome Look(ReadOnlySequence<byte> buffer, out ProxyHeader? header, out int length)
    {
        var known = buffer.Slice(0, Math.Min(buffer.Length, ProxyHeader.MaxBytes));
        return ProxyHeader.TryRead(known.IsSingleSegment ? known.FirstSpan : known.ToArray(), out header, out length);
    }
}
