namespace Broker.Client.Http;

/// <summary>One event of a batch.</summary>
/// <param name="Channel">Where to.</param>
/// <param name="Name">The event's name; null for <c>message</c>.</param>
/// <param name="IdempotencyKey">1 to 128 bytes; null for a random one.</param>
public sealed record BatchEntry(string Channel, string? Name, JsonData Data, string? IdempotencyKey = null);
