namespace Broker.Actors.Rights;

/// <summary>The channels that somebody has proof for: names, and patterns as namespaces have them. Never changes.</summary>
public sealed class ChannelGrants
{
    private readonly HashSet<string> _names;
    private readonly string[] _patterns;

    /// <param name="channels">A <c>*</c> or a <c>?</c> makes one a pattern.</param>
    public ChannelGrants(IEnumerable<string> channels)
    {
        var byKind = channels.ToLookup(channel => channel.AsSpan().ContainsAny('*', '?'));
        _names = byKind[false].ToHashSet(StringComparer.Ordinal);
        _patterns = [.. byKind[true]];
    }

    public static ChannelGrants None { get; } = new([]);

    public bool Cover(string channel)
    {
        if (_names.Contains(channel))
        {
            return true;
        }

        foreach (var pattern in _patterns)
        {
            if (Glob.Matches(pattern, channel))
            {
                return true;
            }
        }

        return false;
    }
}
