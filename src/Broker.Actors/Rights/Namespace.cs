using Broker.Actors.Channels;

namespace Broker.Actors.Rights;

/// <summary>The rights and the behaviour of the channels whose names match a pattern.</summary>
/// <param name="App">The app it belongs to.</param>
/// <param name="Pattern">A glob: <c>*</c> stands for any text, <c>?</c> for one character; all else for itself.</param>
public sealed record Namespace(string App, string Pattern)
{
    public Right Subscribe { get; init; } = Right.Anonymous;

    public Right Publish { get; init; } = Right.Anonymous;

    /// <summary>Who may join as a member and see the others.</summary>
    public Right Presence { get; init; } = Right.Anonymous;

    public ChannelOptions Options { get; init; } = new();

    /// <summary>In an app's own rule, the one for channels that no pattern names: the app is served to local connections only.</summary>
    public bool IsLocalOnly { get; init; }

    public bool Matches(string channel) => Glob.Matches(Pattern, channel);

    /// <param name="proven">True when the caller brought a valid proof for this very channel beside its identity.</param>
    public static bool Allows(Right right, Identity identity, string channel, bool proven) => right switch
    {
        Right.Anonymous => true,
        Right.User => identity is Identity.User or Identity.Backend || proven,
        Right.Proof => proven || identity is Identity.Backend || identity.Proves(channel),
        Right.Backend => identity is Identity.Backend,
        _ => false,
    };
}
