using System.Diagnostics.CodeAnalysis;

namespace Broker.Messages;

/// <summary>
/// Names one channel of one app. Two apps may use the same text for different channels; they never meet.
/// Its hashes are taken once, since a name is looked up several times on the way of an emit.
/// </summary>
public readonly struct ChannelName : IEquatable<ChannelName>
{
    private readonly int _hash;

    public ChannelName(string app, string text)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(text);
        App = app;
        Text = text;
        _hash = HashCode.Combine(app.GetHashCode(StringComparison.Ordinal), text.GetHashCode(StringComparison.Ordinal));
        ShardHash = ShardId.HashOf(app, text);
    }

    /// <summary>The tenant, for example <c>default</c>.</summary>
    public string App { get; }

    /// <summary>What clients call the channel.</summary>
    public string Text { get; }

    /// <summary>The same in every process: what <see cref="ShardId.Of"/> goes by.</summary>
    public ulong ShardHash { get; }

    public bool Equals(ChannelName other) =>
        _hash == other._hash
        && string.Equals(Text, other.Text, StringComparison.Ordinal)
        && string.Equals(App, other.App, StringComparison.Ordinal);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ChannelName other && Equals(other);

    public override int GetHashCode() => _hash;

    public override string ToString() => $"{App}/{Text}";

    public static bool operator ==(ChannelName left, ChannelName right) => left.Equals(right);

    public static bool operator !=(ChannelName left, ChannelName right) => !left.Equals(right);
}
