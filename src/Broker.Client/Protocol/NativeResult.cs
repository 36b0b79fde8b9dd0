namespace Broker.Client.Protocol;

/// <summary>What the native dialect's methods answer.</summary>
internal abstract record NativeResult
{
    private NativeResult()
    {
    }

    public sealed record Connected(string Session, string App, string? User, long? ExpiresInMs = null) : NativeResult;

    public sealed record Subscribed(string Epoch, long Offset, bool Recovered, long? ExpiresInMs = null) : NativeResult;

    public sealed record Refreshed(long ExpiresInMs) : NativeResult;

    public sealed record Published(string Epoch, long Offset, int Receivers) : NativeResult;

    public sealed record Page(string Epoch, long Offset, PastEvent[] Events) : NativeResult;

    public sealed record Nothing : NativeResult;

    public sealed record PastEvent(string Event, JsonData Data, string Epoch, long Offset);
}
