using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Shards;

/// <summary>An emit that another node passed on: brings the answer back there.</summary>
internal sealed class ForwardedEmit(ShardPeers peers, Incarnation node, ChannelName channel, long number, EmitLedger ledger) : IEmitOrigin
{
    public void Emitted(object? call, in EmitResult result)
    {
        ledger.Answered(number, result);
        peers.Answer(node, channel, number, result);
    }
}
