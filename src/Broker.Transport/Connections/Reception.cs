using System.Net;
using Broker.Actors.Sessions;
using Broker.Transport.Handshake;

namespace Broker.Transport.Connections;

/// <summary>Answers upgrade requests for the ways that read the head themselves. Any thread.</summary>
/// <param name="gate">Says who may come in.</param>
/// <param name="options">Limits.</param>
/// <param name="describe">What the gate is told of a request and its peer: the client's address, where proxies are trusted. Null takes the peer's.</param>
public sealed class Reception(ISessionGate gate, WebSocketOptions options, Func<UpgradeRequest, IPEndPoint, ConnectionInfo>? describe = null)
{
    public ISessionGate Gate => gate;

    public WebSocketOptions Options => options;

    /// <summary>Looks at a whole head. What is <see cref="Verdict.Taken"/> must be opened, or abandoned at the gate.</summary>
    public Verdict Judge(RequestHead head, IPEndPoint peer)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (!UpgradeRequest.IsAskedFor(head))
        {
            return Verdict.NotOurs.Instance;
        }

        if (UpgradeRequest.TryRead(head, out var refusal) is not { } request)
        {
            return Refuse(refusal!);
        }

        var info = describe?.Invoke(request, peer) ?? new ConnectionInfo(peer, request.Path, request.Query, request.Origin);
        switch (gate.Knock(info, request.Subprotocols))
        {
            case Admission.Accepted accepted:
                var deflate = options.IsDeflateAllowed ? request.Deflate : null;
                return new Verdict.Taken(new Opening(info, accepted, deflate, HandshakeResponse.Accept(request, accepted.Subprotocol, deflate)));
            case Admission.Refused refused:
                return Refuse(new HandshakeRefusal(refused.Status, refused.Reason) { RetryAfterSeconds = refused.RetryAfterSeconds });
            default:
                return Verdict.NotOurs.Instance;
        }
    }

    private Verdict.Refused Refuse(HandshakeRefusal refusal)
    {
        gate.Refused(refusal.Status);
        return new Verdict.Refused(refusal, HandshakeResponse.Refuse(refusal));
    }
}
