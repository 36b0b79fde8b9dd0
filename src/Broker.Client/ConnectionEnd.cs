namespace Broker.Client;

/// <summary>Why a connection ended, or did not come to be.</summary>
/// <param name="Code">The WebSocket close code; 1006 where there was none.</param>
/// <param name="Reason">For people; may be empty.</param>
/// <param name="MayReturn">Whether the client connects again.</param>
/// <param name="Cause">What it met with; null where the broker closed in good order.</param>
public sealed record ConnectionEnd(int Code, string Reason, bool MayReturn, Exception? Cause = null)
{
    /// <summary>How long the broker asked to stay away, at least.</summary>
    internal TimeSpan RetryAfter { get; init; }
}
