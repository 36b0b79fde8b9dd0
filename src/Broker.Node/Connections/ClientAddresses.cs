using System.Net;

namespace Broker.Node.Connections;

/// <summary>Makes the client's address that of HTTP requests too, where a trusted proxy names it.</summary>
internal static class ClientAddresses
{
    public static Func<RequestDelegate, RequestDelegate> Known() => next => context =>
    {
        if (context.Features.Get<Listener>() is { } listener)
        {
            var connection = context.Connection;
            var client = listener.ClientOf(
                new IPEndPoint(connection.RemoteIpAddress ?? IPAddress.None, connection.RemotePort), name => context.Request.Headers[name].OfType<string>());
            (connection.RemoteIpAddress, connection.RemotePort) = (client.Address, client.Port);
        }

        return next(context);
    };
}
