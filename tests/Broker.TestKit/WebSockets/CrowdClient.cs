using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Broker.TestKit.WebSockets;

/// <summary>Takes a data frame of a message in one piece; false when that was enough.</summary>
public delegate bool MessageTaker(ReadOnlySpan<byte> payload);

/// <summary>
/// One of a crowd: a WebSocket client with a small buffer and no task of its own, so that thousands fit into a test. It
/// reads only while it is told to, answers pings meanwhile, and hands each message on without a copy.
/// </summary>
public sealed class CrowdClient : IDisposable
{
    private const int TcpMaxSegment = 2;
    private const int MaxSegmentBytes = 1_400;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[4_096];
    private int _start;
    private int _end;

    private CrowdClient(Socket socket) => _socket = socket;

    /// <summary>What the server's close frame said, once one has come; 1005 when it said nothing.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="receiveBuffer">Bytes that the kernel keeps for it, about; a small one makes a client that stops reading felt soon.</param>
    /// <param name="from">The address that it has; null for any.</param>
    public static async Task<CrowdClient> OpenAsync(
        IPEndPoint endPoint, string path, int? receiveBuffer = null, IPAddress? from = null, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var client = new CrowdClient(socket);
        try
        {
            // As over a network: on loopback segments are of 64 KiB, and the kernel would buffer megabytes for each client.
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpMaxSegment, BitConverter.GetBytes(MaxSegmentBytes));
            if (receiveBuffer is { } size)
            {
                socket.ReceiveBufferSize = size;
            }

            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(endPoint, cancellationToken);
            await client.SendBytesAsync(RawClient.Request(path), cancellationToken);
            await client.ReadHeadAsync(cancellationToken);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Opens many, some at a time.</summary>
    public static async Task<CrowdClient[]> OpenManyAsync(
        int count, IPEndPoint endPoint, string path, int? receiveBuffer = null, CancellationToken cancellationToken = default)
    {
        var clients = new CrowdClient[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (n, token) =>
            clients[n] = await OpenAsync(endPoint, path, receiveBuffer, cancellationToken: token));
        return clients;
    }

    public Task SendAsync(string text, CancellationToken cancellationToken = default) =>
        SendBytesAsync(ClientFrame.Text(text), cancellationToken);

    public async Task SendBytesAsync(byte[] bytes, CancellationToken cancellationToken = default)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, cancellationToken);
        }
    }

    /// <summary>The next message, as text.</summary>
    public async Task<string> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        string? text = null;
        var isTaken = await ReadAsync(
            payload =>
            {
                text = Encoding.UTF8.GetString(payload);
                return false;
            },
            cancellationToken);
        return isTaken ? text! : throw new EndOfStreamException($"Closed with {CloseCode}.");
    }

    /// <summary>Reads until the taker has enough, or until the server has closed.</summary>
    /// <returns>False when the server has closed, by a close frame or without.</returns>
    public async Task<bool> ReadAsync(MessageTaker take, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            switch (TakeMessages(take, out var pong))
            {
                case Reading.Enough: return true;
                case Reading.Closed: return false;
                case Reading.Pinged: await SendBytesAsync(pong, cancellationToken); break;
                default:
                    if (!await FillAsync(cancellationToken))
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    /// <summary>The same, by the thread that calls it, which sleeps in the kernel meanwhile: no other thread is woken for what comes.</summary>
    /// <exception cref="SocketException">The connection was lost, or disposed meanwhile.</exception>
    public bool Read(MessageTaker take)
    {
        while (true)
        {
            switch (TakeMessages(take, out var pong))
            {
                case Reading.Enough: return true;
                case Reading.Closed: return false;
                case Reading.Pinged: SendBytes(pong); break;
                default:
                    if (!Filled(_socket.Receive(RoomForMore().Span)))
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    /// <summary>Returns when the kernel has taken all of it.</summary>
    public void SendBytes(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += _socket.Send(bytes.AsSpan(sent));
        }
    }

    /// <summary>Ends both directions: who reads is woken.</summary>
    public void Shutdown() => _socket.Shutdown(SocketShutdown.Both);

    /// <summary>Breaks the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadHeadAsync(CancellationToken cancellationToken)
    {
        int length;
        while ((length = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellationToken))
            {
                throw new EndOfStreamException(Encoding.ASCII.GetString(_buffer, 0, _end));
            }
        }

        if (!_buffer.AsSpan().StartsWith("HTTP/1.1 101 "u8))
        {
            throw new InvalidDataException(Encoding.ASCII.GetString(_buffer, 0, length));
        }

        _start = length + 4;
    }

    private bool TryFrame(out byte first, out int payloadStart, out int payloadLength)
    {
        (first, payloadStart, payloadLength) = (0, 0, 0);
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < 2)
        {
            return false;
        }

        first = bytes[0];
        var header = bytes[1] switch { 126 => 4, 127 => 10, _ => 2 };
        if (bytes.Length < header)
        {
            return false;
        }

        payloadLength = header switch
        {
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            10 => checked((int)BinaryPrimitives.ReadInt64BigEndian(bytes[2..])),
            _ => bytes[1],
        };
        payloadStart = _start + header;
        return bytes.Length >= header + payloadLength;
    }

    private Reading TakeMessages(MessageTaker take, out byte[] pong)
    {
        pong = [];
        while (TryFrame(out var first, out var payloadStart, out var payloadLength))
        {
            _start = payloadStart + payloadLength;
            var payload = _buffer.AsSpan(payloadStart, payloadLength);
            switch (first)
            {
                case 0x81 or 0x82:
                    if (!take(payload))
                    {
                        return Reading.Enough;
                    }

                    break;
                case 0x88:
                    CloseCode = payloadLength < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
                    return Reading.Closed;
                case 0x89:
                    pong = ClientFrame.Pong(payload.ToArray());
                    return Reading.Pinged;
                default:
                    throw new InvalidDataException($"A frame of a kind that does not come: {first:X2}");
            }
        }

        return CloseCode is null ? Reading.WantsMore : Reading.Closed;
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken) =>
        Filled(await _socket.ReceiveAsync(RoomForMore(), SocketFlags.None, cancellationToken));

    private Memory<byte> RoomForMore()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        return _buffer.AsMemory(_end);
    }

    private bool Filled(int count)
    {
        _end += count;
        return count > 0;
    }

    /// <summary>What a reader is to do next.</summary>
    private enum Reading
    {
        WantsMore,
        Enough,
        Pinged,
        Closed,
    }
}
