using Broker.Actors.Sessions;

namespace Broker.Actors.Dialects.Echo;

/// <summary>It gives no command, so nothing but messages ever comes.</summary>
internal sealed class EchoSession(ISessionContext session) : IDialectSession
{
    public void Received(ReadOnlySpan<byte> payload, FrameKind kind) => session.Send(payload, kind);
}
