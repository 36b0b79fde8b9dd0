namespace Broker.ClusterBenchmarks.Speech;

/// <summary>What a message of a server is to a measurement.</summary>
internal enum HeardKind
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>An event of a channel.</summary>
    Event,

    /// <summary>A publish was taken.</summary>
    Answer,

    /// <summary>A publish was not.</summary>
    Refusal,
}
