using Broker.Messages;

namespace Broker.Actors.Channels;

/// <summary>
/// Which events a stream's boundaries allow. Two copies whose events at an offset have the same term have the same event
/// there, and the same ones before it.
/// </summary>
internal static class StreamTerms
{
    /// <summary>True when the event at the position, or the place right before the term's first one, belongs to the stream.</summary>
    /// <param name="end">The stream's last offset.</param>
    public static bool Contains(IReadOnlyList<Boundary> boundaries, Position position, long end)
    {
        for (var i = 0; i < boundaries.Count; i++)
        {
            if (boundaries[i].Term == position.Epoch.Term)
            {
                return position.Offset >= boundaries[i].FirstOffset - 1 && position.Offset <= Last(boundaries, i, end);
            }
        }

        return false;
    }

    /// <summary>The last offset up to which two copies have the same events; 0 when they share none that the boundaries still name.</summary>
    public static long CommonEnd(IReadOnlyList<Boundary> one, long oneEnd, IReadOnlyList<Boundary> other, long otherEnd)
    {
        var common = 0L;
        for (var i = 0; i < one.Count; i++)
        {
            for (var j = 0; j < other.Count; j++)
            {
                var last = Math.Min(Last(one, i, oneEnd), Last(other, j, otherEnd));
                if (one[i].Term == other[j].Term && last >= Math.Max(one[i].FirstOffset, other[j].FirstOffset))
                {
                    common = Math.Max(common, last);
                }
            }
        }

        return common;
    }

    private static long Last(IReadOnlyList<Boundary> boundaries, int index, long end) =>
        index + 1 < boundaries.Count ? Math.Min(boundaries[index + 1].FirstOffset - 1, end) : end;
}
