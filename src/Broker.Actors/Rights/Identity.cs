namespace Broker.Actors.Rights;

/// <summary>Who somebody is, and what they proved with it. A dialect or the HTTP API finds out; the core only asks.</summary>
public abstract record Identity
{
    /// <summary>The expiry of what does not expire.</summary>
    public const long Never = long.MaxValue;

    private Identity()
    {
    }

    /// <summary>The scope of idempotency keys: what stays the same when this identity reconnects. All anonymous clients share one.</summary>
    public abstract string Publisher { get; }

    /// <summary>Milliseconds since 1970 from when on it is nobody's any more; <see cref="Never"/> where nothing says so.</summary>
    public long ExpiresAtMs { get; init; } = Never;

    /// <summary>What it may do at most, whatever a channel allows: <see cref="Permissions.All"/> where its dialect knows no such bounds.</summary>
    public Permissions May { get; init; } = Permissions.All;

    /// <summary>Whether it came with a proof for this very channel.</summary>
    public virtual bool Proves(string channel) => false;

    /// <summary>Nobody in particular.</summary>
    public sealed record Anonymous : Identity
    {
        public static Anonymous Instance { get; } = new();

        public override string Publisher => "";
    }

    /// <param name="Id">Unique within the app; at most 128 characters.</param>
    public sealed record User(string Id) : Identity
    {
        public override string Publisher => "u:" + Id;

        /// <summary>What others see of the user where it is present: one JSON value in UTF-8; empty where its token says nothing.</summary>
        public ReadOnlyMemory<byte> Info { get; init; }

        /// <summary>The channels that its token proves.</summary>
        public ChannelGrants Grants { get; init; } = ChannelGrants.None;

        public override bool Proves(string channel) => Grants.Cover(channel);
    }

    /// <summary>A server of the app's owner: who brings one of the app's API keys, and the node itself.</summary>
    /// <param name="Name">The same for all keys of an app, so that a repeat with a newer key is still a repeat.</param>
    public sealed record Backend(string Name) : Identity
    {
        public override string Publisher => "b:" + Name;
    }
}
