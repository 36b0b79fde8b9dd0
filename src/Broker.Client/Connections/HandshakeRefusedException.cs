namespace Broker.Client.Connections;

/// <summary>A handshake was answered by a status other than 101.</summary>
/// <param name="retryAfter">What the answer asked for; zero where it did not.</param>
internal sealed class HandshakeRefusedException(int status, TimeSpan retryAfter, Exception inner)
    : BrokerException($"The handshake was refused with HTTP status {status}.", inner)
{
    public int Status => status;

    public TimeSpan RetryAfter => retryAfter;

    /// <summary>Who is not wanted, or brings no good credentials to whatever stands in front, gains nothing by asking again.</summary>
    public bool MayReturn => status is not (401 or 403);
}
