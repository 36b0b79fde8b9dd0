using System.Globalization;
using System.Text;
using Broker.Actors.Dialects;
using Broker.Actors.Loops;
using Broker.Actors.Rooms;
using Broker.Messages;
using Broker.TestKit.Histories;

namespace Broker.TestKit.Simulation;

/// <summary>
/// Says everything that a history wants to know, a line each, its first letter telling what it is:
/// <code>
/// E channel epoch offset event      S channel epoch offset recovered?   s channel refusal    U channel   X channel
/// R channel epoch offset            A channel event epoch offset        a channel event refusal
/// J channel user   L channel user   P channel refusal user*             H channel refusal (epoch offset event)*
/// </code>
/// </summary>
public sealed class HistoryDialect(SimulatedCluster cluster, SimulatedNode node) : IDialect
{
    /// <summary>Ends an event's name in its data; what is behind makes it larger.</summary>
    public const char Padding = '|';

    public string Name => "history";

    public static string NameIn(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)Padding);
        return Encoding.ASCII.GetString(end < 0 ? data : data[..end]);
    }

    public bool Encode(ChannelEvent channelEvent, int version, PayloadWriter payload)
    {
        var channel = channelEvent.Channel.Text;
        cluster.Record(new HistoryRecord.Delivered(cluster.Agenda.NowMs, node.Name, SimulatedCluster.ShardOf(channel), channel, channelEvent.Position));
        Write(payload, $"E {channel} {Text(channelEvent.Position)} {NameIn(channelEvent.Data.Span)}");
        return true;
    }

    public bool Encode(RoomNotice notice, int version, PayloadWriter payload)
    {
        Write(payload, notice switch
        {
            RoomNotice.MemberJoined joined => $"J {joined.Channel.Text} {joined.Member.UserId}",
            RoomNotice.MemberLeft left => $"L {left.Channel.Text} {left.UserId}",
            RoomNotice.Reset reset => $"R {reset.Channel.Text} {Text(reset.Position)}",
            _ => "?",
        });
        return true;
    }

    public IDialectSession Open(ISessionContext session) => new HistorySession(session);

    internal static string Text(Position position) => string.Create(CultureInfo.InvariantCulture, $"{position.Epoch} {position.Offset}");

    private static void Write(PayloadWriter payload, string text)
    {
        var span = payload.GetSpan(text.Length);
        payload.Advance(Encoding.ASCII.GetBytes(text, span));
    }
}
