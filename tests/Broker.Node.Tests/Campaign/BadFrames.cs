using System.IO.Compression;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>Frames that no client may send, by name, and the code that each is closed with.</summary>
internal static class BadFrames
{
    /// <summary>For a session with permessage-deflate.</summary>
    public static readonly IReadOnlyDictionary<string, (byte[] Bytes, int Code)> Deflated = new Dictionary<string, (byte[], int)>
    {
        ["deflated data that cannot be inflated"] = (ClientFrame.Build(0xC1, [.. Enumerable.Repeat((byte)0xFF, 100)]), 1007),
        ["little that inflates to much"] = (ClientFrame.Build(0xC2, Deflate(new byte[16 << 20])), 1009),
        ["deflated text that is not UTF-8"] = (ClientFrame.Build(0xC1, Deflate([0xC3, 0x28])), 1007),
        ["a deflated ping"] = (ClientFrame.Build(0xC9, [1]), 1002),
        ["a deflated continuation"] = ([.. ClientFrame.Build(0x41, [1]), .. ClientFrame.Build(0xC0, [1])], 1002),
    };

    public static readonly IReadOnlyDictionary<string, (byte[] Bytes, int Code)> Plain = new Dictionary<string, (byte[], int)>
    {
        ["an unmasked frame"] = (ClientFrame.Build(0x81, "{}"u8.ToArray(), isMasked: false), 1002),
        ["an unmasked ping"] = (ClientFrame.Build(0x89, [], isMasked: false), 1002),
        ["a megabyte"] = (ClientFrame.Text(new byte[1 << 20]), 1009),
        ["a megabyte in fragments"] = ([.. ClientFrame.Binary(new byte[200_000], isFinal: false), .. ClientFrame.Continuation(new byte[800_000], isFinal: true)], 1009),
        ["the announcement of a terabyte"] = (ClientFrame.Build(0x82, [], length: 1UL << 40), 1009),
        ["a length with the top bit"] = (ClientFrame.Build(0x82, [], length: 1UL << 63), 1002),
        ["text that is not UTF-8"] = (ClientFrame.Text([0xC3, 0x28]), 1007),
        ["text that ends within a character"] = (ClientFrame.Text([0xF0, 0x9F]), 1007),
        ["text with a surrogate"] = (ClientFrame.Text([0xED, 0xA0, 0x80]), 1007),
        ["a reserved bit"] = (ClientFrame.Build(0xA1, "{}"u8.ToArray()), 1002),
        ["deflate that was not agreed"] = (ClientFrame.Build(0xC1, "{}"u8.ToArray()), 1002),
        ["a reserved opcode"] = (ClientFrame.Build(0x83, []), 1002),
        ["a reserved control opcode"] = (ClientFrame.Build(0x8B, []), 1002),
        ["a continuation of nothing"] = (ClientFrame.Continuation("x", isFinal: true), 1002),
        ["a message within a message"] = ([.. ClientFrame.Text("x", isFinal: false), .. ClientFrame.Text("y")], 1002),
        ["a fragmented ping"] = (ClientFrame.Build(0x09, []), 1002),
        ["a ping of 126 bytes"] = (ClientFrame.Ping(new byte[126]), 1002),
        ["a close of one byte"] = (ClientFrame.Build(0x88, [3]), 1002),
        ["a close that says 1005"] = (ClientFrame.Close(1005), 1002),
        ["a close that says 2999"] = (ClientFrame.Close(2999), 1002),
        ["a close whose reason is not UTF-8"] = (ClientFrame.Close(1000, [0xC3, 0x28]), 1007),
        ["random bytes"] = (Noise(), 1002),
    };

    private static byte[] Deflate(byte[] data)
    {
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(data);
            deflate.Flush();
        }

        return deflated.ToArray();
    }

    /// <summary>Whose first byte has reserved bits.</summary>
    private static byte[] Noise()
    {
        var noise = new byte[10_000];
        new Random(1).NextBytes(noise);
        noise[0] = 0xFF;
        return noise;
    }
}
