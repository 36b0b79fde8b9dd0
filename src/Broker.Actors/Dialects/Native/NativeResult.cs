using Broker.Actors.Channels;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Loops;
using Broker.Messages;

namespace Broker.Actors.Dialects.Native;

/// <summary>
/// Writes the results of calls:
/// <code>
/// connect    {"session":S,"app":A,"user":U or null}, of who came by a token also "expiresInMs":N
/// subscribe  {"epoch":"...","offset":N,"recovered":BOOL}, by a token also "expiresInMs":N
/// refresh    {"expiresInMs":N}
/// publish    {"epoch":"...","offset":N,"receivers":N}
/// history    {"epoch":"...","offset":N,"events":[{"event":E,"data":D,"epoch":"...","offset":N},...]}
/// presence   {"members":[{"user":U,"info":I,"connections":N},...],"users":N,"connections":N,"subscribers":N}
/// </code>
/// </summary>
internal static class NativeResult
{
    public static void Connected(PayloadWriter payload, SessionId session, string app, string? user, long? expiresInMs)
    {
        payload.Write("{\"session\":"u8);
        payload.WriteText(session.ToString());
        payload.Write(",\"app\":"u8);
        payload.WriteText(app);
        payload.Write(",\"user\":"u8);
        if (user is null)
        {
            payload.Write("null"u8);
        }
        else
        {
            payload.WriteText(user);
        }

        EndExpiring(payload, expiresInMs);
    }

    public static void Refreshed(PayloadWriter payload, long expiresInMs)
    {
        payload.Write("{\"expiresInMs\":"u8);
        payload.WriteNumber(expiresInMs);
        payload.Write("}"u8);
    }

    public static void Subscribed(PayloadWriter payload, in SubscribeResult result, long? expiresInMs)
    {
        BeginPosition(payload, result.Position);
        payload.Write(",\"recovered\":"u8);
        payload.WriteBool(result.Recovered);
        EndExpiring(payload, expiresInMs);
    }

    public static void Emitted(PayloadWriter payload, in EmitResult result)
    {
        BeginPosition(payload, result.Position);
        payload.Write(",\"receivers\":"u8);
        payload.WriteNumber(result.Receivers);
        payload.Write("}"u8);
    }

    public static void History(PayloadWriter payload, HistoryPage page)
    {
        BeginPosition(payload, page.Position);
        payload.Write(",\"events\":["u8);
        for (var i = 0; i < page.Events.Count; i++)
        {
            payload.Write(i == 0 ? "{"u8 : ",{"u8);
            NativeNotification.EventMembers(payload, page.Events[i]);
            payload.Write("}"u8);
        }

        payload.Write("]}"u8);
    }

    public static void Presence(PayloadWriter payload, PresencePage page)
    {
        payload.Write("{\"members\":["u8);
        for (var i = 0; i < page.Members.Count; i++)
        {
            payload.Write(i == 0 ? [] : ","u8);
            Member(payload, page.Members[i]);
        }

        payload.Write("],\"users\":"u8);
        payload.WriteNumber(page.Members.Count);
        payload.Write(",\"connections\":"u8);
        payload.WriteNumber(page.Connections);
        payload.Write(",\"subscribers\":"u8);
        payload.WriteNumber(page.Subscribers);
        payload.Write("}"u8);
    }

    private static void Member(PayloadWriter payload, Member member)
    {
        payload.Write("{\"user\":"u8);
        payload.WriteText(member.UserId);
        payload.Write(",\"info\":"u8);
        payload.WriteJson(member.Info.Span);
        payload.Write(",\"connections\":"u8);
        payload.WriteNumber(member.Connections);
        payload.Write("}"u8);
    }

    private static void EndExpiring(PayloadWriter payload, long? expiresInMs)
    {
        if (expiresInMs is { } left)
        {
            payload.Write(",\"expiresInMs\":"u8);
            payload.WriteNumber(left);
        }

        payload.Write("}"u8);
    }

    private static void BeginPosition(PayloadWriter payload, Position position)
    {
        payload.Write("{"u8);
        NativeNotification.PositionMembers(payload, position);
    }
}
