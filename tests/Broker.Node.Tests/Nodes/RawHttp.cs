using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Broker.Node.Tests.Nodes;

/// <summary>HTTP by hand, for what no client library would send.</summary>
public sealed class RawHttp : IDisposable
{
    private readonly Socket _socket;
    private readonly List<byte> _read = [];
    private Stream _stream;

    private RawHttp(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket);
    }

    /// <summary>The client's own address.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public static Task<RawHttp> ConnectAsync(int port) => ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));

    public static async Task<RawHttp> ConnectAsync(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint);
        if (endPoint is IPEndPoint)
        {
            socket.NoDelay = true;
        }

        return new RawHttp(socket);
    }

    /// <summary>From here on over TLS.</summary>
    public async Task<SslStream> SecureAsync(SslClientAuthenticationOptions? options = null)
    {
        var secure = new SslStream(_stream);
        await secure.AuthenticateAsClientAsync(options ?? new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = TestCertificate.IsOne,
        });
        _stream = secure;
        return secure;
    }

    /// <summary>A WebSocket handshake for this path.</summary>
    public static string Upgrade(string path, string moreHeaders = "") =>
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{moreHeaders}\r\n";

    public async Task SendAsync(string text) => await SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>One masked text frame, with a mask of zeros.</summary>
    public async Task SendFrameAsync(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        byte[] head = payload.Length < 126
            ? [0x81, (byte)(0x80 | payload.Length)]
            : [0x81, 0xFE, (byte)(payload.Length >> 8), (byte)payload.Length];
        await _stream.WriteAsync((byte[])[.. head, 0, 0, 0, 0, .. payload]);
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

            var length = await _stream.ReadAsync(buffer, timeout.Token);
            if (length == 0)
            {
                throw new EndOfStreamException($"The connection ended after \"{Encoding.Latin1.GetString([.. _read])}\".");
            }

            _read.AddRange(buffer[..length]);
        }
    }

    /// <summary>What is left until the node ends the connection, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var rest = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(rest, timeout.Token);
        }
        catch (IOException)
        {
            // Reset: what the client had sent was not read.
        }

        return Encoding.Latin1.GetString([.. _read, .. rest.ToArray()]);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
