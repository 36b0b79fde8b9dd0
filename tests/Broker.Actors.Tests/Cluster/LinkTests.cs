using Broker.Actors.Cluster;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Cluster;

public sealed class LinkTests
{
    private readonly LinkPair _pair = new(new LinkLimits { BufferBytes = 10_000 });

    [Fact]
    public void Send_OverAFaultlessBus_ArrivesOnceInOrder()
    {
        var random = new Random(1);
        for (var i = 0; i < 1_000; i++)
        {
            _pair.One.Say();
            _pair.Step(random, TimeSpan.FromMilliseconds(1), loss: 0, twice: 0, mixed: 0);
        }

        _pair.Settle(random);

        _pair.Other.Heard.ShouldBe(_pair.One.Said);
        _pair.One.Link.Resets.ShouldBe(0);
        _pair.One.Link.UnacknowledgedBytes.ShouldBe(0);
    }

    [Fact]
    public void HeldAcks_LeaveThePeerWhatItHasOpen_AndAreGivenOnceLetGo()
    {
        var random = new Random(2);
        _pair.One.Say();
        _pair.Settle(random);
        _pair.Other.Link.HoldsAcks = true;
        _pair.One.Say();
        _pair.One.Say();

        _pair.Settle(random);   // four seconds: the peer asks for an answer meanwhile

        _pair.Other.Heard.ShouldBe(_pair.One.Said);
        _pair.One.Link.UnacknowledgedBytes.ShouldBeGreaterThan(0);
        _pair.One.Link.IsSilent(_pair.NowMs).ShouldBeFalse();
        (_pair.One.Link.Resets + _pair.Other.Link.Resets).ShouldBe(0);

        _pair.Other.Link.HoldsAcks = false;
        _pair.Settle(random);

        _pair.One.Link.UnacknowledgedBytes.ShouldBe(0);
        _pair.Other.Heard.ShouldBe(_pair.One.Said);
    }

    [Fact]
    public void HeldAcks_OverABusThatLoses_StillReportGaps()
    {
        var random = new Random(3);
        _pair.Other.Link.HoldsAcks = true;
        for (var i = 0; i < 50; i++)
        {
            _pair.One.Say();
            _pair.Step(random, TimeSpan.FromMilliseconds(20), loss: 0.4, twice: 0, mixed: 0);
        }

        _pair.Settle(random);

        _pair.Other.Heard.ShouldBe(_pair.One.Said);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Send_OverABusThatLosesDoublesAndMixes_ArrivesOnceInOrder(int seed)
    {
        var random = new Random(seed);
        var pair = new LinkPair(new LinkLimits { BufferBytes = 1 << 20, BatchBytes = 200 });
        var (loss, twice, mixed) = (random.NextDouble() * 0.5, random.NextDouble() * 0.3, random.NextDouble() * 0.3);
        for (var i = 0; i < 500; i++)
        {
            if (random.Next(3) > 0)
            {
                pair.One.Say();
            }

            if (random.Next(3) > 0)
            {
                pair.Other.Say();
            }

            pair.Step(random, TimeSpan.FromMilliseconds(random.Next(60)), loss, twice, mixed);
            if (random.Next(50) == 0)
            {
                pair.One.Link.SendAgain();
            }
        }

        pair.Settle(random);

        pair.Other.Heard.ShouldBe(pair.One.Said);
        pair.One.Heard.ShouldBe(pair.Other.Said);
        (pair.One.Link.Resets + pair.Other.Link.Resets).ShouldBe(0);
    }

    [Fact]
    public void Send_WhenTheBufferIsFull_ResetsAndTellsBothSides()
    {
        var random = new Random(1);
        _pair.One.Say();
        _pair.Settle(random);
        for (var i = 0; i < 1_000; i++)
        {
            _pair.One.Say();
            _pair.Step(random, TimeSpan.FromMilliseconds(1), loss: 1, twice: 0, mixed: 0);
        }

        _pair.One.Link.IsBroken.ShouldBeTrue();
        _pair.One.Link.UnacknowledgedBytes.ShouldBe(0);
        _pair.Settle(random);

        _pair.One.News.ShouldBe(LinkNews.Opened);
        _pair.Other.News.ShouldBe(LinkNews.PeerReset);
        var before = _pair.Other.Heard.Count;
        _pair.One.Say();
        _pair.Settle(random);
        _pair.Other.Heard[before..].ShouldBe(_pair.One.Said[^1..]);
    }

    [Fact]
    public void Send_ToAPeerThatHasForgottenTheLink_ResetsAndGoesOn()
    {
        var random = new Random(1);
        _pair.One.Say();
        _pair.Other.Say();
        _pair.Settle(random);

        _pair.Other.Forget(generation: 1_000);
        _pair.One.Say();
        _pair.Settle(random);

        _pair.One.Link.Resets.ShouldBe(1);
        _pair.One.News.HasFlag(LinkNews.Opened).ShouldBeTrue();
        var before = _pair.Other.Heard.Count;
        _pair.One.Say();
        _pair.Settle(random);
        _pair.Other.Heard[before..].ShouldBe(_pair.One.Said[^1..]);
    }

    [Fact]
    public void Link_WhenThePeerOwesAnAnswer_IsSilentAfterASecond()
    {
        var random = new Random(1);
        _pair.One.Say();
        _pair.Settle(random);
        _pair.Step(random, TimeSpan.FromSeconds(10), loss: 1, twice: 0, mixed: 0);
        _pair.One.Link.IsSilent(_pair.NowMs).ShouldBeFalse();

        _pair.One.Say();
        _pair.Step(random, TimeSpan.FromMilliseconds(900), loss: 1, twice: 0, mixed: 0);
        _pair.One.Link.IsSilent(_pair.NowMs).ShouldBeFalse();
        _pair.Step(random, TimeSpan.FromMilliseconds(200), loss: 1, twice: 0, mixed: 0);
        _pair.One.Link.IsSilent(_pair.NowMs).ShouldBeTrue();

        _pair.Settle(random);
        _pair.One.Link.IsSilent(_pair.NowMs).ShouldBeFalse();
    }

    [Fact]
    public void Receive_OfGarbage_TakesNothing()
    {
        var link = new Link(Incarnation.New(), Incarnation.New(), 1, LinkLimits.Default);
        var taken = new List<Range>();
        var header = new LinkHeader(link.Peer, default, Generation: 1, First: 1, Last: 1, 0, 0, HasGap: false, WantsAck: false);

        Should.Throw<InvalidDataException>(() => link.Receive(header, "garbage, certainly garbage"u8.ToArray(), 0, taken));

        taken.ShouldBeEmpty();
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];
}
