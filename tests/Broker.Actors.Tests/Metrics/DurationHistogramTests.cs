using System.Diagnostics.Metrics;
using Broker.Actors.Metrics;

namespace Broker.Actors.Tests.Metrics;

public sealed class DurationHistogramTests
{
    private const long Frequency = 1_000_000;

    private readonly DurationHistogram _histogram = new(Frequency);

    [Fact]
    public void Record_OnABound_CountsBelowIt()
    {
        for (var bound = 0; bound < DurationHistogram.Bounds.Count; bound++)
        {
            _histogram.Record((long)(DurationHistogram.Bounds[bound] * Frequency), 1);
        }

        Counts().ShouldBe([.. Enumerable.Repeat(1L, DurationHistogram.Bounds.Count), 0]);
    }

    [Fact]
    public void Record_BehindTheLastBound_IsCountedThere()
    {
        _histogram.Record(11 * Frequency, 3);

        Counts()[^1].ShouldBe(3);
        Counts().Sum().ShouldBe(3);
    }

    [Fact]
    public void AddTo_OfSeveral_SumsCountsAndSeconds()
    {
        _histogram.Record(Frequency / 2, 4);
        var counts = new long[DurationHistogram.Bounds.Count + 1];

        _histogram.AddTo(counts).ShouldBe(2, 1e-9);
        _histogram.AddTo(counts).ShouldBe(2, 1e-9);

        counts.Sum().ShouldBe(8);
    }

    [Fact]
    public void Record_WhileSomebodyListens_TellsEveryOne()
    {
        using var meter = new Meter("test");
        using var listener = new MeterListener();
        var heard = new List<double>();
        _histogram.Instrument = meter.CreateHistogram<double>("d");
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => heard.Add(value));
        _histogram.Record(1, 1);
        listener.EnableMeasurementEvents(_histogram.Instrument);

        _histogram.Record(Frequency, 3);

        heard.ShouldBe([1.0, 1.0, 1.0]);
    }

    private long[] Counts()
    {
        var counts = new long[DurationHistogram.Bounds.Count + 1];
        _histogram.AddTo(counts);
        return counts;
    }
}
