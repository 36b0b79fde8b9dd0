namespace Broker.Actors.Dialects.WebRocket;

/// <summary>One hub: a path with its users, secrets and channels.</summary>
/// <param name="directApp">The app of what its clients send each other: a channel for each client, named by its token. No other hub's.</param>
public sealed class WebRocketHub(string directApp, HubRights rights, ISecretGuard guard)
{
    private volatile HubRights _rights = rights;

    /// <summary>As of now; set from any thread. Sessions that are open are told by <see cref="WebRocketSession.HubChanged"/>.</summary>
    public HubRights Rights
    {
        get => _rights;
        set => _rights = value;
    }

    public string DirectApp => directApp;

    public ISecretGuard Guard => guard;

    /// <summary>Levels of objects and arrays in a message; a deeper one is answered by the payload error. Default 64.</summary>
    public int JsonDepth { get; init; } = 64;

    /// <summary>Answers of one connection that may be owed or wait for their turn; one more closes it. Default 16,384.</summary>
    public int OwedReplies { get; init; } = 16_384;
}
