namespace Broker.Node.Hosting;

/// <summary>Where settings come from; later ones win: appsettings.json in the current folder, environment, command line.</summary>
internal static class BrokerConfiguration
{
    /// <exception cref="FormatException">appsettings.json is no JSON.</exception>
    public static IConfiguration Build(IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .AddInMemoryCollection(commandLine)
                .Build();
        }
        catch (InvalidDataException wrong)
        {
            throw new FormatException($"{Path.GetFullPath("appsettings.json")} cannot be read.", wrong.InnerException?.InnerException ?? wrong.InnerException ?? wrong);
        }
    }
}
