using System.Net;

namespace Broker.Node.Connections;

/// <summary>Tells in the log of connections that a listener behind a proxy does not take: once a minute, as anybody can make them.</summary>
internal sealed partial class ProxyRefusals(TimeProvider time, ILogger<ProxyRefusals> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private DateTimeOffset _silentUntil;
    private int _untold;

    /// <summary>From any thread.</summary>
    public void Tell(Listener listener, IPEndPoint peer, string reason)
    {
        int untold;
        lock (_lock)
        {
            if (time.GetUtcNow() < _silentUntil)
            {
                _untold++;
                return;
            }

            (untold, _untold) = (_untold, 0);
            _silentUntil = time.GetUtcNow() + Pause;
        }

        LogRefused(peer.Address, listener.Setting, reason, untold);
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning,
        Message = "Closing a connection from {Address} to the listener of {Setting}: {Reason}. {Untold} more since the last such line")]
    private partial void LogRefused(IPAddress address, string setting, string reason, int untold);
}
