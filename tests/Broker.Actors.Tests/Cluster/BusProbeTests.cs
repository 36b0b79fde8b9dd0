using Broker.Actors.Cluster;

namespace Broker.Actors.Tests.Cluster;

public sealed class BusProbeTests
{
    private readonly BusProbe _probe = new();

    [Fact]
    public void Returned_TellsWhenItWasSent() =>
        _probe.Returned(_probe.Send(sentAt: 70)).ShouldBe(70);

    [Fact]
    public void Returned_OfAnOlderOneThanTheLast_SaysNothing()
    {
        var first = _probe.Send(1);
        var second = _probe.Send(2);

        _probe.Returned(second).ShouldBe(2);
        _probe.Returned(first).ShouldBeNull();
        _probe.Returned(second).ShouldBeNull();
    }

    [Fact]
    public void Returned_OfOneThatWasNeverSent_SaysNothing() => _probe.Returned(5).ShouldBeNull();

    [Fact]
    public void Returned_OfOneSoOldThatItsTimeIsForgotten_SaysNothing()
    {
        var first = _probe.Send(1);
        for (var i = 0; i < 16; i++)
        {
            _probe.Send(2 + i);
        }

        _probe.Returned(first).ShouldBeNull();
    }

    [Fact]
    public void Forget_MakesWhatIsUnderWaySayNothing()
    {
        var before = _probe.Send(1);
        _probe.Forget();
        var after = _probe.Send(2);

        _probe.Returned(before).ShouldBeNull();
        _probe.Returned(after).ShouldBe(2);
    }
}
