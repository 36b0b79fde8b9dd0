using Broker.Cluster.RabbitMq.Source;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Tests.Source;

public sealed class VerdictsTests
{
    private static readonly Refusal[] Passing = [Refusal.Unavailable, Refusal.OutcomeUnknown, Refusal.TooManyPublishes, Refusal.AppFull];

    public static TheoryData<Refusal> All => [.. Enum.GetValues<Refusal>(), (Refusal)999];

    [Theory]
    [MemberData(nameof(All))]
    public void Verdict_IsAgainForWhatPasses_AndDeadForWhatStays(Refusal refusal) => Verdicts.Of(refusal).ShouldBe(
        refusal == Refusal.None ? Verdict.Done : Passing.Contains(refusal) ? Verdict.Again : Verdict.Dead);
}
