using System.Reflection;

namespace Broker.Node.Hosting;

/// <summary>The version of this build.</summary>
internal static class BrokerVersion
{
    public static string Text { get; } =
        typeof(BrokerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
