using Broker.Actors.Channels;
using Broker.Actors.Dialects.JsonRpc;
using Broker.Actors.Dialects.Native;
using Broker.Actors.Loops;
using Broker.Actors.Queries;
using Broker.Messages;

namespace Broker.Actors.Dialects.Http;

/// <summary>
/// Writes answers, in the words of the native dialect:
/// <code>
/// several publishes  {"results":[{"channel":C,"epoch":"...","offset":N,"receivers":N} or {"channel":C,"error":PROBLEM},...]}
/// presence_stats     {"users":N,"connections":N,"subscribers":N}
/// channels           {"channels":[{"channel":C,"subscribers":N},...],"total":N,"partial":BOOL}
/// disconnect         {"sessions":N,"partial":BOOL}
/// unsubscribe        {"subscriptions":N,"partial":BOOL}
/// </code>
/// </summary>
internal static class ApiAnswer
{
    public static void Published(PayloadWriter answer, ChannelName channel, in EmitResult result)
    {
        answer.Write(answer.WrittenCount == 0 ? "{\"results\":[{\"channel\":"u8 : ",{\"channel\":"u8);
        answer.WriteText(channel.Text);
        answer.Write(","u8);
        if (result.Refusal != Refusal.None)
        {
            answer.Write("\"error\":"u8);
            ApiProblem.Of(result.Refusal).Write(answer);
        }
        else
        {
            NativeNotification.PositionMembers(answer, result.Position);
            answer.Write(",\"receivers\":"u8);
            answer.WriteNumber(result.Receivers);
        }

        answer.Write("}"u8);
    }

    public static void EndPublished(PayloadWriter answer) =>
        answer.Write(answer.WrittenCount == 0 ? "{\"results\":[]}"u8 : "]}"u8);

    public static void PresenceStats(PayloadWriter answer, PresencePage page)
    {
        answer.Write("{\"users\":"u8);
        answer.WriteNumber(page.Members.Count);
        answer.Write(",\"connections\":"u8);
        answer.WriteNumber(page.Connections);
        answer.Write(",\"subscribers\":"u8);
        answer.WriteNumber(page.Subscribers);
        answer.Write("}"u8);
    }

    /// <param name="limit">Channels at most, the first by name.</param>
    public static void Channels(PayloadWriter answer, NodeAnswer.ChannelCounts counts, int limit)
    {
        var shown = counts.Subscribers.OrderBy(channel => channel.Key, StringComparer.Ordinal).Take(limit);
        var isFirst = true;
        answer.Write("{\"channels\":["u8);
        foreach (var (channel, subscribers) in shown)
        {
            answer.Write(isFirst ? "{\"channel\":"u8 : ",{\"channel\":"u8);
            answer.WriteText(channel);
            answer.Write(",\"subscribers\":"u8);
            answer.WriteNumber(subscribers);
            answer.Write("}"u8);
            isFirst = false;
        }

        answer.Write("],\"total\":"u8);
        answer.WriteNumber(counts.Subscribers.Count);
        Partial(answer, counts);
    }

    public static void Ended(PayloadWriter answer, ReadOnlySpan<byte> what, NodeAnswer.Ended ended)
    {
        answer.Write("{\""u8);
        answer.Write(what);
        answer.Write("\":"u8);
        answer.WriteNumber(ended.Count);
        Partial(answer, ended);
    }

    private static void Partial(PayloadWriter answer, NodeAnswer from)
    {
        answer.Write(",\"partial\":"u8);
        answer.WriteBool(from.IsPartial);
        answer.Write("}"u8);
    }
}
