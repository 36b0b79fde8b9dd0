namespace Broker.Actors.Dialects.RocketWs;

/// <summary>What the message source answers over HTTP.</summary>
/// <param name="ContentType">Null where there is no body.</param>
public readonly record struct SourceReply(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Only notifications: there is nothing to say.</summary>
    public static SourceReply NoContent { get; } = new(204, ContentType: null, Body: default);
}
