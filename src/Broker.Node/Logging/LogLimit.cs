using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Broker.Node.Logging;

/// <summary>Puts the bound of <c>Broker:LogLinesPerMinute</c> on everything that is logged.</summary>
internal static class LogLimit
{
    /// <summary>Reads the setting itself, as the log comes before all options; a wrong value is told with theirs.</summary>
    public static void AddLimit(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var value = configuration["Broker:LogLinesPerMinute"];
        var lines = value is null ? new Settings.BrokerOptions().LogLinesPerMinute
            : int.TryParse(value, CultureInfo.InvariantCulture, out var set) ? set : 0;
        if (lines > 0)
        {
            logging.Services.TryAddSingleton<LoggerFactory>();
            logging.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new LimitedLoggerFactory(
                provider.GetRequiredService<LoggerFactory>(),
                lines,
                provider.GetService<TimeProvider>() ?? TimeProvider.System)));
        }
    }
}
