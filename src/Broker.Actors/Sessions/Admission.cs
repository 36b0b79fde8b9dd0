namespace Broker.Actors.Sessions;

/// <summary>The gate's answer to an upgrade request.</summary>
public abstract record Admission
{
    private Admission()
    {
    }

    /// <param name="Subprotocol">Chosen from those offered; null for none.</param>
    /// <param name="Ticket">What the gate needs to open the session.</param>
    public sealed record Accepted(string? Subprotocol, object Ticket) : Admission;

    /// <summary>Not a path for WebSockets: leave the request to the HTTP server.</summary>
    public sealed record NotHere : Admission
    {
        public static NotHere Instance { get; } = new();
    }

    /// <param name="Status">HTTP status: 403, 404, 429 or 503.</param>
    /// <param name="Reason">One line for the body.</param>
    public sealed record Refused(int Status, string Reason) : Admission
    {
        /// <summary>With 429 and 503: when it is worth to try again.</summary>
        public int RetryAfterSeconds { get; init; } = 1;
    }
}
