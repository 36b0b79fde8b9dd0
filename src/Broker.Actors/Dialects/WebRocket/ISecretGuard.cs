using System.Net;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>Slows down who guesses secrets: while an address has brought too many wrong ones, none of its is looked at. Any thread; never waits.</summary>
public interface ISecretGuard
{
    bool MayTry(IPAddress address);

    /// <summary>Counts a wrong one.</summary>
    void Wrong(IPAddress address);
}
