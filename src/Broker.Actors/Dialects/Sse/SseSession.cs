using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Sse;

/// <summary>One event stream: subscribes to what its request names, and tells of each channel where it begins.</summary>
internal sealed class SseSession(ISessionContext session, SseRequest request) : IDialectSession
{
    public void Opened()
    {
        if (session.Identify(request.App, request.Identity) is not Refusal.None and var unknown)
        {
            Refuse(unknown);
            return;
        }

        foreach (var channel in request.Channels)
        {
            var refusal = session.Subscribe(channel, new SubscribeRequest(Version: 0, request.Cursor.PositionIn(channel)), call: null);
            if (refusal != Refusal.None)
            {
                Refuse(refusal);
                return;
            }
        }
    }

    public void Received(ReadOnlySpan<byte> payload, FrameKind kind)
    {
    }

    public void Subscribed(ChannelName channel, object? call, in SubscribeResult result)
    {
        if (result.Refusal != Refusal.None)
        {
            Refuse(result.Refusal);
            return;
        }

        // The cursor still says what the client gave: nothing of the channel has been sent yet.
        var since = request.Cursor.PositionIn(channel);
        var payload = session.Scratch();
        if (result.Recovered)
        {
            SseBlock.Subscribed(payload, channel, since!.Value, recovered: true);
        }
        else if (since is not null || !request.Cursor.IsReadable)
        {
            SseBlock.Reset(payload, channel, result.Position);
        }
        else
        {
            SseBlock.Subscribed(payload, channel, result.Position, recovered: false);
        }

        session.Send(payload.WrittenSpan);
    }

    public void Ended(ChannelName channel, SubscriptionEnd reason)
    {
        var payload = session.Scratch();
        SseBlock.Unsubscribed(payload, channel, reason);
        session.Send(payload.WrittenSpan);
    }

    public void Expiring(ChannelName? channel, long expiresAtMs)
    {
        var payload = session.Scratch();
        SseBlock.Expiring(payload, Math.Max(expiresAtMs - session.UnixMs, 0));
        session.Send(payload.WrittenSpan);
    }

    public void Unsubscribed(ChannelName channel, object call)
    {
    }

    public void Emitted(object call, in EmitResult result)
    {
    }

    public void History(object call, HistoryPage page)
    {
    }

    public void Presence(object call, PresencePage page)
    {
    }

    public void Asked(object call, NodeAnswer answer)
    {
    }

    public void Closed()
    {
    }

    /// <summary>Rights and names were checked before the stream began, so that what is left can pass.</summary>
    private void Refuse(Refusal refusal) =>
        session.Close(refusal == Refusal.Unavailable ? Disconnect.Unavailable : Disconnect.Unavailable with { Reason = refusal.ToString() });
}
