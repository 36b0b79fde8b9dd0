using Broker.Actors.Channels;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Presence;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.TestKit.Dialects;

/// <summary>One channel of a <see cref="FakeBroker"/>: keeps every event and forgets nothing.</summary>
public sealed class FakeChannel(FakeBroker broker, ChannelName name)
{
    private readonly List<ChannelEvent> _events = [];
    private readonly Dictionary<IdempotencyKey, EmitResult> _keys = [];
    private readonly Members _members = new(max: 100);
    private readonly PayloadWriter _payload = new();

    public ChannelName Name { get; } = name;

    public Position Position => new(new Epoch(0xfeed, 1), _events.Count);

    internal Dictionary<FakeSession, SubscribeRequest> Subscribers { get; } = [];

    public EmitResult Emit(string? eventName, byte[] data, FakeSession? except, IdempotencyKey? key)
    {
        if (key is { } repeated && _keys.TryGetValue(repeated, out var earlier))
        {
            return earlier;
        }

        var ordered = new ChannelEvent
        {
            Channel = Name,
            Epoch = Position.Epoch,
            PreviousTerm = 1,
            Offset = _events.Count + 1,
            AtMs = broker.UnixMs,
            Name = eventName,
            Data = data,
            Except = except?.Id,
            Key = key,
        };
        _events.Add(ordered);
        var receivers = Subscribers.Keys.Where(session => session != except).ToArray();
        foreach (var session in receivers)
        {
            Deliver(session, ordered);
        }

        var result = new EmitResult(Refusal.None, ordered.Position, receivers.Length);
        if (key is { } first)
        {
            _keys.Add(first, result);
        }

        return result;
    }

    /// <summary>Tells subscribers that the stream broke.</summary>
    public void Reset() => TellAll(new RoomNotice.Reset(Name, Position));

    internal void Join(FakeSession session, in SubscribeRequest request)
    {
        if (request.Member is { } member && _members.Join(session.Id, member.UserId, member.Info) == MemberChange.Came)
        {
            TellAll(new RoomNotice.MemberJoined(Name, _members.Find(member.UserId)!));
        }
    }

    internal void Leave(FakeSession session)
    {
        if (Subscribers.Remove(session, out var request)
            && request.Member is { } member && _members.Leave(session.Id, member.UserId) == MemberChange.Went)
        {
            TellAll(new RoomNotice.MemberLeft(Name, member.UserId));
        }
    }

    /// <summary>What was missed since a position; null when the position is not of this stream.</summary>
    internal ChannelEvent[]? Missed(Position since) =>
        since.Epoch == Position.Epoch && since.Offset <= _events.Count ? [.. _events.Skip((int)since.Offset)] : null;

    internal HistoryPage Read(Position? since, int limit, bool backward)
    {
        var events = backward
            ? _events.Take((int)Math.Max((since?.Offset ?? (_events.Count + 1)) - 1, 0)).Reverse()
            : _events.Skip((int)(since?.Offset ?? 0));
        return new HistoryPage(Refusal.None, Position, [.. events.Take(limit)]);
    }

    internal PresencePage WhoIsHere() => new(Refusal.None, _members.All(), _members.Connections, Subscribers.Count);

    internal void Deliver(FakeSession session, ChannelEvent channelEvent)
    {
        _payload.Clear();
        if (session.Dialect.Encode(channelEvent, Subscribers[session].Version, _payload))
        {
            session.Send(_payload.WrittenSpan);
        }
    }

    internal void Tell(FakeSession session, RoomNotice notice)
    {
        _payload.Clear();
        if (session.Dialect.Encode(notice, Subscribers[session].Version, _payload))
        {
            session.Send(_payload.WrittenSpan);
        }
    }

    private void TellAll(RoomNotice notice)
    {
        foreach (var session in Subscribers.Keys.ToArray())
        {
            Tell(session, notice);
        }
    }
}
