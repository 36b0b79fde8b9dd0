namespace Broker.Actors.Sessions;

/// <summary>Decides who may open a session, and opens it. The transports' one way up into the broker.</summary>
public interface ISessionGate
{
    /// <summary>
    /// Looks at a complete upgrade request; from any thread, and without waiting. An accepted one counts against the limits
    /// until its session has closed, or <see cref="Abandon"/> is called.
    /// </summary>
    Admission Knock(ConnectionInfo connection, IReadOnlyList<string> subprotocols);

    /// <summary>Opens the session of an accepted request, on the transport's loop, before its first message.</summary>
    ITransportSink Open(Admission.Accepted admission, ITransport transport);

    /// <summary>A handshake was refused, by the gate or before it was asked.</summary>
    /// <param name="status">The HTTP status that it is answered with.</param>
    void Refused(int status)
    {
    }

    /// <summary>A connection ran into a limit of the transport's; for counting.</summary>
    void Met(Limit limit)
    {
    }

    /// <summary>The connection of an accepted request was lost before it could be opened.</summary>
    void Abandon(Admission.Accepted admission);
}
