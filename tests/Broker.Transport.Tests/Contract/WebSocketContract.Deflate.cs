using System.Net.Sockets;
using System.Net.WebSockets;
using Broker.TestKit.WebSockets;

namespace Broker.Transport.Tests.Contract;

// Autobahn's categories 12 and 13.
public abstract partial class WebSocketContract
{
    [Theory]
    [InlineData("permessage-deflate", 15)]
    [InlineData("permessage-deflate; client_max_window_bits", 15)]
    [InlineData("permessage-deflate; server_max_window_bits=9", 9)]
    [InlineData("permessage-deflate; server_max_window_bits=12; client_max_window_bits=9", 12)]
    [InlineData("permessage-deflate; server_no_context_takeover; client_no_context_takeover", 15)]
    public async Task Deflate_WhenItIsAgreed_MessagesOfAllSizesComeBack(string offer, int serverBits)
    {
        _options.MaxMessageBytes = 131_072;
        using var raw = await RawClient.ConnectAsync(Server.EndPoint);
        await raw.SendAsync(RawClient.Request(headers: $"Sec-WebSocket-Extensions: {offer}\r\n"));
        (await raw.ReadHeadAsync()).ShouldContain("\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        using var client = Deflating(raw, serverBits);
        foreach (var size in (int[])[0, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072])
        {
            for (var n = 0; n < 5; n++)
            {
                var payload = Payload(size, n);
                await client.SendAsync(payload, WebSocketMessageType.Binary, endOfMessage: n % 2 == 0, CancellationToken.None);
                if (n % 2 == 1)
                {
                    await client.SendAsync(payload, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                    payload = [.. payload, .. payload];
                    if (payload.Length > _options.MaxMessageBytes)
                    {
                        return;
                    }
                }

                (await ReceiveAsync(client, payload.Length)).AsSpan().SequenceEqual(payload).ShouldBeTrue($"{size} bytes");
            }
        }
    }

    [Fact]
    public async Task Deflate_WhenNoOfferIsAcceptable_MessagesGoPlain()
    {
        using var client = await OpenAsync(headers: "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16, foo\r\n");
        await client.SendAsync(ClientFrame.Text(new string('x', 1000)));
        (await client.ReadAsync()).First.ShouldBe((byte)0x81);
    }

    [Fact]
    public async Task Deflate_WhenItIsSwitchedOff_IsNotAgreed()
    {
        _options.IsDeflateAllowed = false;
        using var client = await RawClient.ConnectAsync(Server.EndPoint);
        await client.SendAsync(RawClient.Request(headers: "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
        (await client.ReadHeadAsync()).ShouldNotContain("Extensions");
    }

    [Fact]
    public async Task Deflate_WhenAMessageIsShort_ComesBackPlain()
    {
        using var client = await OpenAsync(headers: "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        await client.SendAsync(ClientFrame.Build(0xC1, Convert.FromHexString("F248CDC9C90700")));
        (await client.ReadAsync()).ToString().ShouldBe("text Hello");
    }

    [Fact]
    public async Task Deflate_WhenDataIsCorrupted_FailsWith1007()
    {
        using var client = await OpenAsync(headers: "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        await client.SendAsync(ClientFrame.Build(0xC1, [0xFF, 0xFF, 0xFF]));
        (await client.ReadToEndAsync()).ShouldBe(["close 1007"]);
    }

    private static WebSocket Deflating(RawClient raw, int serverBits) => WebSocket.CreateFromStream(
        new NetworkStream(raw.Socket),
        new WebSocketCreationOptions
        {
            DangerousDeflateOptions = new WebSocketDeflateOptions
            {
                ServerMaxWindowBits = serverBits,
                ClientContextTakeover = false,
                ServerContextTakeover = false,
            },
        });

    private static byte[] Payload(int size, int seed)
    {
        var random = new Random(seed);
        var payload = new byte[size];
        for (var i = 0; i < size; i++)
        {
            payload[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : i % 7);
        }

        return payload;
    }

    private static async Task<byte[]> ReceiveAsync(WebSocket client, int length)
    {
        var received = new byte[length + 1];
        var count = 0;
        while (true)
        {
            var result = await client.ReceiveAsync(received.AsMemory(count), TestContext.Current.CancellationToken);
            count += result.Count;
            if (result.EndOfMessage)
            {
                return received[..count];
            }
        }
    }
}
