using System.Text.Json;
using Broker.Actors.Sessions;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>
/// A service that clients call by JSON-RPC 1.0 over a WebSocket: derive it, and its public methods are what clients can call, <c>SetUsername</c> by the
/// name <c>set_username</c>. There is an instance for each connection, which lives as long as it. See docs/jsonrpc.md.
/// </summary>
/// <remarks>
/// Calls of one connection run one at a time, in order, on threads of the pool, so an instance's own calls need no locks. Other instances run at the same
/// time: what they read of each other must be safe to read. What a method sends goes out before its answer, and what one thread sends to a connection
/// keeps its order. A method that takes longer than <c>Broker:JsonRpc:CallTime</c> is answered for with an error and the next call runs, while it may still run
/// too: take a <see cref="CancellationToken"/> as parameter and end when it says so. Nothing of this class is callable by clients.
/// </remarks>
public abstract class JsonRpcService
{
    private ServicePeer? _peer;

    /// <summary>Where the client comes from and what it asked for: address, path, query, origin.</summary>
    public ConnectionInfo Connection => Peer.Connection;

    /// <summary>The id of the request that is being run, any JSON value but null; null in a notification and between calls.</summary>
    protected JsonElement? Id => CallScope.IdOf(this);

    /// <summary>Cancelled when the connection has ended.</summary>
    protected CancellationToken Aborted => Peer.Ended;

    /// <summary>The channels that other dialects know too.</summary>
    protected ServiceChannels Channels => Peer.Channels;

    /// <summary>All open instances of this service on this node, this one among them, for sending to each other.</summary>
    protected JsonRpcPeers Peers => Peer.Peers;

    private ServicePeer Peer => _peer ?? throw new InvalidOperationException("A service has its connection from OpenedAsync on, not in its constructor.");

    /// <summary>Called once, before anything that the client sent is run. A failure closes the connection with 1011.</summary>
    protected internal virtual ValueTask OpenedAsync() => default;

    /// <summary>Called exactly once for every connection that was opened, after its last call.</summary>
    /// <param name="error">What the client did wrong, where that ended it: <c>error decoding json</c>; null where nothing was wrong.</param>
    protected internal virtual ValueTask ClosedAsync(string? error) => default;

    /// <summary>Sends a notification; from any thread. Nothing happens where the connection has ended.</summary>
    /// <exception cref="NotSupportedException">A parameter does not become JSON.</exception>
    /// <exception cref="ArgumentException">It is larger than half of what may wait for a client, <c>Broker:Limits:OutboxBytes</c>.</exception>
    public void Notify(string method, params ReadOnlySpan<object?> parameters) => Peer.Notify(method, parameters);

    /// <summary>
    /// Sends a request and gives its answer, within <c>Broker:JsonRpc:AnswerTime</c>; from any thread. It has the connection's next number as id, from 1. The answer is
    /// handled as it comes, also while the method that asks still runs.
    /// </summary>
    /// <inheritdoc cref="Notify"/>
    public Task<JsonRpcAnswer> RequestAsync(string method, params ReadOnlySpan<object?> parameters) => RequestAsync(RequestOptions.Default, method, parameters);

    /// <inheritdoc cref="RequestAsync(string, ReadOnlySpan{object?})"/>
    public Task<JsonRpcAnswer> RequestAsync(RequestOptions options, string method, params ReadOnlySpan<object?> parameters) => Peer.RequestAsync(options, method, parameters);

    /// <summary>Sends a request whose answer is ignored.</summary>
    /// <inheritdoc cref="Notify"/>
    public void Request(string method, params ReadOnlySpan<object?> parameters) => Peer.Request(method, parameters);

    /// <summary>Answers a request by hand, one whose method returned <see cref="JsonRpcResult.Later"/>; from any thread.</summary>
    /// <param name="id">What <see cref="Id"/> was in that method.</param>
    /// <param name="result">Not <see cref="JsonRpcResult.Later"/>.</param>
    /// <inheritdoc cref="Notify"/>
    public void Respond(JsonElement id, JsonRpcResult result) => Peer.Respond(id, result);

    /// <summary>Closes the connection with 1000, behind what has been sent.</summary>
    public void Close() => Peer.Close(Disconnect.Normal, error: null);

    internal void Connect(ServicePeer peer) => _peer = peer;
}
