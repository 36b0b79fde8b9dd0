using Broker.Actors.Cluster;

namespace Broker.Cluster.RabbitMq.Tests;

public sealed class ConfirmsTests
{
    private readonly Confirms _confirms = new();

    [Fact]
    public void Answer_ToOne_IsThatOne()
    {
        Publish(11, 12, 13);

        _confirms.Answered(2, multiple: false).ShouldBe([new SendId(12)]);
        _confirms.Answered(2, multiple: false).ShouldBeEmpty();
    }

    [Fact]
    public void Answer_ToMany_IsAllThatAreOpenUpToIt()
    {
        Publish(11, 12, 13, 14);

        _confirms.Answered(2, multiple: false);

        _confirms.Answered(3, multiple: true).ShouldBe([new SendId(11), new SendId(13)]);
        _confirms.Answered(4, multiple: true).ShouldBe([new SendId(14)]);
    }

    [Fact]
    public void Room_IsBounded_AndComesBackWithAnswers()
    {
        var asked = 0;
        while (_confirms.TryAsk())
        {
            _confirms.Publishing(new SendId(++asked));
        }

        asked.ShouldBe(10_000);
        _confirms.Answered(100, multiple: true).Count.ShouldBe(100);
        _confirms.TryAsk().ShouldBeTrue();
    }

    private void Publish(params long[] ids)
    {
        foreach (var id in ids)
        {
            _confirms.TryAsk().ShouldBeTrue();
            _confirms.Publishing(new SendId(id));
        }
    }
}
