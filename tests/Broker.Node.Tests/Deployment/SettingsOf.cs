using Broker.Node.Settings;
using Microsoft.Extensions.Configuration;

namespace Broker.Node.Tests.Deployment;

/// <summary>Holds settings that a file of ours gives a node against the settings that there are.</summary>
internal static class SettingsOf
{
    /// <summary>What is wrong with variables of the environment such as <c>Broker__Urls</c>.</summary>
    public static IReadOnlyList<string> Environment(IEnumerable<(string Name, string Value)> variables)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(variables.Select(variable =>
            KeyValuePair.Create<string, string?>(variable.Name.Replace("__", ":", StringComparison.Ordinal), variable.Value))).Build();
        var reader = new SettingsReader(configuration);
        reader.Read(configuration.GetSection(BrokerOptions.Section), new BrokerOptions());
        return reader.Failures;
    }
}
