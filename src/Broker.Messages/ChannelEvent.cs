namespace Broker.Messages;

/// <summary>One event of a channel, as its owner ordered it. Its data is carried, never parsed, by the core.</summary>
public sealed record ChannelEvent
{
    public required ChannelName Channel { get; init; }

    /// <summary>The stream's life and the owner's term when it was ordered.</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>The term of the event before it; 0 for a stream's first.</summary>
    public required long PreviousTerm { get; init; }

    /// <summary>Its number in the stream, from 1, without gaps.</summary>
    public required long Offset { get; init; }

    /// <summary>When the owner ordered it, milliseconds since 1970, by the owner's clock.</summary>
    public required long AtMs { get; init; }

    /// <summary>The event's name; null where the emitter's dialect has none (RocketWS).</summary>
    public string? Name { get; init; }

    /// <summary>One JSON value in UTF-8; empty where the emitter gave none. In an event that is being delivered it is valid during the call only.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>
    /// The emit as its client wrote it, one JSON object in UTF-8, where it has more to say than name and data tell: what subscribers of the
    /// emitter's own dialect get. Empty for none. Valid as long as the data.
    /// </summary>
    public ReadOnlyMemory<byte> Verbatim { get; init; }

    /// <summary>The session that does not get it: its emitter, where the dialect does not echo.</summary>
    public SessionId? Except { get; init; }

    /// <summary>The emitter's idempotency key with its publisher, if it gave one.</summary>
    public IdempotencyKey? Key { get; init; }

    /// <summary>Who emitted it, and as which of its emits to this channel.</summary>
    public EmitId From { get; init; }

    public Position Position => new(Epoch, Offset);
}
