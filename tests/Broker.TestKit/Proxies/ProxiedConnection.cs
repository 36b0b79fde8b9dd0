using System.Net;
using System.Net.Sockets;

namespace Broker.TestKit.Proxies;

/// <summary>A client's connection and the one to the server behind it.</summary>
internal sealed class ProxiedConnection : IDisposable
{
    private readonly Socket _client;
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ProxyFlow _toServer;
    private readonly ProxyFlow _toClient;
    private readonly FlowFaults _faultsToClient;
    private readonly CancellationTokenSource _end = new();
    private volatile bool _isStranded;

    public ProxiedConnection(Socket client, FlowFaults toServer, FlowFaults toClient, TimeProvider time)
    {
        _client = client;
        _faultsToClient = toClient;
        _client.NoDelay = true;
        _toServer = new ProxyFlow(client, _server, toServer, time);
        _toClient = new ProxyFlow(_server, client, toClient, time);
    }

    /// <summary>True: bytes, or a server's end, were swallowed.</summary>
    public bool HasLost => _isStranded || _toServer.HasLost || _toClient.HasLost;

    /// <summary>Carries bytes until both sides have ended, one has broken off, or <see cref="Break"/>.</summary>
    public async Task RunAsync(EndPoint server)
    {
        try
        {
            await _server.ConnectAsync(server, _end.Token);
            await Task.WhenAll(BreakOnFaultAsync(_toServer), BreakOnFaultAsync(_toClient));
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await StayWhileNothingReachesTheClientAsync();
            Reset(_client);
            Reset(_server);
        }
    }

    /// <summary>Both sides see a reset.</summary>
    public void Break() => _end.Cancel();

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _end.Dispose();
    }

    /// <summary>What breaks one way breaks the other, unless the client must not notice.</summary>
    private async Task BreakOnFaultAsync(ProxyFlow flow)
    {
        try
        {
            await flow.RunAsync(_end.Token);
        }
        catch (SocketException) when (!_faultsToClient.IsSwallowing)
        {
            Break();
            throw;
        }
    }

    /// <summary>A client is not told of a server's end either while nothing reaches it.</summary>
    private async Task StayWhileNothingReachesTheClientAsync()
    {
        var nothing = new byte[4096];
        _isStranded = true;
        try
        {
            while (_faultsToClient.IsSwallowing && await _client.ReceiveAsync(nothing, _end.Token) > 0)
            {
                // It says on.
            }
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has given up, or was cut.
        }
    }

    private static void Reset(Socket socket)
    {
        if (socket.Connected)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        socket.Dispose();
    }
}
