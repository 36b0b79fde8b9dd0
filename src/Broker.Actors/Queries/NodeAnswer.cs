using System.Net;
using Broker.Messages;

namespace Broker.Actors.Queries;

/// <summary>What the nodes answered together.</summary>
/// <param name="IsPartial">True when somebody did not answer within a second.</param>
public abstract record NodeAnswer(bool IsPartial)
{
    /// <summary>The caller may not ask; nobody was asked.</summary>
    public sealed record Refused(Refusal Refusal) : NodeAnswer(IsPartial: false);

    public sealed record Delivered(int Copies, bool IsPartial) : NodeAnswer(IsPartial);

    public sealed record ChannelNames(IReadOnlyCollection<string> Names, bool IsPartial) : NodeAnswer(IsPartial);

    /// <param name="Subscribers">By channel; every channel has at least one.</param>
    public sealed record ChannelCounts(IReadOnlyDictionary<string, int> Subscribers, bool IsPartial) : NodeAnswer(IsPartial);

    /// <param name="Count">Sessions that were closed, or subscriptions that were ended.</param>
    public sealed record Ended(int Count, bool IsPartial) : NodeAnswer(IsPartial);

    public sealed record Addresses(IReadOnlyCollection<IPEndPoint> Remotes, bool IsPartial) : NodeAnswer(IsPartial);
}
