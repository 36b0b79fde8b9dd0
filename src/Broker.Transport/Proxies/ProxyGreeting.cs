using Broker.Transport.Handshake;

namespace Broker.Transport.Proxies;

/// <summary>A PROXY header that comes in pieces. Wants its own bytes and never one more, so that what follows stays in the socket.</summary>
internal sealed class ProxyGreeting
{
    private byte[] _bytes = new byte[ProxyHeader.FixedBytes];
    private int _length;

    /// <summary>Where the next bytes go. Never empty while the header is incomplete.</summary>
    public Span<byte> Wanted => _bytes.AsSpan(_length);

    /// <summary>Tells that bytes were written to the beginning of <see cref="Wanted"/>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="header">Set when the outcome is <see cref="HeadOutcome.Complete"/>.</param>
    public HeadOutcome Received(int count, out ProxyHeader? header)
    {
        _length += count;
        var outcome = ProxyHeader.TryRead(_bytes.AsSpan(0, _length), out header, out var length);
        if (outcome == HeadOutcome.Incomplete && length > _bytes.Length)
        {
            Array.Resize(ref _bytes, length);
        }

        return outcome;
    }
}
