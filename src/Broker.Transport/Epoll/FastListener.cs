using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Broker.Actors;
using Broker.Transport.Connections;
using Broker.Transport.Handshake;
using Broker.Transport.Proxies;

namespace Broker.Transport.Epoll;

/// <summary>
/// A plain (not TLS) port on Linux. Looks at the first bytes of each connection without taking them: a whole WebSocket
/// handshake for the broker goes to a loop, everything else, still unread, to somebody else, who bounds slow heads. A
/// connection that sends nothing is closed after <see cref="WebSocketOptions.HandshakeTimeoutMs"/>. Behind a proxy that
/// speaks the PROXY protocol its header is taken first; who is no trusted proxy, or sends anything else, is closed.
/// </summary>
public sealed unsafe class FastListener : IDisposable
{
    private const ulong ListenToken = ulong.MaxValue - 1;
    private const int AcceptsPerTurn = 64;
    private const int AcceptPauseMs = 100;

    private readonly Socket _listener;
    private readonly int _listenDescriptor;
    private readonly IReadOnlyList<EpollDoor> _doors;
    private readonly Reception _reception;
    private readonly Action<Socket, IPEndPoint> _others;
    private readonly TrustedProxies? _proxies;
    private readonly Action<IPEndPoint, string> _refused;
    private readonly EpollSet _set = new();
    private readonly SilentSockets _silent;
    private readonly byte[] _head;
    private readonly Thread _thread;
    private int _nextDoor;
    private long _acceptAgainMs = -1;
    private volatile bool _stopping;

