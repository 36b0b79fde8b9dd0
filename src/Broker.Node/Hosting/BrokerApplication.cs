using Broker.Node.Logging;
using Broker.Node.Settings;
using Microsoft.Extensions.Logging.Console;

namespace Broker.Node.Hosting;

/// <summary>The generic host with what a node needs, and nothing that it does not.</summary>
internal static class BrokerApplication
{
    public static WebApplicationBuilder CreateBuilder(IConfiguration configuration)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "broker" });
        builder.Configuration.AddConfiguration(configuration);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();

        // The longest hand-over, drain and leave take longer than the default of 30 s.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        AddLogging(builder.Logging, configuration);
        builder.Logging.AddLimit(configuration);
        return builder;
    }

    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // Its lines say what the node's own say, in other words.
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        if (Enum.TryParse<LogFormat>(configuration["Broker:Log"], ignoreCase: true, out var format) && format == LogFormat.Json)
        {
            logging.AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        }
        else
        {
            logging.AddSimpleConsole(options =>
                (options.SingleLine, options.TimestampFormat, options.ColorBehavior) = (true, "HH:mm:ss.fff ", LoggerColorBehavior.Default));
        }
    }
}
