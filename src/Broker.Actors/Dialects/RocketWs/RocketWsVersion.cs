namespace Broker.Actors.Dialects.RocketWs;

/// <summary>What a push looks like, which methods there are, and whether a sender hears itself.</summary>
internal enum RocketWsVersion
{
    /// <summary>Releases 0.1.2 and before: <c>type</c> alone; the sender hears itself.</summary>
    V01 = 1,

    /// <summary>The last: <c>__type</c> and <c>__ts</c>; the sender does not hear itself.</summary>
    V02 = 2,
}
