using System.Collections.Concurrent;
using System.Globalization;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;

namespace Broker.TestKit.Sessions;

/// <summary>
/// A dialect that a test can read: an event is <c>channel#offset name=data</c>, a notice begins with <c>+</c> (joined),
/// <c>-</c> (left), <c>!</c> (reset) or <c>*</c> (broadcast). Version 0 shows all, 1 no notices, 2 nothing at all; others are as 0.
/// </summary>
public sealed class TextDialect : IDialect
{
    private readonly ConcurrentDictionary<SessionId, TextSession> _sessions = new();
    private int _events;
    private int _notices;

    public string Name => "text";

    /// <summary>How often an event was encoded.</summary>
    public int Events => Volatile.Read(ref _events);

    public int Notices => Volatile.Read(ref _notices);

    /// <summary>Called before an event is encoded: a test's bug goes here.</summary>
    public Action<ChannelEvent, int>? Encoding { get; set; }

    /// <summary>Called before a notice is encoded.</summary>
    public Action<RoomNotice, int>? Noting { get; set; }

    /// <summary>Called first in a session's life.</summary>
    public Action<TextSession>? Opening { get; set; }

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        Interlocked.Increment(ref _events);
        Encoding?.Invoke(channelEvent, version);
        if (version == 2)
        {
            return false;
        }

        WriteText(payload, channelEvent.Channel.Text);
        payload.Write("#"u8);
        Utf8Formatted(payload, channelEvent.Offset);
        payload.Write(" "u8);
        WriteText(payload, channelEvent.Name ?? "");
        payload.Write("="u8);
        payload.Write(channelEvent.Data.Span);
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        Interlocked.Increment(ref _notices);
        Noting?.Invoke(notice, version);
        if (version is 1 or 2)
        {
            return false;
        }

        WriteText(payload, notice switch
        {
            RoomNotice.MemberJoined joined => $"+{joined.Channel.Text} {joined.Member.UserId}",
            RoomNotice.MemberLeft left => $"-{left.Channel.Text} {left.UserId}",
            RoomNotice.Reset reset => $"!{reset.Channel.Text} {reset.Position.Offset}",
            RoomNotice.Broadcast broadcast => $"*{broadcast.Channel.Text} {System.Text.Encoding.UTF8.GetString(broadcast.Data.Span)}",
            _ => "?",
        });
        return true;
    }

    public IDialectSession Open(ISessionContext session)
    {
        var opened = new TextSession(session);
        _sessions[session.Id] = opened;
        opened.OnOpened = Opening;
        return opened;
    }

    public TextSession SessionOf(SessionId id) => _sessions[id];

    private static void WriteText(PayloadWriter payload, string text)
    {
        var span = payload.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length));
        payload.Advance(System.Text.Encoding.UTF8.GetBytes(text, span));
    }

    private static void Utf8Formatted(PayloadWriter payload, long number)
    {
        number.TryFormat(payload.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        payload.Advance(written);
    }
}
