using System.Net;
using Broker.ClusterBenchmarks.Speech;

namespace Broker.ClusterBenchmarks.Subjects;

/// <summary>What is measured: servers that serve the same channels together, started for it and ended when disposed.</summary>
internal interface ISubject : IAsyncDisposable
{
    /// <summary>In every line of its figures.</summary>
    string Name { get; }

    /// <summary>What it is made of, with versions.</summary>
    string About { get; }

    IClientSpeech Speech { get; }

    IReadOnlyList<IPEndPoint> Servers { get; }

    /// <summary>Sets of so many channels, for every difference that a channel's owner and its kind may make to publishes on the first server and a subscriber on the second.</summary>
    IReadOnlyList<ChannelSet> SetsByOwner(int count);

    /// <summary>The same where the channels of a set are spread over their owners: sets by kind alone.</summary>
    IReadOnlyList<ChannelSet> SetsByKind(int count);

    /// <summary>What all has cost so far.</summary>
    Task<Usage> LookAsync();
}
