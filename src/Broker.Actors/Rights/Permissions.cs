namespace Broker.Actors.Rights;

/// <summary>What an identity may do at most, by what it proved; a channel may allow less.</summary>
[Flags]
public enum Permissions
{
    None = 0,

    /// <summary>Subscribe, read what has been, see who is here.</summary>
    Read = 1,

    /// <summary>Publish.</summary>
    Write = 2,

    All = Read | Write,
}
