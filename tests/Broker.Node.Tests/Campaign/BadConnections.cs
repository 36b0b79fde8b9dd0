using System.Net;
using System.Net.Sockets;
using System.Text;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>Connections that never become a session, or do not end as one should, by name. Each returns once the node has done its part.</summary>
internal static class BadConnections
{
    /// <summary>What Kestrel tells those who speak HTTP/2 where only HTTP/1.1 is spoken begins so.</summary>
    private const string Http2GoAway = "\0\0\b\a";

    private const string Subscribe = """{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"channel":"left behind"}}""";

    private static readonly byte[] Half = RawClient.Request("/rpc")[..60];

    public static readonly IReadOnlyDictionary<string, Func<IPEndPoint, Task>> All = new Dictionary<string, Func<IPEndPoint, Task>>
    {
        ["noise"] = node => RefusedAsync(node, Noise(1_000)),
        ["much noise"] = node => RefusedAsync(node, Noise(100_000)),
        ["noise in lines"] = node => RefusedAsync(node, Encoding.ASCII.GetBytes("EHLO example.org\r\nMAIL FROM:<a@b>\r\n\r\n")),
        ["a TLS greeting"] = node => RefusedAsync(node, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, .. new byte[506]]),
        ["HTTP/2"] = node => RefusedAsync(node, Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        ["HTTP/9"] = node => RefusedAsync(node, Encoding.ASCII.GetBytes("GET /rpc HTTP/9.9\r\nHost: a\r\n\r\n")),
        ["a request line of 100 KB"] = node => RefusedAsync(node, RawClient.Request("/rpc?" + new string('q', 100_000))),
        ["a header of 100 KB"] = node => RefusedAsync(node, RawClient.Request("/rpc", $"X-Large: {new string('x', 100_000)}\r\n")),
        ["10,000 headers"] = node => RefusedAsync(node, RawClient.Request("/rpc", string.Concat(Enumerable.Repeat("A: b\r\n", 10_000)))),
        ["a head without line ends"] = node => RefusedAsync(node, Encoding.ASCII.GetBytes(new string('G', 200_000))),
        ["no key"] = node => RefusedAsync(node, Without("Sec-WebSocket-Key")),
        ["another version"] = node => RefusedAsync(node, Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(RawClient.Request("/rpc")).Replace("Version: 13", "Version: 7", StringComparison.Ordinal))),
        ["no such path"] = node => RefusedAsync(node, RawClient.Request("/nowhere", "Connection: close\r\n")),
        ["nothing at all"] = node => RefusedAsync(node, []),
        ["half a head, and no more"] = node => RefusedAsync(node, Half),
        ["half a head, and the end"] = async node =>
        {
            using var client = await RawClient.ConnectAsync(node);
            await client.SendAsync(Half);
            client.HalfClose();
            await ReadToTheEndAsync(client);
        },
        ["half a head, and a reset"] = async node =>
        {
            using var client = await RawClient.ConnectAsync(node);
            await client.SendAsync(Half);
            client.Reset();
        },
        ["a reset at once"] = async node => (await RawClient.ConnectAsync(node)).Reset(),
        ["a reset after the handshake"] = async node => (await RawClient.OpenAsync(node, "/rpc")).Reset(),
        ["a reset before the answer to the handshake"] = async node =>
        {
            using var client = await RawClient.ConnectAsync(node);
            await client.SendAsync(RawClient.Request("/rpc"));
            client.Reset();
        },
        ["a reset of a subscriber"] = async node =>
        {
            using var client = await RawClient.OpenAsync(node, "/rpc");
            await client.SendAsync(ClientFrame.Text(Subscribe));
            await client.ReadAsync();
            client.Reset();
        },
        ["a reset within a frame"] = async node =>
        {
            using var client = await RawClient.OpenAsync(node, "/rpc");
            await client.SendAsync(ClientFrame.Text(Subscribe)[..20]);
            client.Reset();
        },
        ["a reset within a message"] = async node =>
        {
            using var client = await RawClient.OpenAsync(node, "/rpc");
            await client.SendAsync(ClientFrame.Text(Subscribe, isFinal: false));
            client.Reset();
        },
        ["the end after the handshake"] = async node => await EndedAsync(node, []),
        ["the end within a frame"] = async node => await EndedAsync(node, ClientFrame.Text(Subscribe)[..20]),
        ["the end of a subscriber"] = async node => await EndedAsync(node, ClientFrame.Text(Subscribe)),
        ["a head byte by byte"] = async node =>
        {
            using var client = await RawClient.ConnectAsync(node);
            await client.SendInPiecesAsync(RawClient.Request("/rpc"), 1);
            (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
            await client.SendInPiecesAsync(ClientFrame.Text(Subscribe), 1);
            (await client.ReadAsync()).Text.ShouldContain("\"result\"");
        },
        ["a head byte by byte that never ends"] = async node =>
        {
            using var client = await RawClient.ConnectAsync(node);
            var endless = Task.Run(async () =>
            {
                await client.SendAsync(Half);
                while (true)
                {
                    await client.SendAsync("x"u8.ToArray());
                }
            });
            await ReadToTheEndAsync(client);
            client.Dispose();
            await Should.ThrowAsync<Exception>(endless);
        },
    };

    /// <summary>Refused in words or cut, but ended.</summary>
    private static async Task RefusedAsync(IPEndPoint node, byte[] bytes)
    {
        using var client = await RawClient.ConnectAsync(node);
        try
        {
            await client.SendAsync(bytes);
        }
        catch (SocketException)
        {
            return;   // refused before all was sent
        }

        await ReadToTheEndAsync(client);
    }

    private static async Task ReadToTheEndAsync(RawClient client)
    {
        try
        {
            var answer = await client.ReadTextToEndAsync();
            string[] refusals = ["HTTP/1.1 4", "HTTP/1.1 505", Http2GoAway];
            (answer.Length == 0 || refusals.Any(refusal => answer.StartsWith(refusal, StringComparison.Ordinal))).ShouldBeTrue(answer);
        }
        catch (SocketException)
        {
            // Cut.
        }
    }

    /// <summary>The client says that it sends nothing more; the node ends the connection too.</summary>
    private static async Task EndedAsync(IPEndPoint node, byte[] bytes)
    {
        using var client = await RawClient.OpenAsync(node, "/rpc");
        await client.SendAsync(bytes);
        client.HalfClose();
        await client.ReadToEndAsync();
    }

    private static byte[] Without(string header) => Encoding.ASCII.GetBytes(string.Join(
        "\r\n", Encoding.ASCII.GetString(RawClient.Request("/rpc")).Split("\r\n").Where(line => !line.StartsWith(header, StringComparison.Ordinal))));

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }
}
