using System.Net;
using Broker.Actors.Rights;
using Broker.Actors.Sessions;
using Broker.Messages;

namespace Broker.Actors.Dialects.Sse;

/// <summary>A request for an event stream: all that its client ever says.</summary>
public sealed record SseRequest(IPEndPoint Remote, string Path, string Query, string? Origin) : ConnectionInfo(Remote, Path, Query, Origin)
{
    public required string App { get; init; }

    /// <summary>Who asks; found out before.</summary>
    public required Identity Identity { get; init; }

    /// <summary>Without doubles; at least one. Their names are within limits.</summary>
    public required IReadOnlyList<ChannelName> Channels { get; init; }

    /// <summary>Where the client has come to; the transport moves it on. Touched by the connection's loop only.</summary>
    public required SseCursor Cursor { get; init; }
}
