using Broker.Cluster.RabbitMq.Source;
using Broker.Messages;

namespace Broker.Cluster.RabbitMq.Tests.Source;

public sealed class LanesTests
{
    private static readonly ChannelName One = new("default", "one");
    private static readonly ChannelName Other = new("default", "other");

    [Fact]
    public async Task Lane_BeginsTheNextWhenTheLastIsFinished_AndOthersGoOn()
    {
        var lanes = new Lanes();
        var (first, done) = (new TaskCompletionSource(), new List<string>());
        lanes.Add(One, async () => { await first.Task; done.Add("first"); });
        lanes.Add(One, () => { done.Add("second"); return Task.CompletedTask; });
        lanes.Add(Other, () => { done.Add("other"); return Task.CompletedTask; });
        done.ShouldBe(["other"]);

        first.SetResult();
        await lanes.CloseAsync();

        done.ShouldBe(["other", "first", "second"]);
    }

    [Fact]
    public async Task Close_WaitsForWhatIsUnderWay_AndForgetsWhatWaits()
    {
        var lanes = new Lanes();
        var (first, done) = (new TaskCompletionSource(), new List<string>());
        lanes.Add(One, async () => { await first.Task; done.Add("first"); });
        lanes.Add(One, () => { done.Add("second"); return Task.CompletedTask; });

        var closing = lanes.CloseAsync();
        lanes.Add(Other, () => { done.Add("late"); return Task.CompletedTask; });
        closing.IsCompleted.ShouldBeFalse();
        first.SetResult();
        await closing;

        done.ShouldBe(["first"]);
    }
}
