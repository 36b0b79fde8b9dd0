using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.TestKit.WebSockets;

/// <summary>A WebSocket client that sends exactly the bytes it is told to, and reads what comes frame by frame.</summary>
public sealed class RawClient : IDisposable
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private readonly Socket _socket;
    private readonly CancellationTokenSource _guard = new(TimeSpan.FromSeconds(60));   // ends a hung test, decides nothing
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    private RawClient(Socket socket) => _socket = socket;

    public Socket Socket => _socket;

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint, int? receiveBuffer = null)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        var client = new RawClient(socket);
        await socket.ConnectAsync(endPoint, client._guard.Token);
        return client;
    }

    /// <summary>A whole handshake, whose answer must be 101.</summary>
    public static async Task<RawClient> OpenAsync(IPEndPoint endPoint, string path = "/echo", string headers = "", int? receiveBuffer = null)
    {
        var client = await ConnectAsync(endPoint, receiveBuffer);
        await client.SendAsync(Request(path, headers));
        var head = await client.ReadHeadAsync();
        return head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) ? client : throw new InvalidDataException(head);
    }

    /// <param name="path">Path and query.</param>
    /// <param name="headers">More header lines, each with its line end.</param>
    public static byte[] Request(string path = "/echo", string headers = "") => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {Key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n");

    public async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, _guard.Token);
        }
    }

    /// <summary>Sends pieces of this size, each in a packet of its own as far as the kernel lets it.</summary>
    public async Task SendInPiecesAsync(byte[] bytes, int size)
    {
        for (var start = 0; start < bytes.Length; start += size)
        {
            await SendAsync(bytes[start..Math.Min(start + size, bytes.Length)]);
            await Task.Yield();
        }
    }

    /// <summary>The response's head, up to and with its empty line.</summary>
    public async Task<string> ReadHeadAsync()
    {
        while (true)
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return Encoding.ASCII.GetString(Take(end + 4));
            }

            if (!await FillAsync())
            {
                throw new EndOfStreamException(Encoding.ASCII.GetString(Take(_end - _start)));
            }
        }
    }

    public async Task<ServerFrame> ReadAsync() => await TryReadAsync() ?? throw new EndOfStreamException("The server has closed.");

    /// <summary>The next frame; null when the server has closed between two frames.</summary>
    public async Task<ServerFrame?> TryReadAsync()
    {
        if (!await HasAsync(2, isEndAllowed: true))
        {
            return null;
        }

        var (first, second) = (_buffer[_start], _buffer[_start + 1]);
        if ((second & 0x80) != 0)
        {
            throw new InvalidDataException("A server's frame is never masked.");
        }

        Take(2);
        long length = second;
        if (second == 126)
        {
            await HasAsync(2);
            length = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        }
        else if (second == 127)
        {
            await HasAsync(8);
            length = BinaryPrimitives.ReadInt64BigEndian(Take(8));
        }

        await HasAsync((int)length);
        return new ServerFrame(first, Take((int)length));
    }

    /// <summary>Frames until the server closes the connection, as text.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        var frames = new List<string>();
        while (await TryReadAsync() is { } frame)
        {
            frames.Add(frame.ToString());
        }

        return frames;
    }

    /// <summary>All bytes until the server closes the connection.</summary>
    public async Task<string> ReadTextToEndAsync()
    {
        while (await FillAsync())
        {
        }

        return Encoding.UTF8.GetString(Take(_end - _start));
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _guard.Dispose();
    }

    private byte[] Take(int count)
    {
        var taken = _buffer.AsSpan(_start, count).ToArray();
        _start += count;
        return taken;
    }

    private async Task<bool> HasAsync(int count, bool isEndAllowed = false)
    {
        while (_end - _start < count)
        {
            if (!await FillAsync(count))
            {
                return isEndAllowed && _end == _start ? false : throw new EndOfStreamException("The server has closed within a frame.");
            }
        }

        return true;
    }

    private async Task<bool> FillAsync(int wanted = 1)
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_buffer.Length < wanted || _end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(wanted, _buffer.Length * 2));
        }

        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, _guard.Token);
        _end += count;
        return count > 0;
    }
}
