using Broker.Actors.Sessions;

namespace Broker.Transport.EventStreams;

/// <summary>Blocks of an event stream are sent as the dialect wrote them: they say themselves where they end.</summary>
public sealed class EventStreamFraming : IFraming
{
    private EventStreamFraming()
    {
    }

    public static EventStreamFraming Instance { get; } = new();

    public int MaxSize(int payloadLength) => payloadLength;

    public int Frame(ReadOnlySpan<byte> payload, FrameKind kind, Span<byte> destination)
    {
        payload.CopyTo(destination);
        return payload.Length;
    }
}
