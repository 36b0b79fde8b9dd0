using Broker.Actors.Cluster;
using Broker.Messages;

namespace Broker.Storage.PostgreSql.Tests;

/// <summary>Nodes' rows, and what tests read from answers.</summary>
internal static class TestRows
{
    public static NodeRow Row(string name) => new(
        Incarnation.New(), name, $"http://{name}", new BusAddress($"queue-{name}"), Version: 1, NodeState.Up, IsBusOk: true);

    public static T Value<T>(Answer<T> answer) => answer.ShouldBeOfType<Answer<T>.Done>(answer.ToString()).Value;

    public static ClaimGround AsSeen(NodeRow owner) => new(owner.Incarnation, owner.Queue, MustBeExpired: false);
}
