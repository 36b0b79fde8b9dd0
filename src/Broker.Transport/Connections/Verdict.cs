using Broker.Transport.Handshake;

namespace Broker.Transport.Connections;

/// <summary>What becomes of a request.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>It becomes a session.</summary>
    public sealed record Taken(Opening Opening) : Verdict;

    /// <summary>It is answered with these bytes, or what they say, and the connection closed.</summary>
    public sealed record Refused(HandshakeRefusal Refusal, ReadOnlyMemory<byte> Response) : Verdict;

    /// <summary>It is not ours: the HTTP server gets it.</summary>
    public sealed record NotOurs : Verdict
    {
        public static NotOurs Instance { get; } = new();
    }
}
