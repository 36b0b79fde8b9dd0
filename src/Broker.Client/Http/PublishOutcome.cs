namespace Broker.Client.Http;

/// <summary>What became of one event to one channel: either it was published or there is a problem.</summary>
public sealed record PublishOutcome(string Channel, Published? Published, BrokerProblem? Problem)
{
    internal static PublishOutcome Of(ApiResult.Entry entry) => entry.Epoch is { } epoch
        ? new PublishOutcome(entry.Channel, new Published(new ChannelPosition(epoch, entry.Offset), entry.Receivers), null)
        : new PublishOutcome(entry.Channel, null, entry.Error ?? new BrokerProblem("unknown", 500, "The broker did not say what became of it."));
}
