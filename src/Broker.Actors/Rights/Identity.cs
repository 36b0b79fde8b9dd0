namespace Broker.Actors.Rights;

/// <summary>Who a session is. A dialect finds out; the core only asks.</summary>
public abstract record Identity
{
    private Identity()
    {
    }

    /// <summary>The scope of idempotency keys: what stays the same when this identity reconnects. All anonymous clients share one.</summary>
    public abstract string Publisher { get; }

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
    }

    /// <summary>A server of the app's owner.</summary>
    public sealed record Backend(string Name) : Identity
    {
        public override string Publisher => "b:" + Name;
    }
}
