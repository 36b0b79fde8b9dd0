using System.Net;

namespace Broker.Transport.Epoll;

/// <summary>A connection that has sent nothing yet.</summary>
internal sealed record SilentSocket(int Descriptor, IPEndPoint Peer, long DueMs);
