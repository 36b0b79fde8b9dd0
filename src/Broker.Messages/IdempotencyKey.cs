namespace Broker.Messages;

/// <summary>Makes an emit repeatable: within one channel, the first payload of a publisher's key wins.</summary>
/// <param name="Publisher">Who emits: an identity that outlives a connection.</param>
/// <param name="Key">Chosen by the client, at most <see cref="MaxBytes"/> bytes of UTF-8.</param>
public readonly record struct IdempotencyKey(string Publisher, string Key)
{
    public const int MaxBytes = 128;
}
