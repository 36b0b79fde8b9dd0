using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Cuts what may be large into items of bearable size.</summary>
internal static class Slices
{
    /// <summary>Bytes of one slice, unless one thing alone is larger.</summary>
    public const int Bytes = 256 << 10;

    /// <param name="most">Bytes of one slice at most, where the link bears less.</param>
    public static IEnumerable<(IReadOnlyList<ChannelEvent> Part, bool HasMore)> Of(IReadOnlyList<ChannelEvent> events, long most = Bytes) =>
        Of(events, EventCodec.Size, Math.Min(most, Bytes));

    public static IEnumerable<(IReadOnlyList<Member> Part, bool HasMore)> Of(IReadOnlyList<Member> members) =>
        Of(members, member => member.Info.Length + (3 * member.UserId.Length) + 10, Bytes);

    private static IEnumerable<(IReadOnlyList<T> Part, bool HasMore)> Of<T>(IReadOnlyList<T> all, Func<T, int> size, long most)
    {
        var part = new List<T>();
        var bytes = 0;
        foreach (var one in all)
        {
            var next = size(one);
            if (part.Count > 0 && bytes + next > most)
            {
                yield return (part, true);
                part = [];
                bytes = 0;
            }

            part.Add(one);
            bytes += next;
        }

        yield return (part, false);
    }
}
