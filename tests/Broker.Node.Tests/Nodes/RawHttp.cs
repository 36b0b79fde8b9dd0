using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.Node.Tests.Nodes;

/// <summary>HTTP by hand, for what no client library would send.</summary>
public sealed class RawHttp : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly List<byte> _read = [];

    private RawHttp()
    {
    }

    public static async Task<RawHttp> ConnectAsync(int port)
    {
        var http = new RawHttp();
        await http._tcp.ConnectAsync(IPAddress.Loopback, port);
        http._tcp.Client.ReceiveTimeout = 20_000;
        return http;
    }

    /// <summary>A WebSocket handshake for this path.</summary>
    public static string Upgrade(string path, string moreHeaders = "") =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{moreHeaders}\r\n";

    public async Task SendAsync(string text) => await _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>One masked text frame, with a mask of zeros.</summary>
    public async Task SendFrameAsync(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        byte[] head = payload.Length < 126
            ? [0x81, (byte)(0x80 | payload.Length)]
            : [0x81, 0xFE, (byte)(payload.Length >> 8), (byte)payload.Length];
        await _tcp.GetStream().WriteAsync((byte[])[.. head, 0, 0, 0, 0, .. payload]);
    }

    /// <summary>Everything up to and with this text.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var wanted = Encoding.UTF8.GetBytes(end);
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_read).IndexOf(wanted);
            if (at >= 0)
            {
                var text = Encoding.Latin1.GetString([.. _read[..(at + wanted.Length)]]);
                _read.RemoveRange(0, at + wanted.Length);
                return text;
            }

            var length = await _tcp.GetStream().ReadAsync(buffer, timeout.Token);
            if (length == 0)
            {
                throw new EndOfStreamException($"The connection ended after \"{Encoding.Latin1.GetString([.. _read])}\".");
            }

            _read.AddRange(buffer[..length]);
        }
    }

    /// <summary>What is left until the node ends the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var rest = new MemoryStream();
        await _tcp.GetStream().CopyToAsync(rest, timeout.Token);
        return Encoding.Latin1.GetString([.. _read, .. rest.ToArray()]);
    }

    public void Dispose() => _tcp.Dispose();
}
