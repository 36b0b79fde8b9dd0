using Broker.Actors.Channels;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Tests.Channels;

public class WindowTests
{
    private static readonly ChannelName Name = new("default", "c");

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Window_WithRandomEventsAndTimes_HoldsWhatTheModelHolds(int seed)
    {
        var random = new Random(seed);
        var options = new ChannelOptions
        {
            HistorySize = random.Next(1, 60),
            HistoryAgeMs = random.Next(50, 2_000),
            HistoryBytes = random.Next(200, 40_000),
        };
        var budget = new HistoryBudget(1 << 30);
        var window = new Window(options, budget);
        var model = new List<ChannelEvent>();
        long offset = 0;
        long now = 10_000;
        for (var step = 0; step < 600; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    now += random.Next(3_000);
                    window.Expire(now);
                    model.RemoveAll(item => item.AtMs < now - options.HistoryAgeMs);
                    break;
                case 1:
                    if (random.Next(10) == 0)
                    {
                        window.Clear();
                        model.Clear();
                    }

                    break;
                default:
                    now += random.Next(40);
                    var added = Event(++offset, now, random.Next(20) == 0 ? random.Next(30_000) : random.Next(300), random);
                    window.Add(added);
                    Add(model, added, options);
                    break;
            }

            window.Count.ShouldBe(model.Count, $"seed {seed}, step {step}");
            Check(window, model, offset, random, $"seed {seed}, step {step}");
        }

        budget.UsedBytes.ShouldBe(window.HeldBytes);
        window.Clear();
        window.HeldBytes.ShouldBe(0);
        budget.UsedBytes.ShouldBe(0);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Fact]
    public void Read_AfterTheWindowHasGoneOn_LeavesEarlierPagesAlone()
    {
        var window = new Window(new ChannelOptions { HistorySize = 10 }, new HistoryBudget(1 << 30));
        var random = new Random(1);
        for (var i = 1; i <= 10; i++)
        {
            window.Add(Event(i, i, 100, random));
        }

        var page = window.Read(Name, 1, 100);
        var before = page.Select(item => item.Data.ToArray()).ToArray();
        for (var i = 11; i <= 500; i++)
        {
            window.Add(Event(i, i, 100, random));
        }

        page.Select(item => item.Data.ToArray()).ShouldBe(before);
    }

    [Fact]
    public void Add_WhenTheClockStepsBack_KeepsTheOrder()
    {
        var window = new Window(new ChannelOptions { HistoryAgeMs = 1_000 }, new HistoryBudget(1 << 30));
        window.Add(Event(1, 100_000, 10, new Random(1)));
        window.Add(Event(2, 50_000, 10, new Random(1)));
        window.Add(Event(3, 50_001, 10, new Random(1)));

        window.Read(Name, 1, 10).Select(item => item.Offset).ShouldBe([1, 2, 3]);
        window.Expire(101_001);
        window.Count.ShouldBe(0);
    }

    [Fact]
    public void HeldBytes_OfAQuietChannel_IsSmall()
    {
        var window = new Window(new ChannelOptions(), new HistoryBudget(1 << 30));
        window.Add(Event(1, 1, 20, new Random(1)));

        window.HeldBytes.ShouldBe(512);
    }

    private static void Check(Window window, List<ChannelEvent> model, long last, Random random, string what)
    {
        if (model.Count > 0)
        {
            window.FirstOffset.ShouldBe(model[0].Offset, what);
            window.LastAtMs.ShouldBe(model[^1].AtMs, what);
        }

        var from = last - random.Next(80);
        var limit = random.Next(3) == 0 ? int.MaxValue : random.Next(20);
        var read = window.Read(Name, from, limit);
        var wanted = model.Where(item => item.Offset >= from).Take(limit).ToArray();
        read.Select(item => item.Offset).ShouldBe(wanted.Select(item => item.Offset), what);
        for (var i = 0; i < read.Length; i++)
        {
            read[i].Data.Span.SequenceEqual(wanted[i].Data.Span).ShouldBeTrue(what);
        }

        var holds = from == last || (model.Count > 0 && model[0].Offset <= from + 1 && model[^1].Offset == last);
        if (from <= last)
        {
            window.HoldsAfter(from, last).ShouldBe(holds, what);
        }
    }

    private static void Add(List<ChannelEvent> model, ChannelEvent added, ChannelOptions options)
    {
        if (EventCodec.Size(added) > options.HistoryBytes)
        {
            model.Clear();
            return;
        }

        model.Add(added);
        while (model.Count > options.HistorySize || model.Sum(EventCodec.Size) > options.HistoryBytes)
        {
            model.RemoveAt(0);
        }

        model.RemoveAll(item => item.AtMs < added.AtMs - options.HistoryAgeMs);
    }

    private static ChannelEvent Event(long offset, long atMs, int size, Random random)
    {
        var data = new byte[size];
        random.NextBytes(data);
        return new ChannelEvent
        {
            Channel = Name,
            Epoch = new Epoch(1, 1),
            PreviousTerm = offset == 1 ? 0 : 1,
            Offset = offset,
            AtMs = atMs,
            Name = random.Next(2) == 0 ? "e" : null,
            Data = data,
        };
    }
}
