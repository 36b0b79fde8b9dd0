using Broker.Actors;
using Broker.Actors.Sessions;
using ConnectionInfo = Broker.Actors.Sessions.ConnectionInfo;

namespace Broker.Node.Connections;

/// <summary>The gate at one listener: what is served there, in which apps.</summary>
internal sealed class ListenerGate(Listener listener, DialectRoutes routes) : ISessionGate, IAppReach
{
    public string? Only => listener.App;

    public Admission Knock(ConnectionInfo connection, IReadOnlyList<string> subprotocols) => routes.Knock(listener, connection);

    public ITransportSink Open(Admission.Accepted admission, ITransport transport) => routes.Open(admission, transport);

    public void Met(Limit limit) => routes.Met(limit);

    public void Refused(int status) => routes.Refused(status);

    public void Abandon(Admission.Accepted admission) => routes.Abandon(admission);

    public bool Includes(string app, ConnectionInfo connection) =>
        (listener.App is null || listener.App == app) && routes.Origins.Allow(app, connection);
}
