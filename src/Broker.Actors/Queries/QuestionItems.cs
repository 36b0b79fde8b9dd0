using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Broker.Actors.Sessions;
using Broker.Messages.Cluster;

namespace Broker.Actors.Queries;

/// <summary>
/// Questions and answers as what nodes send each other. What has no field of its own is written into the data or the texts:
/// <code>
/// counts       channel: the pattern               texts: "N name"
/// disconnect   channel: the user                  data: code:u16, reason in UTF-8
/// unsubscribe  channel: the channel               data: the user in UTF-8
/// </code>
/// </summary>
internal static class QuestionItems
{
    public static NodeItem.Ask Of(long ticket, NodeQuery query) => query switch
    {
        NodeQuery.Broadcast broadcast => Ask(ticket, QuestionKind.Broadcast, query, null, broadcast.Data) with { OncePerClient = broadcast.OncePerClient },
        NodeQuery.Channels => Ask(ticket, QuestionKind.Channels, query, null, default),
        NodeQuery.Subscribers subscribers => Ask(ticket, QuestionKind.Subscribers, query, subscribers.Channel, default),
        NodeQuery.Counts counts => Ask(ticket, QuestionKind.Counts, query, counts.Pattern, default),
        NodeQuery.Disconnect disconnect => Ask(ticket, QuestionKind.Disconnect, query, disconnect.User, Write(disconnect.Reason)),
        NodeQuery.Unsubscribe unsubscribe => Ask(
            ticket, QuestionKind.Unsubscribe, query, unsubscribe.Channel, Encoding.UTF8.GetBytes(unsubscribe.User)),
        _ => throw new UnreachableException(),
    };

    /// <summary>Null for a question of a later release, or one that makes no sense.</summary>
    public static NodeQuery? QueryOf(NodeItem.Ask ask) => ask.Kind switch
    {
        QuestionKind.Broadcast => new NodeQuery.Broadcast(ask.App, ask.Data, ask.OncePerClient),
        QuestionKind.Channels => new NodeQuery.Channels(ask.App),
        QuestionKind.Subscribers => new NodeQuery.Subscribers(ask.App, ask.Channel),
        QuestionKind.Counts => new NodeQuery.Counts(ask.App, ask.Channel ?? "*"),
        QuestionKind.Disconnect when ask.Channel is { } user && ReadReason(ask.Data.Span) is { } reason => new NodeQuery.Disconnect(ask.App, user, reason),
        QuestionKind.Unsubscribe when ask.Channel is { } channel => new NodeQuery.Unsubscribe(ask.App, channel, Encoding.UTF8.GetString(ask.Data.Span)),
        _ => null,
    };

    public static NodeItem.Answered Of(NodeItem.Ask ask, NodeAnswer answer) => answer switch
    {
        NodeAnswer.Delivered delivered => Answered(ask, delivered.Copies, [], answer),
        NodeAnswer.ChannelNames names => Answered(ask, 0, names.Names, answer),
        NodeAnswer.ChannelCounts counts => Answered(
            ask, 0, counts.Subscribers.Select(channel => string.Create(CultureInfo.InvariantCulture, $"{channel.Value} {channel.Key}")), answer),
        NodeAnswer.Ended ended => Answered(ask, ended.Count, [], answer),
        NodeAnswer.Addresses addresses => Answered(ask, 0, addresses.Remotes.Select(remote => remote.ToString()), answer),
        _ => throw new UnreachableException(),
    };

    public static NodeAnswer AnswerOf(NodeItem.Answered answered) => answered.Kind switch
    {
        QuestionKind.Broadcast => new NodeAnswer.Delivered(answered.Copies, answered.IsPartial),
        QuestionKind.Channels => new NodeAnswer.ChannelNames(answered.Texts, answered.IsPartial),
        QuestionKind.Counts => new NodeAnswer.ChannelCounts(ReadCounts(answered.Texts), answered.IsPartial),
        QuestionKind.Disconnect or QuestionKind.Unsubscribe => new NodeAnswer.Ended(answered.Copies, answered.IsPartial),
        _ => new NodeAnswer.Addresses(
            [.. answered.Texts.Select(text => IPEndPoint.TryParse(text, out var remote) ? remote : null).OfType<IPEndPoint>()], answered.IsPartial),
    };

    private static NodeItem.Ask Ask(long ticket, QuestionKind kind, NodeQuery query, string? channel, ReadOnlyMemory<byte> data) =>
        new(ticket, kind, query.App, channel, data, OncePerClient: false);

    private static NodeItem.Answered Answered(NodeItem.Ask ask, int count, IEnumerable<string> texts, NodeAnswer answer) =>
        new(ask.Ticket, ask.Kind, count, [.. texts], answer.IsPartial);

    private static byte[] Write(Disconnect reason)
    {
        var data = new byte[2 + Encoding.UTF8.GetByteCount(reason.Reason)];
        BinaryPrimitives.WriteUInt16LittleEndian(data, (ushort)reason.Code);
        Encoding.UTF8.GetBytes(reason.Reason, data.AsSpan(2));
        return data;
    }

    private static Disconnect? ReadReason(ReadOnlySpan<byte> data) =>
        data.Length >= 2 && Disconnect.Find(BinaryPrimitives.ReadUInt16LittleEndian(data)) is { } known
            ? known with { Reason = Encoding.UTF8.GetString(data[2..]) }
            : null;

    private static Dictionary<string, int> ReadCounts(IReadOnlyList<string> texts)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && int.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                counts[text[(space + 1)..]] = count;
            }
        }

        return counts;
    }
}
