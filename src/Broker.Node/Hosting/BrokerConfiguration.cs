using Broker.Node.WebRocket;

namespace Broker.Node.Hosting;

/// <summary>Where settings come from; later ones win: appsettings.json in the current folder, environment, a file of WebRocket's form, command line.</summary>
internal static class BrokerConfiguration
{
    /// <exception cref="FormatException">appsettings.json is no JSON.</exception>
    public static IConfiguration Build(RocketCommandLine rocket, IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        try
        {
            var builder = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true, reloadOnChange: false)
                .AddEnvironmentVariables();
            if (rocket.File is not null)
            {
                builder.Add(new RocketFileSource(rocket.File));
            }

            return builder.AddInMemoryCollection(rocket.Settings).AddInMemoryCollection(commandLine).Build();
        }
        catch (InvalidDataException wrong)
        {
            throw new FormatException($"{Path.GetFullPath("appsettings.json")} cannot be read.", wrong.InnerException?.InnerException ?? wrong.InnerException ?? wrong);
        }
    }
}
