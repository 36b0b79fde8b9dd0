using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// Whom a room's subscribers know to be here, as long as another node keeps the list: what the owner says twice is told
/// once, and what was missed on the way shows when the whole list comes.
/// </summary>
internal sealed class KnownMembers(IEnumerable<Member> members)
{
    private Dictionary<string, Member> _users = members.ToDictionary(member => member.UserId, StringComparer.Ordinal);

    public bool Came(Member member) => _users.TryAdd(member.UserId, member);

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
}
