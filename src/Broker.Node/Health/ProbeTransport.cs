using System.Net;
using Broker.Actors.Loops;
using Broker.Actors.Sessions;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Health;

/// <summary>A connection that leads nowhere: it tells when an event's frame is sent to it.</summary>
internal sealed class ProbeTransport(Loop loop, Action delivered) : ITransport, IFraming
{
    public Loop Loop => loop;

    public IFraming Framing => this;

    public ConnectionInfo Connection { get; } = new(new IPEndPoint(IPAddress.Loopback, 0), "", "", Origin: null) { IsLocal = true };

    public string Way => "probe";

    public long QueuedBytes => 0;

    public long LastHeardMs => loop.NowMs;

    public void Send(in FrameSlice frames) => delivered();

    public void Send(ReadOnlySpan<byte> payload, FrameKind kind)
    {
    }

    public void Ping()
    {
    }

    public void PauseReading()
    {
    }

    public void ResumeReading()
    {
    }

    public void Close(Disconnect reason)
    {
    }

    public void Abort()
    {
    }

    public int MaxSize(int payloadLength) => payloadLength;

    public int Frame(ReadOnlySpan<byte> payload, FrameKind kind, Span<byte> destination)
    {
        payload.CopyTo(destination);
        return payload.Length;
    }
}
