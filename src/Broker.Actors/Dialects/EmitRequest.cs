namespace Broker.Actors.Dialects;

/// <summary>What a session emits.</summary>
/// <param name="name">The event's name; null where the dialect has none.</param>
/// <param name="data">One JSON value in UTF-8, or nothing; copied.</param>
/// <param name="echo">False: the emitter does not get it, even where it subscribes.</param>
/// <param name="key">The client's idempotency key; null for none.</param>
/// <param name="proven">True when the client brought a valid proof for this very channel.</param>
public readonly ref struct EmitRequest(string? name, ReadOnlySpan<byte> data, bool echo, string? key = null, bool proven = false)
{
    public string? Name { get; } = name;

    public ReadOnlySpan<byte> Data { get; } = data;

    public bool Echo { get; } = echo;

    public string? Key { get; } = key;

    public bool Proven { get; } = proven;

    /// <summary>What subscribers of the emitter's own dialect get, as in <see cref="Broker.Messages.ChannelEvent.Verbatim"/>; copied. Empty for none.</summary>
    public ReadOnlySpan<byte> Verbatim { get; init; }

    /// <summary>Whether it is refused, with <see cref="Broker.Messages.Refusal.UnknownChannel"/>, where nobody has been in the channel yet.</summary>
    public bool MustExist { get; init; }
}
