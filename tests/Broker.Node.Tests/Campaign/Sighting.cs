using System.Buffers.Text;

namespace Broker.Node.Tests.Campaign;

/// <summary>An event as a subscriber saw it, in whatever dialect: its data is <c>{"c":0,"p":1,"n":2}</c>.</summary>
/// <param name="Channel">Number of the channel.</param>
/// <param name="Publisher">Number of the publisher.</param>
/// <param name="Number">Which of this publisher's events in this channel.</param>
internal readonly record struct Sighting(int Channel, int Publisher, int Number)
{
    /// <summary>The publisher of what comes last in every channel.</summary>
    public const int Fence = 999;

    public string Data => $$"""{"c":{{Channel}},"p":{{Publisher}},"n":{{Number}}}""";

    /// <summary>False when the message is no event.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out Sighting sighting, out long offset)
    {
        offset = NumberAt("\"offset\":"u8, message) ?? 0;
        if (NumberAt("\"c\":"u8, message) is not { } channel)
        {
            sighting = default;
            return false;
        }

        sighting = new Sighting((int)channel, (int)NumberAt("\"p\":"u8, message)!, (int)NumberAt("\"n\":"u8, message)!);
        return true;
    }

    private static long? NumberAt(ReadOnlySpan<byte> name, ReadOnlySpan<byte> message) =>
        message.IndexOf(name) is >= 0 and var at && Utf8Parser.TryParse(message[(at + name.Length)..], out long number, out _) ? number : null;
}
