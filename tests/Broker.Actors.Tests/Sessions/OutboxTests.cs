using Broker.Actors.Loops;
using Broker.Actors.Sessions;

namespace Broker.Actors.Tests.Sessions;

public class OutboxTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Outbox_WithRandomFramesAndARandomSink_SendsWhatItTookInOrderAndReturnsItsBudget(int seed)
    {
        var random = new Random(seed);
        var budget = new OutboxBudget(1_000_000);
        var sink = new RandomSink(random);
        using var outbox = new Outbox(sink, 200_000, budget);
        var wanted = new List<byte>();
        var isOpen = true;
        for (var tick = 0; tick < 100 && isOpen; tick++)
        {
            var segment = new byte[60_100];
            for (var i = 0; i < segment.Length; i++)
            {
                segment[i] = (byte)((i * 31) + (i >> 8) + tick);
            }

            var at = 0;
            for (var frames = random.Next(6); frames > 0 && isOpen; frames--)
            {
                var length = random.Next(4) == 0 ? random.Next(10_000) : random.Next(50);
                at += random.Next(2) * 3;   // some touch, some do not
                var frame = new FrameSlice(segment, at, length);
                at += length;
                isOpen = outbox.Add(frame);
                wanted.AddRange(frame.Span);
            }

            sink.Most = random.Next(5) switch { 0 => 0, 1 => 1, 2 => 5_000, _ => 100_000 };
            isOpen = isOpen && outbox.Flush();
            segment.AsSpan().Fill(0xEE);   // the tick is over: its bytes are no longer valid
            if (isOpen)
            {
                (sink.Bytes.Count + outbox.QueuedBytes).ShouldBe(wanted.Count, $"seed {seed}, tick {tick}");
                budget.UsedBytes.ShouldBe(outbox.QueuedBytes, $"seed {seed}, tick {tick}");
            }
        }

        if (isOpen)
        {
            sink.Most = int.MaxValue;
            outbox.Flush().ShouldBeTrue();
            sink.Bytes.Count.ShouldBe(wanted.Count);
            outbox.IsEmpty.ShouldBeTrue();
        }

        sink.Taken.AsSpan().SequenceEqual(wanted.ToArray().AsSpan(0, sink.Bytes.Count)).ShouldBeTrue($"seed {seed}");
        outbox.Dispose();
        budget.UsedBytes.ShouldBe(0);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Fact]
    public void Add_WhenTheClientTakesNothing_IsFalsePastItsBound()
    {
        var budget = new OutboxBudget(1_000_000);
        using var outbox = new Outbox(new RandomSink(new Random(0)) { Most = 0 }, 1_000, budget);
        outbox.Add(new FrameSlice(new byte[1_000], 0, 1_000)).ShouldBeTrue();
        outbox.Add(new FrameSlice(new byte[1], 0, 1)).ShouldBeFalse();
        outbox.Dispose();

        budget.UsedBytes.ShouldBe(0);
    }

    [Fact]
    public void Add_WhenTheClientTakesOneFrameLargerThanItsBound_IsTrue()
    {
        using var outbox = new Outbox(new RandomSink(new Random(0)) { Most = int.MaxValue }, 1_000, new OutboxBudget(1_000));

        outbox.Add(new FrameSlice(new byte[50_000], 0, 50_000)).ShouldBeTrue();
        outbox.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Flush_WhenTheNodesBudgetIsSpent_IsFalseAndTakesNothingOfIt()
    {
        var budget = new OutboxBudget(1_000);
        using var first = new Outbox(new RandomSink(new Random(0)) { Most = 0 }, 10_000, budget);
        using var second = new Outbox(new RandomSink(new Random(0)) { Most = 0 }, 10_000, budget);
        first.Add(new FrameSlice(new byte[800], 0, 800));
        first.Flush().ShouldBeTrue();
        second.Add(new FrameSlice(new byte[800], 0, 800));
        second.Flush().ShouldBeFalse();
        budget.UsedBytes.ShouldBe(800);
        first.Dispose();
        second.Dispose();

        budget.UsedBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Flush_WhenTheSinkFindsTheConnectionGone_SurvivesBeingDisposed(int frames)
    {
        var budget = new OutboxBudget(10_000);
        var sink = new RandomSink(new Random(0)) { Most = 0 };
        var outbox = new Outbox(sink, 10_000, budget);
        outbox.Add(new FrameSlice(new byte[100], 0, 100));
        outbox.Flush();
        sink.Sending = outbox.Dispose;
        for (var i = 0; i < frames; i++)
        {
            outbox.Add(new FrameSlice(new byte[100], 0, 100));
        }

        outbox.Flush();
        budget.UsedBytes.ShouldBe(0);
        outbox.QueuedBytes.ShouldBe(0);

        var fresh = new Outbox(sink, 10_000, budget);
        sink.Sending = fresh.Dispose;
        for (var i = 0; i < frames; i++)
        {
            fresh.Add(new FrameSlice(new byte[100], 0, 100));
        }

        fresh.Flush();
        budget.UsedBytes.ShouldBe(0);
        fresh.QueuedBytes.ShouldBe(0);
    }

    private sealed class RandomSink(Random random) : IByteSink
    {
        public List<byte> Bytes { get; } = [];

        public byte[] Taken => [.. Bytes];

        public int Most { get; set; }

        public Action? Sending { get; set; }

        public long TrySend(ReadOnlySpan<FrameSlice> slices)
        {
            Sending?.Invoke();
            long taken = 0;
            var window = Most == int.MaxValue ? long.MaxValue : random.Next(Most + 1);
            foreach (ref readonly var slice in slices)
            {
                var length = (int)Math.Min(slice.Length, window - taken);
                Bytes.AddRange(slice.Span[..length]);
                taken += length;
                if (length < slice.Length)
                {
                    break;
                }
            }

            return taken;
        }
    }
}
