using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Broker.Node.Hosting;

/// <summary>Where the server listens, with the ports that it really got.</summary>
internal static class ServerAddresses
{
    public static IReadOnlyList<string> Of(IServer server) =>
        [.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
}
