using Broker.Messages;

namespace Broker.Actors.Rooms;

/// <summary>
/// What a room's subscribers were told of who comes and goes before the room knew who is here: what they take for true of
/// those users, whatever the list says when it comes.
/// </summary>
internal sealed class ToldMembers
{
    private readonly Dictionary<string, bool> _isHere = new(StringComparer.Ordinal);

    /// <summary>False where that was told last.</summary>
    public bool Came(string userId) => Tell(userId, isHere: true);

    /// <summary>False where that was told last.</summary>
    public bool Went(string userId) => Tell(userId, isHere: false);

    /// <summary>Who is on the list and was told to have gone, and the other way round.</summary>
    public (Member[] Came, string[] Went) DifferenceTo(IReadOnlyList<Member> all)
    {
        var now = all.Select(member => member.UserId).ToHashSet(StringComparer.Ordinal);
        return (
            [.. all.Where(member => _isHere.TryGetValue(member.UserId, out var isHere) && !isHere)],
            [.. _isHere.Where(user => user.Value && !now.Contains(user.Key)).Select(user => user.Key)]);
    }

    private bool Tell(string userId, bool isHere)
    {
        var isNews = !_isHere.TryGetValue(userId, out var before) || before != isHere;
        _isHere[userId] = isHere;
        return isNews;
    }
}
