namespace Broker.Storage.PostgreSql.Connections;

/// <summary>
/// One command on its way. Either it is sent, or it is given up before: never both, so that an answer that says "not sent"
/// stays true.
/// </summary>
internal sealed class Attempt
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int GivenUp = 2;

    private int _state = Waiting;

    public bool IsSent => Volatile.Read(ref _state) == Sent;

    /// <returns>False when it has been given up: it must not be sent.</returns>
    public bool TrySend() => Interlocked.CompareExchange(ref _state, Sent, Waiting) == Waiting;

    /// <returns>False when it has been sent: what became of it nobody knows.</returns>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting;
}
