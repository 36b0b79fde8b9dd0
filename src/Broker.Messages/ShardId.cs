using System.Text;

namespace Broker.Messages;

/// <summary>A fixed hash slot of channels. Every node of a cluster must compute it alike, so the hash is part of the cluster's protocol.</summary>
public readonly record struct ShardId(int Value)
{
    /// <summary>Shards unless told otherwise.</summary>
    public const int DefaultCount = 256;

    /// <summary>FNV-1a, 64 bits, over the UTF-8 text of app, a zero byte and the channel's name.</summary>
    public static ShardId Of(ChannelName channel, int count) => new((int)(channel.ShardHash % (uint)count));

    internal static ulong HashOf(string app, string text)
    {
        var hash = 14695981039346656037UL;
        hash = Add(hash, app);
        hash = unchecked(hash * 1099511628211UL);   // the zero byte
        hash = Add(hash, text);
        return hash ^ (hash >> 32);                  // FNV's low bits alone spread short names badly
    }

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ulong Add(ulong hash, string text)
    {
        Span<byte> utf8 = stackalloc byte[256];
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var take = Math.Min(rest.Length, 64);
            if (take < rest.Length && char.IsHighSurrogate(rest[take - 1]))
            {
                take--;
            }

            var written = Encoding.UTF8.GetBytes(rest[..Math.Max(take, 1)], utf8);
            foreach (var value in utf8[..written])
            {
                hash = unchecked((hash ^ value) * 1099511628211UL);
            }

            rest = rest[Math.Max(take, 1)..];
        }

        return hash;
    }
}
