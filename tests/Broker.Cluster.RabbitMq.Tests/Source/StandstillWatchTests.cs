using Broker.Cluster.RabbitMq.Source;
using Broker.TestKit;

namespace Broker.Cluster.RabbitMq.Tests.Source;

public sealed class StandstillWatchTests
{
    [Fact]
    public async Task Watch_WhenNobodyLookedForLongerThanTheLimit_SaysSo_AndStaysSo()
    {
        var time = new ManualTime();
        var watch = new StandstillWatch(TimeSpan.FromSeconds(4), time);
        watch.HasStoodStill.ShouldBeFalse();

        time.Advance(TimeSpan.FromSeconds(5));

        watch.HasStoodStill.ShouldBeTrue();
        await watch.RunAsync(TestContext.Current.CancellationToken);
        watch.HasStoodStill.ShouldBeTrue();
    }
}
