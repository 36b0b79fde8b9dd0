namespace Broker.Transport.Handshake;

/// <summary>What the bytes of a connection's beginning are.</summary>
public enum HeadOutcome
{
    /// <summary>A whole, well-formed head.</summary>
    Complete,

    /// <summary>The beginning of one, so far.</summary>
    Incomplete,

    /// <summary>Over a limit: answered with 431.</summary>
    TooLarge,

    /// <summary>Not HTTP/1.1: answered with 400.</summary>
    Malformed,
}
