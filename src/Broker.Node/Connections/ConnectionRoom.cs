using Broker.Node.Settings;

namespace Broker.Node.Connections;

/// <summary>How many connections of each sort the node has room for: what the settings say, as far as it may open files.</summary>
/// <param name="OpenFiles">Files that the process may open; null where that cannot be told.</param>
/// <param name="Sessions">Sessions at a time.</param>
/// <param name="OpenHandshakes">Connections that have not sent a whole request yet, on each listener.</param>
/// <param name="HttpConnections">Connections of the HTTP server.</param>
internal sealed record ConnectionRoom(long? OpenFiles, int Sessions, int OpenHandshakes, int HttpConnections)
{
    /// <summary>What one node needs beside its connections: listeners, pipes, files, the runtime.</summary>
    public const int Reserve = 256;

    private const int MaxShare = 10_000;
    private const int LeastShare = 32;

    /// <summary>The sessions that the settings ask for; 0 when they leave it to the node.</summary>
    public int WantedSessions { get; private init; }

    /// <summary>False when the settings ask for more than there is room for.</summary>
    public bool IsEnough => WantedSessions <= Sessions;

    public static ConnectionRoom Of(LimitsOptions limits, long? openFiles)
    {
        var share = (int)Math.Clamp((openFiles ?? int.MaxValue) / 8, LeastShare, MaxShare);
        var handshakes = limits.OpenHandshakes > 0 ? limits.OpenHandshakes : share;
        var http = limits.HttpConnections > 0 ? limits.HttpConnections : share;
        var left = openFiles is { } files ? (int)Math.Clamp(files - Reserve - handshakes - http, 16, int.MaxValue) : int.MaxValue;
        return new ConnectionRoom(openFiles, limits.Sessions > 0 ? Math.Min(limits.Sessions, left) : left, handshakes, http)
        {
            WantedSessions = limits.Sessions,
        };
    }
}
