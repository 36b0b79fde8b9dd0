using Broker.Transport.Connections;
using Broker.Transport.Pipes;

namespace Broker.Transport.Streams;

/// <summary>WebSockets over duplex streams whose handshake an HTTP server has answered: the way that always works.</summary>
/// <param name="pipes">Does the same over pipes.</param>
public sealed class StreamTransport(PipeTransport pipes)
{
    /// <summary>Serves the connection; ends when it is over. The stream stays open, but nothing more will be read or written.</summary>
    /// <param name="stream">Begins with the first frame.</param>
    /// <param name="opening">What was agreed.</param>
    /// <param name="shutdown">Says to the peer that nothing more will be sent, or closes the connection where that cannot be said.</param>
    /// <param name="cut">Ends the connection at once; from any thread.</param>
    public Task ServeAsync(Stream stream, Opening opening, Action shutdown, Action cut) =>
        pipes.ServeAsync(new StreamPipe(stream, shutdown), opening, cut, way: "upgrade");
}
