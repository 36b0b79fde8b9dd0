using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit.Proxies;

/// <summary>
/// Stands on loopback between clients and a server, and carries bytes until a test makes it fail: cut, half-open, slow. Its
/// port stays its own from beginning to end, also while it refuses.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<ProxiedConnection> _connections = [];
    private readonly List<Task> _running = [];
    private readonly FlowFaults _toServer = new();
    private readonly FlowFaults _toClient = new();
    private readonly EndPoint _server;
    private readonly TimeProvider _time;
    private readonly Socket _place = Bind(new IPEndPoint(IPAddress.Loopback, 0));
    private Socket? _listener;

    /// <summary>Begins to carry connections to a server, which need not be there yet.</summary>
    /// <param name="time">Measures delays.</param>
    public FaultProxy(EndPoint server, TimeProvider? time = null)
    {
        _server = server;
        _time = time ?? TimeProvider.System;
        EndPoint = new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)_place.LocalEndPoint!).Port);   // as IPv4, whatever kind the socket is
        Listen();
    }

    public FaultProxy(int serverPort)
        : this(new IPEndPoint(IPAddress.Loopback, serverPort))
    {
    }

    /// <summary>Where clients connect.</summary>
    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>Connections that clients have open now.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Bytes that it has thrown away so far.</summary>
    public long SwallowedBytes => _toServer.SwallowedBytes + _toClient.SwallowedBytes;

    /// <summary>Breaks every connection with a reset; new ones are welcome.</summary>
    public void Break() => BreakThose(static _ => true);

    /// <summary>Breaks every connection and refuses new ones, as a host without the server does.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }

        Break();
    }

    /// <summary>
    /// Says no more that anything is wrong, but carries nothing: what comes is swallowed, ends and resets of the server too;
    /// connections are accepted. As a host that has vanished from the net.
    /// </summary>
    public void HalfOpen(FlowDirection ways = FlowDirection.Both)
    {
        _toServer.IsSwallowing |= ways.HasFlag(FlowDirection.ToServer);
        _toClient.IsSwallowing |= ways.HasFlag(FlowDirection.ToClient);
    }

    /// <summary>What comes from now on goes on this much later, in its order. Zero: at once.</summary>
    public void Delay(TimeSpan delay, FlowDirection ways = FlowDirection.Both)
    {
        if (ways.HasFlag(FlowDirection.ToServer))
        {
            _toServer.Delay = delay;
        }

        if (ways.HasFlag(FlowDirection.ToClient))
        {
            _toClient.Delay = delay;
        }
    }

    /// <summary>Nothing is wrong any more. Connections that have lost bytes are broken, the others go on.</summary>
    public void Heal()
    {
        _toServer.IsSwallowing = _toClient.IsSwallowing = false;
        Delay(TimeSpan.Zero);
        BreakThose(static connection => connection.HasLost);
        lock (_gate)
        {
            if (_listener is null)
            {
                Listen();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        Task[] running;
        lock (_gate)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
        _place.Dispose();
    }

    /// <summary>Several sockets share the port; only one that listens is connected to.</summary>
    private static Socket Bind(EndPoint at)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        socket.Bind(at);
        return socket;
    }

    private void Listen()
    {
        _listener = Bind(EndPoint);
        _listener.Listen(backlog: 512);
        Track(AcceptAsync(_listener));
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Carry(listener, await listener.AcceptAsync());
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private void Carry(Socket listener, Socket client)
    {
        var connection = new ProxiedConnection(client, _toServer, _toClient, _time);
        lock (_gate)
        {
            if (_listener != listener)
            {
                connection.Dispose();
                return;
            }

            _connections.Add(connection);
        }

        Track(CarryAsync(connection));
    }

    private async Task CarryAsync(ProxiedConnection connection)
    {
        await connection.RunAsync(_server);
        lock (_gate)
        {
            _connections.Remove(connection);
            connection.Dispose();
        }
    }

    private void Track(Task task)
    {
        lock (_gate)
        {
            _running.RemoveAll(static one => one.IsCompleted);
            _running.Add(task);
        }
    }

    private void BreakThose(Func<ProxiedConnection, bool> which)
    {
        lock (_gate)
        {
            foreach (var connection in _connections.Where(which).ToArray())
            {
                connection.Break();
            }
        }
    }
}
