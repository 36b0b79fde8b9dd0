using Broker.Actors.Rights;

namespace Broker.Node.Apps;

/// <summary>Who sent an HTTP request.</summary>
internal abstract record Caller
{
    private Caller()
    {
    }

    /// <param name="Identity">What it may do is the core's to say.</param>
    public sealed record Known(Identity Identity) : Caller;

    /// <param name="Status">HTTP status: 400, 401 or 404. A 401 wants a <c>WWW-Authenticate: Bearer</c>.</param>
    /// <param name="Code">For programs: <c>ambiguous_credentials</c>, <c>unknown_app</c>, <c>invalid_credentials</c>, <c>token_expired</c>, <c>token_not_yet_valid</c> or <c>token_misplaced</c>.</param>
    /// <param name="Reason">One sentence for people, without anything that the caller sent.</param>
    public sealed record Refused(int Status, string Code, string Reason) : Caller
    {
        public static Refused Ambiguous { get; } = new(400, "ambiguous_credentials", "Send one credential: X-API-Key, Authorization or a token.");

        public static Refused UnknownApp { get; } = new(404, "unknown_app", "No such app, or it is not served here.");

        public static Refused Invalid { get; } = new(401, "invalid_credentials", "The credential is none of this app's.");

        public static Refused Expired { get; } = new(401, "token_expired", "The token has expired.");

        public static Refused NotYetValid { get; } = new(401, "token_not_yet_valid", "The token's time has not come.");

        public static Refused Misplaced { get; } = new(401, "token_misplaced", "The token is for something else.");
    }
}
