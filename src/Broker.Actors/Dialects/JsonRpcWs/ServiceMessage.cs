using Broker.Actors.Sessions;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What the threads that run a service tell its connection's session.</summary>
internal abstract record ServiceMessage
{
    private ServiceMessage()
    {
    }

    internal sealed record Send(byte[] Frame) : ServiceMessage;

    internal sealed record Request(byte[] Frame, PendingRequest Pending) : ServiceMessage;

    /// <summary>Nobody waits for the answer any more.</summary>
    internal sealed record Forget(PendingRequest Pending) : ServiceMessage;

    /// <summary>A call, or the opening, is over; what it sent has been told before.</summary>
    /// <param name="Bytes">Those that the call was counted with.</param>
    /// <param name="IsLate">Whether its time was over.</param>
    internal sealed record Finished(int Bytes, bool IsLate) : ServiceMessage;

    /// <param name="Error">What the client did wrong; null for nothing.</param>
    internal sealed record Close(Disconnect Reason, string? Error) : ServiceMessage;

    /// <summary>The service sends faster than the loop takes it.</summary>
    internal sealed record Overflowed : ServiceMessage
    {
        public static Overflowed Instance { get; } = new();
    }

    /// <summary>A command to the core, which answers whoever gave it.</summary>
    internal sealed record Command(Action<ISessionContext> Give) : ServiceMessage;
}
