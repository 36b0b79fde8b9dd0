namespace Broker.Transport.Handshake;

/// <summary>One element of a <c>Sec-WebSocket-Extensions</c> header.</summary>
/// <param name="Name">The extension's name.</param>
/// <param name="Parameters">In their order, unquoted; a value is null when there was none.</param>
internal sealed record ExtensionOffer(string Name, IReadOnlyList<KeyValuePair<string, string?>> Parameters)
{
    // extension-list = 1#extension;  extension = token *( ";" token [ "=" (token | quoted-string) ] )   RFC 6455 section 9.1
    public static IReadOnlyList<ExtensionOffer> ParseAll(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var offers = new List<ExtensionOffer>();
        var reader = new TokenReader(header);
        do
        {
            if (reader.IsAtListGap)
            {
                continue;   // empty elements are allowed in lists: RFC 9110 section 5.6.1
            }

            offers.Add(ParseOne(ref reader));
        }
        while (reader.TryTake(','));
        reader.ExpectEnd();
        return offers;
    }

    private static ExtensionOffer ParseOne(ref TokenReader reader)
    {
        var name = reader.Token();
        var parameters = new List<KeyValuePair<string, string?>>();
        while (reader.TryTake(';'))
        {
            var parameter = reader.Token();
            parameters.Add(new(parameter, reader.TryTake('=') ? reader.TokenOrQuoted() : null));
        }

        return new ExtensionOffer(name, parameters);
    }
}
