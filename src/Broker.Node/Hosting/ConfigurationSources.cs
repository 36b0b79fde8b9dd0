namespace Broker.Node.Hosting;

/// <summary>Where the values of a configuration come from.</summary>
internal static class ConfigurationSources
{
    /// <summary>The providers, also of configurations within the configuration; the later ones win.</summary>
    public static IEnumerable<IConfigurationProvider> Of(IConfiguration configuration) =>
        ((configuration as IConfigurationRoot)?.Providers ?? []).SelectMany(provider =>
            provider is ChainedConfigurationProvider chained ? Of(chained.Configuration) : [provider]);
}
