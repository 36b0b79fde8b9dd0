namespace Broker.TestKit.Histories;

/// <summary>
/// Promises that take a part of the protocol that may not be built yet. Without one, the checker takes what breaks it for
/// what clients were told to expect.
/// </summary>
[Flags]
public enum Promises
{
    None = 0,

    /// <summary>I4: while one holder lives, acknowledged history events do, and no stream of theirs breaks.</summary>
    AcknowledgedOutlivesACrash = 1,

    /// <summary>I6: keys and numbers of emits are known to every later owner, while one holder lives.</summary>
    KeysOutliveAnOwner = 2,

    All = AcknowledgedOutlivesACrash | KeysOutliveAnOwner,
}
