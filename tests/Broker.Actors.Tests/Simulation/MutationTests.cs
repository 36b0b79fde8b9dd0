using Broker.Actors.Cluster;
using Broker.TestKit.Simulation;

namespace Broker.Actors.Tests.Simulation;

/// <summary>A rule of the protocol that is broken must be noticed, by the seeds that have found it so far.</summary>
public sealed class MutationTests
{
    /// <summary>Rules, and seeds each of which notices that it is broken. More than one, since a change elsewhere moves them.</summary>
    public static TheoryData<string, int[]> Caught { get; } = new()
    {
    };

    [Theory]
    [MemberData(nameof(Caught))]
    public void BrokenRule_IsNoticed(string rule, int[] seeds)
    {
        var broken = Mutation.All.Single(mutation => mutation.Name == rule).Break(ProtocolRules.All);

        seeds.Any(seed => SimulationRun.Of(seed, ScheduleKind.Faults, SimulationTests.Options with { Rules = broken }).Violations.Count > 0)
            .ShouldBeTrue($"no seed of {string.Join(", ", seeds)} notices it");
    }

    [Fact]
    public void EveryRule_CanBeBroken() =>
        Mutation.All.Select(mutation => mutation.Name).ShouldBe(
            typeof(ProtocolRules).GetProperties().Where(property => property.PropertyType == typeof(bool)).Select(property => property.Name));
}
