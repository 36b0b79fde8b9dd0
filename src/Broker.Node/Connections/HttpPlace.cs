namespace Broker.Node.Connections;

/// <summary>A connection's place among those of the HTTP server; a feature of the connection. What becomes a session gives it back.</summary>
/// <param name="giveBack">Does nothing the second time.</param>
internal sealed class HttpPlace(Action giveBack)
{
    public void GiveBack() => giveBack();
}
