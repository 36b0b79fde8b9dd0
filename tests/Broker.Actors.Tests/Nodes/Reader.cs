using System.Globalization;

namespace Broker.Actors.Tests.Nodes;

/// <summary>Reads a client's record as the numbers of the events that it took.</summary>
internal static class Reader
{
    /// <summary>The offsets and data of a channel's events, in the order in which they came.</summary>
    public static (long Offset, string Data)[] EventsOf(IEnumerable<string> lines, string channel) =>
    [
        .. lines.Where(line => line.StartsWith(channel + "#", StringComparison.Ordinal)).Select(line =>
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            return (
                long.Parse(line.AsSpan(channel.Length + 1, space - channel.Length - 1), CultureInfo.InvariantCulture),
                line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        }),
    ];

    /// <summary>Every event once, in order, from the first on without a gap.</summary>
    public static void ShouldBeWhole(IReadOnlyList<long> offsets, long after, long last, string what)
    {
        offsets.Count.ShouldBe((int)(last - after), what);
        for (var i = 0; i < offsets.Count; i++)
        {
            if (offsets[i] != after + 1 + i)
            {
                offsets[i].ShouldBe(after + 1 + i, what);
            }
        }
    }
}
