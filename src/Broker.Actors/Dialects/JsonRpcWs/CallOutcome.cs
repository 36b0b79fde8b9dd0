using Broker.Actors.Sessions;

namespace Broker.Actors.Dialects.JsonRpcWs;

/// <summary>What became of a call.</summary>
/// <param name="Response">The message for the client; null for none.</param>
/// <param name="Failure">One of <see cref="CallError"/>; null where the method did what it is for, an error of its own too.</param>
/// <param name="Closing">What a connection is closed with for such a failure, where it is.</param>
internal readonly record struct CallOutcome(byte[]? Response, string? Failure, Disconnect Closing)
{
    public bool IsLate => Failure == CallError.TimedOut;

    public static CallOutcome Done(byte[]? response) => new(response, Failure: null, Disconnect.Normal);

    /// <summary>The client's fault.</summary>
    public static CallOutcome Wrong(string failure) => new(Response: null, failure, Disconnect.ProtocolError);

    /// <summary>The service's.</summary>
    public static CallOutcome Failed(string failure) => new(Response: null, failure, Disconnect.InternalError);
}
