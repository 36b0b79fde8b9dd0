using Broker.Messages;
using Broker.Messages.Cluster;

namespace Broker.Actors.Presence;

/// <summary>Who is here: users with their connections. A user comes with the first connection and goes with the last.</summary>
internal sealed class Members(int max)
{
    private readonly Dictionary<string, Present> _users = new(StringComparer.Ordinal);

    public int Count => _users.Count;

    /// <summary>Connections of all users together.</summary>
    public int Connections { get; private set; }

    /// <summary>Every member, in no order.</summary>
    public Member[] All() => [.. _users.Select(user => user.Value.ToMember(user.Key))];

    /// <summary>What all of them come to under a key.</summary>
    public MemberDigest DigestUnder(DigestKey key)
    {
        var digest = new MemberDigest(key);
        foreach (var (userId, present) in _users)
        {
            digest.Add(userId, present.Info.Span);
        }

        return digest;
    }

    /// <summary>Every member in some buckets of a digest, in no order.</summary>
    public Member[] In(DigestKey key, IReadOnlyList<byte> buckets)
    {
        var isIn = MemberDigest.IsIn(key, buckets);
        return [.. _users.Where(user => isIn(user.Key)).Select(user => user.Value.ToMember(user.Key))];
    }

    public MemberChange Join(SessionId session, string userId, ReadOnlyMemory<byte> info)
    {
        if (_users.TryGetValue(userId, out var present))
        {
            if (present.Sessions.Add(session))
            {
                Connections++;
            }

            return MemberChange.None;
        }

        if (_users.Count >= max)
        {
            return MemberChange.Full;
        }

        _users.Add(userId, new Present(info, session));
        Connections++;
        return MemberChange.Came;
    }

    public MemberChange Leave(SessionId session, string userId)
    {
        if (!_users.TryGetValue(userId, out var present) || !present.Sessions.Remove(session))
        {
            return MemberChange.None;
        }

        Connections--;
        if (present.Sessions.Count > 0)
        {
            return MemberChange.None;
        }

        _users.Remove(userId);
        return MemberChange.Went;
    }

    public Member? Find(string userId) =>
        _users.TryGetValue(userId, out var present) ? present.ToMember(userId) : null;

    /// <summary>Every connection that lives on a node, for when that node is gone.</summary>
    public (SessionId Session, string UserId)[] Of(Incarnation node) =>
        [.. _users.SelectMany(user => user.Value.Sessions.Where(session => session.Node == node).Select(session => (session, user.Key)))];

    private sealed class Present(ReadOnlyMemory<byte> info, SessionId first)
    {
        public HashSet<SessionId> Sessions { get; } = [first];

        public ReadOnlyMemory<byte> Info => info;

        public Member ToMember(string userId) => new(userId, info, Sessions.Count);
    }
}
