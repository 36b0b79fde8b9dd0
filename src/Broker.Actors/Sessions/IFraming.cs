namespace Broker.Actors.Sessions;

/// <summary>
/// How payloads become bytes of a connection: plain WebSocket frames, deflated ones, SSE. Immutable and shared: sessions
/// with the same instance share every encoded event.
/// </summary>
public interface IFraming
{
    /// <summary>Upper bound of the framed size, in bytes.</summary>
    int MaxSize(int payloadLength);

    /// <summary>Writes the payload as one complete message; returns the bytes written. From any thread.</summary>
    int Frame(ReadOnlySpan<byte> payload, FrameKind kind, Span<byte> destination);
}
