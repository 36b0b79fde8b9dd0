using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Rights;

/// <summary>
/// Who may do what in a channel, and what its name, an event and a member may be: asked by sessions and the ingress alike,
/// whatever dialect is behind them, so that none is a way round another. From any thread.
/// </summary>
internal sealed class ChannelAccess(Namespaces namespaces, SessionLimits limits)
{
    /// <param name="proven">True when a valid proof for this very channel came beside the identity.</param>
    public Refusal Subscribe(Identity who, ChannelName channel, bool proven, MemberClaim? member = null)
    {
        if (Find(channel, out var rules) is not Refusal.None and var refusal)
        {
            return refusal;
        }

        return !Namespace.Allows(rules!.Subscribe, who, channel.Text, proven) ? Refusal.Forbidden
            : member is null ? Refusal.None
            : member.Info.Length > limits.InfoBytes ? Refusal.InfoTooLarge
            : Namespace.Allows(rules.Presence, who, channel.Text, proven) ? Refusal.None : Refusal.Forbidden;
    }

    /// <inheritdoc cref="Subscribe"/>
    public Refusal Publish(Identity who, ChannelName channel, bool proven, string? name, string? key)
    {
        if (name?.Length > limits.EventNameLength)
        {
            return Refusal.EventNameTooLong;
        }

        if (key is not null && (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > IdempotencyKey.MaxBytes))
        {
            return Refusal.InvalidKey;
        }

        return Find(channel, out var rules) is not Refusal.None and var refusal ? refusal
            : Namespace.Allows(rules!.Publish, who, channel.Text, proven) ? Refusal.None : Refusal.Forbidden;
    }

    /// <summary>Who may see a channel's events may see those that have been.</summary>
    /// <inheritdoc cref="Subscribe"/>
    public Refusal History(Identity who, ChannelName channel, bool proven) => Subscribe(who, channel, proven);

    /// <inheritdoc cref="Subscribe"/>
    public Refusal Presence(Identity who, ChannelName channel, bool proven) =>
        Find(channel, out var rules) is not Refusal.None and var refusal ? refusal
        : Namespace.Allows(rules!.Presence, who, channel.Text, proven) ? Refusal.None : Refusal.Forbidden;

    /// <summary>Questions about more than one channel are the app's own.</summary>
    public static Refusal Ask(Identity who) => who is Identity.Backend ? Refusal.None : Refusal.Forbidden;

    private Refusal Find(ChannelName channel, out Namespace? rules)
    {
        rules = null;
        if (channel.Text.Length > limits.ChannelNameBytes || Encoding.UTF8.GetByteCount(channel.Text) > limits.ChannelNameBytes)
        {
            return Refusal.InvalidChannel;
        }

        rules = namespaces.Find(channel.App, channel.Text);
        return rules is null ? Refusal.UnknownApp : Refusal.None;
    }
}
