using Broker.Actors.Sessions;

namespace Broker.Transport.Connections;

/// <summary>
/// The bytes of one connection, below its protocol. All calls are on the connection's loop, and none of them calls the
/// owner back before it returns.
/// </summary>
internal interface IByteLink : IByteSink
{
    /// <summary>As <see cref="ITransport.Way"/>.</summary>
    string Way { get; }

    /// <summary>Reads no more until <see cref="ResumeReading"/>; what was read already may still come.</summary>
    void PauseReading();

    void ResumeReading();

    /// <summary>True when what was taken has left; after a <see cref="Shutdown"/> the owner is told that as being writable.</summary>
    bool HasSent { get; }

    /// <summary>Says that nothing more will be sent, once what was taken has gone. Reading goes on.</summary>
    void Shutdown();

    /// <summary>Ends the connection and frees what it holds. The owner hears nothing more.</summary>
    void Abort();
}
