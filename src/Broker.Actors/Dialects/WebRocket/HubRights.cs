using System.Collections.Frozen;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>What opens a hub, and how it is spoken to; what of it can change while the node runs.</summary>
public sealed class HubRights
{
    /// <summary>Null where clients say, by <c>?v=</c> or their first message.</summary>
    public WebRocketVersion? Version { get; init; }

    /// <summary>Whether version 2's clients can send each other messages.</summary>
    public bool HasDirect { get; init; }

    /// <summary>Version 1's access to read; null where nobody has it.</summary>
    public HubKey? ReadOnly { get; init; }

    /// <summary>Version 1's access to read and publish; null where nobody has it.</summary>
    public HubKey? ReadWrite { get; init; }

    /// <summary>Version 2's users by their names.</summary>
    public FrozenDictionary<string, HubKey> Users { get; init; } = FrozenDictionary<string, HubKey>.Empty;

    /// <summary>Whether a key that opened the hub once would yet, and gives as much.</summary>
    public bool StillGives(HubKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var now = key.IsUser ? Users.GetValueOrDefault(key.Name) : key.Name == HubKey.ReadOnly ? ReadOnly : ReadWrite;
        return now is not null && now.Secret.IsSame(key.Secret) && now.May.HasFlag(key.May);
    }
}
