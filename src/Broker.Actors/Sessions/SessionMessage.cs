using Broker.Actors.Channels;
using Broker.Actors.Queries;
using Broker.Messages;

namespace Broker.Actors.Sessions;

/// <summary>What other loops tell a session.</summary>
internal abstract record SessionMessage
{
    private SessionMessage()
    {
    }

    internal sealed record Emitted(object Call, EmitResult Result) : SessionMessage;

    internal sealed record Unsubscribed(ChannelName Channel, object Call) : SessionMessage;

    internal sealed record History(object Call, HistoryPage Page) : SessionMessage;

    internal sealed record Presence(object Call, PresencePage Page) : SessionMessage;

    internal sealed record Asked(object Call, NodeAnswer Answer) : SessionMessage;

    /// <summary>What the dialect told itself.</summary>
    internal sealed record Posted(object Message) : SessionMessage;

    internal sealed record Close(Disconnect Reason) : SessionMessage;

    /// <summary>A shard has room again.</summary>
    internal sealed record Woken : SessionMessage
    {
        public static Woken Instance { get; } = new();
    }
}
