using Broker.Actors;
using Broker.Actors.Sessions;

namespace Broker.Node.Connections;

/// <summary>Why a handshake that is none of the client's mistakes is refused. The catalogue; docs/security.md has the same table.</summary>
/// <param name="Answer">What the client is told.</param>
/// <param name="Limit">What it ran into; null for none.</param>
internal sealed record TurnedAway(Admission.Refused Answer, Limit? Limit = null)
{
    /// <summary>The node is going down.</summary>
    public static TurnedAway Leaving { get; } = new(new Admission.Refused(503, "The node is going down. Connect again."));

    public static TurnedAway NotServed { get; } =
        new(new Admission.Refused(403, "The app of this path is served on loopback only, until the settings name it."));

    public static TurnedAway Foreign { get; } =
        new(new Admission.Refused(403, "Pages of this origin may not connect: Broker:Apps[]:Origins names those that may."));

    public static TurnedAway NodeFull { get; } =
        new(new Admission.Refused(503, "The node has as many sessions as it may.") { RetryAfterSeconds = 5 }, Actors.Limit.NodeSessions);

    public static TurnedAway AppFull { get; } =
        new(new Admission.Refused(503, "The app has as many sessions as it may.") { RetryAfterSeconds = 5 }, Actors.Limit.AppSessions);

    public static TurnedAway AddressFull { get; } =
        new(new Admission.Refused(429, "Too many sessions from this address.") { RetryAfterSeconds = 5 }, Actors.Limit.AddressSessions);

    public static TurnedAway NodeTooFast { get; } =
        new(new Admission.Refused(503, "The node takes no more sessions in this second."), Actors.Limit.NodeHandshakes);

    public static TurnedAway AddressTooFast { get; } =
        new(new Admission.Refused(429, "Too many handshakes from this address in this second."), Actors.Limit.AddressHandshakes);

    public static TurnedAway OverMemory { get; } =
        new(new Admission.Refused(503, "The node is short of memory.") { RetryAfterSeconds = 5 }, Actors.Limit.Memory);
}
