namespace Broker.Actors.Sessions;

/// <summary>
/// Why the broker ends a subscription that its client wanted to keep; the session stays open. As with
/// <see cref="Disconnect"/>, this catalogue is the only place where codes are made.
/// </summary>
/// <param name="Code">From 2000 to 2499: subscribing again can help; from 2500: only with a newer proof.</param>
/// <param name="Reason">Short text for people.</param>
public sealed record SubscriptionEnd(int Code, string Reason)
{
    /// <summary>A backend or an operator ended it.</summary>
    public static SubscriptionEnd ByServer { get; } = new(2000, "unsubscribed by the server");

    /// <summary>The token that it was taken with has expired. Subscribe again, with a new one.</summary>
    public static SubscriptionEnd Expired { get; } = new(2501, "expired");

    /// <summary>The session's newer token does not allow it.</summary>
    public static SubscriptionEnd NotAllowed { get; } = new(2502, "not allowed any more");

    /// <summary>Every entry, for the docs and for tests.</summary>
    public static IReadOnlyList<SubscriptionEnd> Catalogue { get; } = [ByServer, Expired, NotAllowed];
}
