using System.Diagnostics;
using System.Net;
using Broker.Actors.Rights;
using Broker.Actors.Rooms;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Queries;

/// <summary>A loop's part of a question, on that loop.</summary>
internal static class LoopQuestions
{
    public static NodeAnswer Answer(NodeQuery query, LoopRoster roster, Namespaces namespaces) => query switch
    {
        NodeQuery.Broadcast broadcast => new NodeAnswer.Delivered(Broadcast(broadcast, roster, namespaces), IsPartial: false),
        NodeQuery.Channels channels => new NodeAnswer.ChannelNames(
            (List<string>)[.. RoomsOf(channels.App, roster).Select(room => room.Channel.Text)], IsPartial: false),
        NodeQuery.Subscribers subscribers => new NodeAnswer.Addresses(Addresses(subscribers, roster), IsPartial: false),
        NodeQuery.Counts counts => new NodeAnswer.ChannelCounts(
            RoomsOf(counts.App, roster)
                .Where(room => Glob.Matches(counts.Pattern, room.Channel.Text))
                .ToDictionary(room => room.Channel.Text, room => room.Count, StringComparer.Ordinal),
            IsPartial: false),
        NodeQuery.Disconnect disconnect => new NodeAnswer.Ended(Disconnect(disconnect, roster), IsPartial: false),
        NodeQuery.Unsubscribe unsubscribe => new NodeAnswer.Ended(Unsubscribe(unsubscribe, roster), IsPartial: false),
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<LoopRoom> RoomsOf(string app, LoopRoster roster) =>
        roster.Rooms.Where(room => string.Equals(room.Channel.App, app, StringComparison.Ordinal));

    /// <summary>Channels that nobody may publish to hear nothing, not even what is said to all.</summary>
    private static int Broadcast(NodeQuery.Broadcast broadcast, LoopRoster roster, Namespaces namespaces)
    {
        var atMs = roster.Loop.UnixMs;
        if (!broadcast.OncePerClient)
        {
            return RoomsOf(broadcast.App, roster)
                .Where(room => MayHear(room.Channel))
                .ToArray()
                .Sum(room => room.Tell(new RoomNotice.Broadcast(room.Channel, broadcast.Data, atMs)));
        }

        var told = 0;
        foreach (var session in roster.Sessions.ToArray())
        {
            var first = session.Subscriptions.FirstOrDefault(subscription => subscription.Group is not null
                && string.Equals(subscription.Channel.App, broadcast.App, StringComparison.Ordinal)
                && MayHear(subscription.Channel));
            if (first is not null && session.Tell(new RoomNotice.Broadcast(first.Channel, broadcast.Data, atMs), first))
            {
                told++;
            }
        }

        return told;

        bool MayHear(ChannelName channel) => namespaces.Find(channel.App, channel.Text) is { Publish: not Right.Nobody };
    }

    private static int Disconnect(NodeQuery.Disconnect query, LoopRoster roster)
    {
        var sessions = roster.Sessions.Where(session => session.IsOf(query.App, query.User)).ToArray();
        foreach (var session in sessions)
        {
            session.Close(query.Reason);
        }

        return sessions.Length;
    }

    private static int Unsubscribe(NodeQuery.Unsubscribe query, LoopRoster roster)
    {
        // By the session, not by the room: one whose subscribe is still under way is ended too.
        var channel = new ChannelName(query.App, query.Channel);
        return roster.Sessions.Where(session => session.IsOf(query.App, query.User)).ToArray()
            .Count(session => session.EndSubscription(channel, SubscriptionEnd.ByServer));
    }

    private static List<IPEndPoint> Addresses(NodeQuery.Subscribers query, LoopRoster roster)
    {
        var rooms = RoomsOf(query.App, roster);
        if (query.Channel is { } channel)
        {
            rooms = rooms.Where(room => room.Channel == new ChannelName(query.App, channel));
        }

        return [.. rooms.SelectMany(room => room.Members).Select(member => member.Session.Connection.Remote)];
    }
}
