using System.Text;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Framing;

/// <summary>Clients' bytes made up from a seed: mostly right, sometimes not.</summary>
internal static class RandomStream
{
    public static byte[] Make(Random random)
    {
        var stream = new List<byte>();
        for (var n = random.Next(1, 12); n > 0; n--)
        {
            stream.AddRange(Frames(random));
        }

        return [.. stream];
    }

    public static string Text(Random random)
    {
        var text = new StringBuilder();
        for (var n = random.Next(4) switch { 0 => 0, 1 => random.Next(130), 2 => random.Next(1000), _ => random.Next(9000) }; n > 0; n--)
        {
            text.Append(random.Next(6) switch { 0 => "é", 1 => "漢", 2 => "😀", _ => "a" });
        }

        return text.ToString();
    }

    public static IEnumerable<byte[]> Fragments(Random random, byte[] payload)
    {
        var start = 0;
        for (var first = true; ; first = false)
        {
            var isLast = random.Next(3) == 0;
            var length = isLast ? payload.Length - start : random.Next(payload.Length - start + 1);
            var piece = payload[start..(start + length)];
            start += length;
            yield return first ? ClientFrame.Text(piece, isLast) : ClientFrame.Continuation(piece, isLast);
            if (isLast)
            {
                yield break;
            }
        }
    }

    private static IEnumerable<byte> Frames(Random random)
    {
        var noise = new byte[random.Next(200)];
        random.NextBytes(noise);
        return random.Next(40) switch
        {
            0 => ClientFrame.Text(noise),
            1 => noise,
            2 => ClientFrame.Build((byte)random.Next(256), noise),
            < 8 => ClientFrame.Ping(noise[..Math.Min(noise.Length, 125)]),
            < 15 => ClientFrame.Binary(noise),
            _ => Fragments(random, Encoding.UTF8.GetBytes(Text(random))).SelectMany(frame => frame),
        };
    }
}
