using Broker.Actors.Sessions;
using Broker.Transport.Deflate;

namespace Broker.Transport.Connections;

/// <summary>An accepted handshake, on its way to a loop.</summary>
/// <param name="Info">Where the connection came from.</param>
/// <param name="Admission">The gate's answer.</param>
/// <param name="Deflate">What was agreed; null for nothing.</param>
/// <param name="Response">What to send first; empty when somebody else answered the handshake.</param>
public sealed record Opening(ConnectionInfo Info, Admission.Accepted Admission, DeflateParameters? Deflate, ReadOnlyMemory<byte> Response);
