using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Shards;

/// <summary>Cuts what may be large into items of bearable size.</summary>
internal static class Slices
{
    /// <summary>Bytes of one slice, unless one thing alone is larger.</summary>
    public const int Bytes = 256 << 10;

    public static IEnumerable<(IReadOnlyList<ChannelEvent> Part, bool HasMore)> Of(IReadOnlyList<ChannelEvent> events) => Of(events, EventCodec.Size);

    public static IEnumerable<(IReadOnlyList<Member> Part, bool HasMore)> Of(IReadOnlyList<Member> members) =>
        Of(members, member => member.Info.Length + (3 * member.UserId.Length) + 10);

    private static IEnumerable<(IReadOnlyList<T> Part, bool HasMore)> Of<T>(IReadOnlyList<T> all, Func<T, int> size)
    {
        var part = new List<T>();
        var bytes = 0;
        foreach (var one in all)
        {
            var next = size(one);
            if (part.Count > 0 && bytes + next > Bytes)
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
