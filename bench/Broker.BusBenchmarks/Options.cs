using System.Globalization;

namespace Broker.BusBenchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="RabbitMq">Null for one of its own.</param>
/// <param name="Measured">How long each line is measured.</param>
internal sealed record Options(string? RabbitMq, TimeSpan Measured)
{
    public const string Usage = """
        usage: dotnet run -c Release --project bench/Broker.BusBenchmarks -- [--seconds S] [amqp://user:password@host:5672/virtual-host]

          --seconds S         how long each line is measured (5)

        Without an address it starts a RabbitMQ of its own (Debian's rabbitmq-server), and tells that one's CPU time too.
        """;

    /// <returns>Null where the arguments say nothing that can be done.</returns>
    public static Options? Read(string[] arguments)
    {
        var options = new Options(null, TimeSpan.FromSeconds(5));
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--seconds" && i + 1 < arguments.Length
                && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            {
                options = options with { Measured = TimeSpan.FromSeconds(seconds) };
                i++;
            }
            else if (options.RabbitMq is null && Uri.TryCreate(arguments[i], UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps")
            {
                options = options with { RabbitMq = arguments[i] };
            }
            else
            {
                return null;
            }
        }

        return options;
    }
}
