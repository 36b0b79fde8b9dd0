namespace Broker.Actors.Cluster;

/// <summary>What became of a question to the authority.</summary>
public abstract record Answer<T>
{
    private Answer()
    {
    }

    public sealed record Done(T Value) : Answer<T>;

    /// <summary>It did not happen: the authority said no, or was not reached.</summary>
    public sealed record Refused(string Reason) : Answer<T>;

    /// <summary>It may or may not have happened: read before anything else.</summary>
    public sealed record InDoubt(string Reason) : Answer<T>;
}
