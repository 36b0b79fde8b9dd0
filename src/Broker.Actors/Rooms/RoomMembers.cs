using Broker.Actors.Channels;
using Broker.Actors.Presence;
using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// What a room knows of who is here, where another node keeps the list, and what its subscribers were told before it knew: when it learns
/// more, they are told the difference. On the channel's owner nothing is kept: all that happens is told there.
/// </summary>
internal sealed class RoomMembers(IRoomShard shard)
{
    private KnownMembers? _known;
    private ToldMembers? _told;
    private bool _isPulling;

    /// <summary>True when subscribers were told of somebody: an owner with nobody must say so.</summary>
    public bool HasTold => _known is { Count: > 0 } || _told is not null;

    /// <summary>Kept by a room that does not know yet who is here.</summary>
    private ToldMembers? Told => shard.IsOwner || !shard.Rules.RoomsRememberWhatTheyTold ? null : _told ??= new ToldMembers();

    /// <summary>The owner is asked: what was pulled from one before it does not come any more.</summary>
    public void Ask() => _isPulling = false;

    /// <summary>True when that is news to the subscribers.</summary>
    public bool Came(Member member)
    {
        if (!shard.IsOwner && !_isPulling && _told is null)
        {
            _known ??= new KnownMembers([]);   // the owner said nothing of members: there were none
        }

        return _known?.Came(member) ?? Told?.Came(member.UserId) ?? true;
    }

    /// <summary>True when that is news to the subscribers.</summary>
    public bool Went(string userId) => _known?.Went(userId) ?? Told?.Went(userId) ?? true;

    /// <summary>The whole list; what of it is news.</summary>
    public (Member[] Came, string[] Went) Are(IReadOnlyList<Member> members)
    {
        var difference = _known?.Replace(members) ?? _told?.DifferenceTo(members) ?? ([], []);
        _known = shard.IsOwner ? null : _known ?? new KnownMembers(members);
        _told = null;
        _isPulling = false;
        return difference;
    }

    /// <summary>The buckets in which the owner knows others: all where this room knows nobody yet.</summary>
    public IReadOnlyList<byte> DifferingFrom(RoomInput.MemberDigests owners) => _known?.DifferingFrom(owners.Key, owners.Sums) ?? MemberDigest.AllBuckets;

    /// <summary>The owner is asked for buckets.</summary>
    public void Pull() => _isPulling = _known is null;

    /// <summary>What is in buckets that were pulled; what of it is news.</summary>
    public (Member[] Came, string[] Went) Are(RoomInput.MemberBuckets pulled) =>
        _known?.Replace(pulled.Key, pulled.Buckets, pulled.Members) ?? ([], []);   // knows nobody: a room before this one asked, and the whole list is on its way

    /// <summary>This node does not own the channel any more, of which it knew these members.</summary>
    /// <param name="members">Null for a room that nobody uses.</param>
    public void Follow(IEnumerable<Member>? members) =>
        _known = members is not null && _told is null ? _known ?? new KnownMembers(members) : null;   // an owner that had not heard from all knew less
}
