using Broker.Actors.Presence;
using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Rooms;

/// <summary>
/// Whom a room's subscribers know to be here, as long as another node keeps the list: what the owner says twice is told
/// once, and what was missed on the way shows when the whole list comes.
/// </summary>
internal sealed class KnownMembers(IEnumerable<Member> members)
{
    private Dictionary<string, Member> _users = members.ToDictionary(member => member.UserId, StringComparer.Ordinal);

    public int Count => _users.Count;

    /// <summary>False where the user was known to be here.</summary>
    public bool Came(Member member)
    {
        var before = _users.Count;
        _users[member.UserId] = member;
        return _users.Count > before;
    }

    public bool Went(string userId) => _users.Remove(userId);

    /// <summary>Takes over the whole list; what differed from it.</summary>
    public (Member[] Came, string[] Went) Replace(IReadOnlyList<Member> all)
    {
        var now = all.ToDictionary(member => member.UserId, StringComparer.Ordinal);
        var came = now.Where(user => !_users.ContainsKey(user.Key)).Select(user => user.Value).ToArray();
        var went = _users.Keys.Where(userId => !now.ContainsKey(userId)).ToArray();
        _users = now;
        return (came, went);
    }

    /// <summary>The buckets in which the owner knows others, or others' info.</summary>
    public IReadOnlyList<byte> DifferingFrom(DigestKey key, IReadOnlyList<ulong> sums)
    {
        var digest = new MemberDigest(key);
        foreach (var (userId, member) in _users)
        {
            digest.Add(userId, member.Info.Span);
        }

        return digest.DifferingFrom(sums);
    }

    /// <summary>Takes over all of some buckets; what differed from them.</summary>
    public (Member[] Came, string[] Went) Replace(DigestKey key, IReadOnlyList<byte> buckets, IReadOnlyList<Member> all)
    {
        var isIn = MemberDigest.IsIn(key, buckets);
        var now = all.Select(member => member.UserId).ToHashSet(StringComparer.Ordinal);
        var went = _users.Keys.Where(userId => !now.Contains(userId) && isIn(userId)).ToArray();
        foreach (var userId in went)
        {
            _users.Remove(userId);
        }

        return ([.. all.Where(Came)], went);
    }
}
