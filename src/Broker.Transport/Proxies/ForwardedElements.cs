using Broker.Transport.Handshake;

namespace Broker.Transport.Proxies;

/// <summary>The elements of a <c>Forwarded</c> header, RFC 7239 section 4.</summary>
internal static class ForwardedElements
{
    // Forwarded = 1#forwarded-element;  forwarded-element = [ pair ] *( ";" [ pair ] );  pair = token "=" ( token | quoted-string )
    /// <summary>Each element's <c>for</c>; null where it has none. One null for a header that cannot be read: nothing in it counts.</summary>
    public static IEnumerable<string?> Read(string header)
    {
        try
        {
            return ReadAll(header);
        }
        catch (FormatException)
        {
            return [null];
        }
    }

    private static List<string?> ReadAll(string header)
    {
        var elements = new List<string?>();
        var reader = new TokenReader(header);
        do
        {
            if (!reader.IsAtListGap)
            {
                elements.Add(ReadOne(ref reader));
            }
        }
        while (reader.TryTake(','));
        reader.ExpectEnd();
        return elements;
    }

    private static string? ReadOne(ref TokenReader reader)
    {
        string? client = null;
        do
        {
            var name = reader.Token();
            if (!reader.TryTake('='))
            {
                throw new FormatException("A parameter has a value.");
            }

            var value = reader.TokenOrString();
            if (name.Equals("for", StringComparison.OrdinalIgnoreCase))
            {
                client = client is null ? value : throw new FormatException("A parameter comes once.");
            }
        }
        while (reader.TryTake(';'));
        return client;
    }
}
