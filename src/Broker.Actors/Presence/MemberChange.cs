namespace Broker.Actors.Presence;

/// <summary>What a connection's coming or going means for its user.</summary>
internal enum MemberChange
{
    /// <summary>The user is as present, or as absent, as before.</summary>
    None,

    /// <summary>The user's first connection.</summary>
    Came,

    /// <summary>The user's last connection is gone.</summary>
    Went,

    /// <summary>Refused: the channel has as many members as it may.</summary>
    Full,
}
