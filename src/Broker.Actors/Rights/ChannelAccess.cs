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
    /// <summary>What the other questions need of a channel. It stays true, so whoever asks often keeps it.</summary>
    public KnownChannel Know(ChannelName channel)
    {
        if (channel.Text.Length > limits.ChannelNameBytes || Encoding.UTF8.GetByteCount(channel.Text) > limits.ChannelNameBytes)
        {
            return new KnownChannel(channel, null, Refusal.InvalidChannel);
        }

        var rules = namespaces.Find(channel.App, channel.Text);
        return new KnownChannel(channel, rules, rules is null ? Refusal.UnknownApp : Refusal.None);
    }

    /// <param name="proven">True when a valid proof for this very channel came beside the identity.</param>
    public Refusal Subscribe(Identity who, KnownChannel channel, bool proven, MemberClaim? member = null)
    {
        return channel.Rules is not { } rules ? channel.Refusal
            : !MayRead(who) || !Namespace.Allows(rules.Subscribe, who, channel.Name.Text, proven) ? Refusal.Forbidden
            : member is null ? Refusal.None
            : member.Info.Length > limits.InfoBytes ? Refusal.InfoTooLarge
            : Namespace.Allows(rules.Presence, who, channel.Name.Text, proven) ? Refusal.None : Refusal.Forbidden;
    }

    /// <inheritdoc cref="Subscribe"/>
    public Refusal Publish(Identity who, KnownChannel channel, bool proven, string? name, string? key)
    {
        if (name?.Length > limits.EventNameLength)
        {
            return Refusal.EventNameTooLong;
        }

        if (key is not null && (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > IdempotencyKey.MaxBytes))
        {
            return Refusal.InvalidKey;
        }

        return channel.Rules is not { } rules ? channel.Refusal
            : who.May.HasFlag(Permissions.Write) && Namespace.Allows(rules.Publish, who, channel.Name.Text, proven) ? Refusal.None : Refusal.Forbidden;
    }

    /// <summary>Who may see a channel's events may see those that have been.</summary>
    /// <inheritdoc cref="Subscribe"/>
    public Refusal History(Identity who, KnownChannel channel, bool proven) => Subscribe(who, channel, proven);

    /// <inheritdoc cref="Subscribe"/>
    public static Refusal Presence(Identity who, KnownChannel channel, bool proven) =>
        channel.Rules is not { } rules ? channel.Refusal
        : MayRead(who) && Namespace.Allows(rules.Presence, who, channel.Name.Text, proven) ? Refusal.None : Refusal.Forbidden;

    /// <summary>Questions about more than one channel are the app's own.</summary>
    public static Refusal Ask(Identity who) => who is Identity.Backend ? Refusal.None : Refusal.Forbidden;

    private static bool MayRead(Identity who) => who.May.HasFlag(Permissions.Read);
}
