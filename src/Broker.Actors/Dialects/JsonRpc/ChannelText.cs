using Broker.Messages;

namespace Broker.Actors.Dialects.JsonRpc;

/// <summary>Reads channels' names out of JSON.</summary>
internal static class ChannelText
{
    private const int ShortName = 512;

    /// <param name="raw">What stands between the string's quotes.</param>
    /// <returns>False when it is not Unicode text: half a surrogate pair.</returns>
    public static bool TryRead(ISessionContext session, ReadOnlySpan<byte> raw, out ChannelName channel)
    {
        channel = default;
        if (!JsonText.HasEscapes(raw))
        {
            channel = session.Channel(raw);
            return true;
        }

        var text = raw.Length <= ShortName ? stackalloc byte[ShortName] : new byte[raw.Length];
        if (!JsonText.TryUnescape(raw, text, out var written))
        {
            return false;
        }

        channel = session.Channel(text[..written]);
        return true;
    }
}
