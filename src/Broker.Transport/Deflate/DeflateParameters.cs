using System.Globalization;
using Broker.Transport.Handshake;

namespace Broker.Transport.Deflate;

/// <summary>
/// What was agreed about permessage-deflate (RFC 7692 section 7.1). Neither side ever takes its context over, so an idle
/// connection holds no state and a broadcast is deflated once.
/// </summary>
/// <param name="ServerMaxWindowBits">8 to 15; null when the client did not ask, which means 15.</param>
public sealed record DeflateParameters(int? ServerMaxWindowBits)
{
    internal const string ExtensionName = "permessage-deflate";
    internal const int MinWindowBits = 8;
    internal const int MaxWindowBits = 15;

    /// <summary>The answer's <c>Sec-WebSocket-Extensions</c> header.</summary>
    public string Response { get; } =
        ExtensionName + "; server_no_context_takeover; client_no_context_takeover"
        + (ServerMaxWindowBits is { } bits ? string.Create(CultureInfo.InvariantCulture, $"; server_max_window_bits={bits}") : "");

    public DeflateFraming Framing => DeflateFraming.For(ServerMaxWindowBits ?? MaxWindowBits);

    /// <summary>
    /// Takes the first acceptable offer of <c>Sec-WebSocket-Extensions</c> headers; null when there is none.
    /// </summary>
    /// <exception cref="FormatException">A header breaks the grammar of RFC 6455 section 9.1, which fails the handshake.</exception>
    public static DeflateParameters? Negotiate(IEnumerable<string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        DeflateParameters? accepted = null;
        foreach (var header in headers)
        {
            foreach (var offer in ExtensionOffer.ParseAll(header))
            {
                if (accepted is null && offer.Name == ExtensionName)
                {
                    accepted = Accept(offer);
                }
            }
        }

        return accepted;
    }

    /// <summary>Null when the offer has an unknown, doubled or wrong parameter and is declined (section 7.1).</summary>
    private static DeflateParameters? Accept(ExtensionOffer offer)
    {
        int? serverBits = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in offer.Parameters)
        {
            int? bits = null;
            var isValid = seen.Add(name) && name switch
            {
                "server_no_context_takeover" or "client_no_context_takeover" => value is null,
                "client_max_window_bits" => value is null || TryReadBits(value, out bits),
                "server_max_window_bits" => value is not null && TryReadBits(value, out bits),
                _ => false,
            };
            if (!isValid)
            {
                return null;
            }

            if (name == "server_max_window_bits")
            {
                serverBits = bits;
            }
        }

        // The client's window needs no answer: what it deflates with any window is inflated with the largest.
        return new DeflateParameters(serverBits);
    }

    /// <summary>A decimal without leading zeros, 8 to 15 (section 7.1.2).</summary>
    private static bool TryReadBits(string value, out int? bits)
    {
        bits = value switch
        {
            "8" => 8,
            "9" => 9,
            "10" => 10,
            "11" => 11,
            "12" => 12,
            "13" => 13,
            "14" => 14,
            "15" => 15,
            _ => null,
        };
        return bits is not null;
    }
}
