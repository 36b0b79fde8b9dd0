using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.Actors.Tests.Cluster;

public sealed class RendezvousTests
{
    private static readonly Incarnation[] Nodes = [.. Enumerable.Range(1, 5).Select(node => new Incarnation(new Guid(node, 0, 0, new byte[8])))];

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public void Rank_IsTheOrderInWhichNodesAreWanted_AsOneAfterTheOtherGoes(int number)
    {
        var shard = new ShardId(number);
        var left = Nodes.ToList();

        for (var rank = 0; rank < Nodes.Length; rank++)
        {
            var wanted = Rendezvous.Wanted(shard, left)!.Value;
            Rendezvous.Rank(shard, wanted, Nodes).ShouldBe(rank);
            Rendezvous.Rank(shard, wanted, left).ShouldBe(0);
            left.Remove(wanted);
        }
    }
}