    /// <param name="endPoint">What to bind; port 0 takes a free one.</param>
    /// <param name="doors">One per loop; connections go to them in turn.</param>
    /// <param name="reception">Judges handshakes.</param>
    /// <param name="others">Takes a connected socket, which it owns, unread but for a PROXY header, and who its client is. Called on the listener's thread; must not wait.</param>
    /// <param name="proxies">Who must begin with a PROXY header, and nobody else may come; null for a port without proxies.</param>
    /// <param name="refused">Told of connections that break that, and why. Called on the listener's thread; must not wait.</param>
    /// <param name="backlog">Connections that the kernel keeps until they are accepted.</param>
    /// <exception cref="SocketException">The address is taken, or not ours to bind.</exception>
    public FastListener(
        EndPoint endPoint,
        IReadOnlyList<EpollDoor> doors,
        Reception reception,
        Action<Socket, IPEndPoint> others,
        TrustedProxies? proxies = null,
        Action<IPEndPoint, string>? refused = null,
        int backlog = 4096)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(reception);
        _doors = doors;
        _reception = reception;
        _others = others;
        _proxies = proxies;
        _refused = refused ?? ((_, _) => { });
        _head = new byte[reception.Options.MaxHeadBytes];
        _silent = new SilentSockets(reception.Options.MaxOpenHandshakes);
        _listener = Bind(endPoint, backlog);
        EndPoint = _listener.LocalEndPoint!;
        _listenDescriptor = (int)_listener.SafeHandle.DangerousGetHandle();
        _thread = new Thread(Run) { IsBackground = true, Name = "accept" };
    }

    /// <summary>What was bound.</summary>
    public EndPoint EndPoint { get; }

    public void Start()
    {
        _set.Add(_listenDescriptor, Libc.EPOLLIN, ListenToken);
        _thread.Start();
    }

    /// <summary>Accepts nothing more and closes what is still silent. Connections given away live on.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _set.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _listener.Dispose();
        _silent.CloseAll();
        _set.Dispose();
    }

    private static Socket Bind(EndPoint endPoint, int backlog)
    {
        var protocol = endPoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, protocol) { Blocking = false };
        try
        {
            if (endPoint is IPEndPoint ip && ip.Address.Equals(IPAddress.IPv6Any))
            {
                listener.DualMode = true;
            }

            listener.Bind(endPoint);
            listener.Listen(backlog);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            var count = _set.Wait(NextDelayMs());
            for (var i = 0; i < count; i++)
            {
                if (!_set.Event(i, out _, out var token))
                {
                    continue;
                }

                if (token == ListenToken)
                {
                    Accept();
                }
                else if (_silent.TryFind(token, out var socket) && HasGreeted(token, socket))
                {
                    Look(token, socket);
                }
            }

            CloseOverdue();
        }
    }

    private void Accept()
    {
        var address = stackalloc byte[PeerAddress.MaxSize];
        for (var n = 0; n < AcceptsPerTurn; n++)
        {
            uint length = PeerAddress.MaxSize;
            var descriptor = Libc.accept4(_listenDescriptor, address, &length, Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK);
            if (descriptor < 0)
            {
                if (Marshal.GetLastPInvokeError() is Libc.EMFILE or Libc.ENFILE)
                {
                    PauseAccepting();
                }

                return;
            }

            var one = 1;
            _ = Libc.setsockopt(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, &one, sizeof(int));
            var peer = PeerAddress.Read(new ReadOnlySpan<byte>(address, PeerAddress.MaxSize));
            if (_proxies?.Trusts(peer.Address) == false)
            {
                _refused(peer, ProxyRefusal.NotTrusted);
                _ = Libc.close(descriptor);
                continue;
            }

            var silent = new SilentSocket(descriptor, peer, Environment.TickCount64 + _reception.Options.HandshakeTimeoutMs)
            {
                Greeting = _proxies is null ? null : new ProxyGreeting(),
            };
            _set.Add(descriptor, Libc.EPOLLIN, _silent.Add(silent));
        }
    }

    /// <summary>Out of descriptors: the connections wait in the kernel until some are free.</summary>
    private void PauseAccepting()
    {
        _set.Modify(_listenDescriptor, 0, ListenToken);
        _acceptAgainMs = Environment.TickCount64 + AcceptPauseMs;
    }

    /// <summary>Takes what has come of a PROXY header. True once there is nothing to wait for but a request.</summary>
    private bool HasGreeted(ulong token, SilentSocket socket)
    {
        while (socket.Greeting is { } greeting)
        {
            int count;
            fixed (byte* buffer = greeting.Wanted)
            {
                count = (int)Libc.recv(socket.Descriptor, buffer, (nuint)greeting.Wanted.Length, Libc.MSG_DONTWAIT);
            }

            if (count < 0 && Marshal.GetLastPInvokeError() is Libc.EAGAIN or Libc.EINTR)
            {
                return false;
            }

            ProxyHeader? header = null;
            switch (count > 0 ? greeting.Received(count, out header) : HeadOutcome.Malformed)
            {
                case HeadOutcome.Complete:
                    socket.Peer = header!.Client ?? socket.Peer;
                    socket.Greeting = null;
                    break;
                case HeadOutcome.Incomplete:
                    break;
                default:
                    if (count > 0)
                    {
                        _refused(socket.Peer, ProxyRefusal.NoHeader);
                    }

                    Drop(token, socket);
                    return false;
            }
        }

        return true;
    }

    private void Drop(ulong token, SilentSocket socket)
    {
        _silent.TryTake(token, out _);
        _ = Libc.close(socket.Descriptor);
    }

    private void Look(ulong token, SilentSocket socket)
    {
        fixed (byte* buffer = _head)
        {
            var length = (int)Libc.recv(socket.Descriptor, buffer, (nuint)_head.Length, Libc.MSG_PEEK | Libc.MSG_DONTWAIT);
            if (length < 0 && Marshal.GetLastPInvokeError() is Libc.EAGAIN or Libc.EINTR)
            {
                return;   // the PROXY header came alone
            }

            if (length <= 0)
            {
                Drop(token, socket);   // left, without a word
                return;
            }

            _silent.TryTake(token, out _);
            _set.Remove(socket.Descriptor);
            var outcome = RequestHead.TryRead(_head.AsSpan(0, length), _head.Length, out var head, out var headLength);
            switch (outcome == HeadOutcome.Complete ? _reception.Judge(head!, socket.Peer) : Verdict.NotOurs.Instance)
            {
                case Verdict.Taken taken:
                    _ = Libc.recv(socket.Descriptor, buffer, (nuint)headLength, Libc.MSG_DONTWAIT);
                    _doors[_nextDoor].Tell(new EpollDoor.Entering(socket.Descriptor, taken.Opening));
                    _nextDoor = (_nextDoor + 1) % _doors.Count;
                    break;
                case Verdict.Refused refused:
                    Refuse(socket.Descriptor, buffer, refused.Response.Span);
                    break;
                default:
                    GiveAway(socket);
                    break;
            }
        }
    }

    // The request is read first: closing a socket with unread bytes resets it, and the answer could be lost.
    private void Refuse(int descriptor, byte* buffer, ReadOnlySpan<byte> response)
    {
        _ = Libc.recv(descriptor, buffer, (nuint)_head.Length, Libc.MSG_DONTWAIT);
        fixed (byte* bytes = response)
        {
            _ = Libc.send(descriptor, bytes, (nuint)response.Length, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
        }

        _ = Libc.shutdown(descriptor, Libc.SHUT_WR);
        _ = Libc.close(descriptor);
    }

    private void GiveAway(SilentSocket socket)
    {
        var flags = Libc.fcntl(socket.Descriptor, Libc.F_GETFL, 0);
        _ = Libc.fcntl(socket.Descriptor, Libc.F_SETFL, flags & ~Libc.O_NONBLOCK);   // as the framework expects a new socket
        _others(new Socket(new SafeSocketHandle(socket.Descriptor, ownsHandle: true)), socket.Peer);
    }

    private int NextDelayMs()
    {
        var due = _silent.FirstDueMs;
        if (_acceptAgainMs >= 0)
        {
            due = Math.Min(due, _acceptAgainMs);
        }

        return due == long.MaxValue ? -1 : (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue);
    }

    private void CloseOverdue()
    {
        var now = Environment.TickCount64;
        while (_silent.TryTakeOverdue(now, out var socket))
        {
            _reception.Gate.Met(socket.DueMs <= now ? Limit.HandshakeTime : Limit.OpenHandshakes);
            _ = Libc.close(socket.Descriptor);
        }

        if (_acceptAgainMs >= 0 && now >= _acceptAgainMs)
        {
            _acceptAgainMs = -1;
            _set.Modify(_listenDescriptor, Libc.EPOLLIN, ListenToken);
        }
    }
}
